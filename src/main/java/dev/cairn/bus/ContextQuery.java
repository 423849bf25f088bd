package dev.cairn.bus;

import org.jspecify.annotations.Nullable;

/**
 * @param project a project's key, or its name
 * @param maxTokens the budget; the setting {@code context.maxTokens} when null
 */
public record ContextQuery(String project, @Nullable Integer maxTokens) {}
