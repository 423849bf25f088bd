package dev.cairn.config;

/** The keys under {@code context}. */
public record ContextConfig(boolean enabled, int maxTokens, int summaries, int observations) {}
