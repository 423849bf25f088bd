package dev.cairn.mcp;

/**
 * Who one side of a connection says that it is.
 *
 * @param name for programs
 * @param version of the program
 */
public record McpPeer(String name, String version) {}
