package dev.cairn.config;

/**
 * The keys under {@code log}.
 *
 * @param json one JSON object a line instead of text
 * @param maxBytes a file of this size is put aside, in bytes
 * @param files how many files there are at most, the present one among them
 */
public record LogConfig(String level, boolean json, long maxBytes, int files) {}
