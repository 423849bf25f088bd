package dev.cairn.config;

import java.util.List;

/**
 * The keys under {@code vector}; times in milliseconds.
 *
 * @param mode {@code off} or {@code chroma-mcp}
 * @param chromaCommand the Chroma MCP server's program and arguments; empty for the pinned default
 * @param connectMs from its start to its first answer
 * @param installMs for its first installation
 */
public record VectorConfig(String mode, List<String> chromaCommand, long connectMs, long installMs) {}
