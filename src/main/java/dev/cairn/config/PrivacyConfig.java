package dev.cairn.config;

import java.util.List;

/** The keys under {@code privacy}. */
public record PrivacyConfig(boolean secrets, List<String> patterns) {}
