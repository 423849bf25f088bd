package dev.cairn.model;

import org.jspecify.annotations.Nullable;

/**
 * What a user said.
 *
 * @param turn the number of the turn within its session, from 1
 * @param createdAt epoch milliseconds
 */
public record Prompt(
        long id, Project project, String platform, @Nullable String sessionId, int turn, String text, long createdAt) {}
