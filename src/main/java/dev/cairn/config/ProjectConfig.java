package dev.cairn.config;

import java.util.List;

/** The keys under {@code project}. */
public record ProjectConfig(List<String> exclude, List<String> names) {}
