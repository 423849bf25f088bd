package dev.cairn.bus;

import dev.cairn.model.Project;
import org.jspecify.annotations.Nullable;

/**
 * What became of recorded events. When it arrives, they are committed.
 *
 * @param project where they went; null when the project is excluded and nothing was kept
 * @param stored how many were new
 * @param duplicates how many had been recorded before
 * @param session the worker's own id of the session; null when nothing was kept
 * @param turn of a prompt and of a session's start: the number of the session's latest turn, 0 when it has none yet; null for other
 *     events, of which there are too many to look it up, and when nothing was kept
 */
public record Recorded(
        @Nullable Project project,
        int stored,
        int duplicates,
        @Nullable Long session,
        @Nullable Integer turn) {
    /** Without the session. */
    public Recorded(@Nullable Project project, int stored, int duplicates) {
        this(project, stored, duplicates, null, null);
    }
}
