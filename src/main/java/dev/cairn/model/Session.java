package dev.cairn.model;

import org.jspecify.annotations.Nullable;

/**
 * One conversation with an agent.
 *
 * @param id the worker's own id
 * @param sessionId the host's id; unique within the platform
 * @param cwd where it was begun
 * @param startedAt epoch milliseconds
 * @param endedAt epoch milliseconds; null while it is open
 * @param endReason the host's word for why it ended
 * @param prompts how many prompts it had
 * @param toolUses how many tool uses it had
 */
public record Session(
        long id,
        String sessionId,
        String platform,
        Project project,
        @Nullable String cwd,
        long startedAt,
        @Nullable Long endedAt,
        @Nullable String endReason,
        int prompts,
        int toolUses) {}
