package dev.cairn.model;

import org.jspecify.annotations.Nullable;

/**
 * One use of a tool, as recorded after the privacy filter and the size caps.
 *
 * @param id the worker's own id, apart from those of memories
 * @param turn the number of the turn within its session, from 1
 * @param input JSON text
 * @param response JSON text; null when the tool failed
 * @param error the tool's error; null when it succeeded
 * @param observationId the observation made of it; null while there is none
 * @param createdAt epoch milliseconds
 */
public record ToolUse(
        long id,
        Project project,
        String platform,
        String sessionId,
        int turn,
        @Nullable String agentId,
        String toolName,
        @Nullable String toolUseId,
        @Nullable String input,
        @Nullable String response,
        @Nullable String error,
        @Nullable Long durationMs,
        @Nullable Long observationId,
        long createdAt) {}
