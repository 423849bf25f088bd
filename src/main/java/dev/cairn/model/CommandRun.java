package dev.cairn.model;

import org.jspecify.annotations.Nullable;

/**
 * A command an agent ran.
 *
 * @param outcome {@code ok}, or what went wrong in a few words such as {@code exit code 3}
 */
public record CommandRun(String command, @Nullable String outcome) {}
