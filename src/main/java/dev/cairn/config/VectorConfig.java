package dev.cairn.config;

import java.util.List;

/**
 * The keys under {@code vector}; times in milliseconds.
 *
 * @param mode {@code off}, {@code embedded}, {@code chroma-mcp} or {@code chroma-http}
 * @param model what embeds, where Cairn itself does: a bundled model's name, or a directory
 * @param chromaCommand the Chroma MCP server's program and arguments; empty for the pinned default
 * @param connectMs from its start to its first answer
 * @param installMs for its first installation
 * @param server the Chroma server of {@code chroma-http}
 */
public record VectorConfig(
        String mode, String model, List<String> chromaCommand, long connectMs, long installMs, ChromaServer server) {
    /** Whether it is a program, which the worker starts and owns, that keeps the index. */
    public boolean ownsProcess() {
        return mode.equals("chroma-mcp");
    }
}
