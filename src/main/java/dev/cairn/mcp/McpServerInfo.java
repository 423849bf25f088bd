package dev.cairn.mcp;

/**
 * Who a server is.
 *
 * @param name for programs
 * @param title for people
 * @param instructions for the model: what the tools are good for, short
 */
public record McpServerInfo(String name, String title, String version, String instructions) {}
