package dev.cairn.config;

import java.util.List;

/**
 * The keys under {@code search}.
 *
 * @param mode {@code embedded} or {@code process}
 * @param command the search server's program and arguments; empty for the worker's own jar
 */
public record SearchConfig(String mode, List<String> command) {}
