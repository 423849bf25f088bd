package dev.cairn.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one turn: one for each prompt.
 *
 * @param id unique over all memories
 * @param request what was asked
 * @param investigated what was read and searched
 * @param learned what turned out
 * @param completed what was done and changed
 * @param nextSteps what remains
 * @param notes what the agent said last
 * @param createdAt epoch milliseconds
 */
public record Summary(
        long id,
        Project project,
        String platform,
        String sessionId,
        int turn,
        @Nullable String request,
        @Nullable String investigated,
        @Nullable String learned,
        @Nullable String completed,
        @Nullable String nextSteps,
        @Nullable String notes,
        List<String> filesRead,
        List<String> filesModified,
        long createdAt) {
    public Summary {
        filesRead = List.copyOf(filesRead);
        filesModified = List.copyOf(filesModified);
    }
}
