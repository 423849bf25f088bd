package dev.cairn.bus;

import dev.cairn.model.Observation;
import dev.cairn.model.Project;
import dev.cairn.model.Prompt;
import dev.cairn.model.ToolUse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A turn to observe: what was asked, what was done, what was said.
 *
 * @param turnId the queue's id of the turn
 * @param turn its number within the session
 * @param attempt 1 for the first try
 * @param prompt what was asked; null when it was never recorded
 * @param toolUses all of the turn, oldest first; those with an {@code observationId} were observed before
 * @param fresh ids of the tool uses that no observer has seen yet
 * @param notes what was said during the turn, oldest first
 * @param more whether the turn holds fresh tool uses beyond these, which are handed out when these are stored
 * @param earlier what was observed in the session before, the latest of it, oldest first
 * @param waiting how many turns are ready beside this one, counted up to {@link #MOST_WAITING}
 * @param startedAt epoch milliseconds
 * @param endedAt when the last event of the turn was recorded, epoch milliseconds
 */
public record TurnWork(
        long turnId,
        Project project,
        String platform,
        String sessionId,
        int turn,
        int attempt,
        @Nullable Prompt prompt,
        List<ToolUse> toolUses,
        List<Long> fresh,
        List<TurnNote> notes,
        boolean more,
        List<Observation> earlier,
        int waiting,
        long startedAt,
        long endedAt) {
    /** How far turns that are ready are counted. */
    public static final int MOST_WAITING = 1_000;

    public TurnWork {
        toolUses = List.copyOf(toolUses);
        fresh = List.copyOf(fresh);
        notes = List.copyOf(notes);
        earlier = List.copyOf(earlier);
    }

    /** All there is of a turn, alone. */
    public TurnWork(
            long turnId,
            Project project,
            String platform,
            String sessionId,
            int turn,
            int attempt,
            @Nullable Prompt prompt,
            List<ToolUse> toolUses,
            List<Long> fresh,
            List<TurnNote> notes,
            long startedAt,
            long endedAt) {
        this(
                turnId, project, platform, sessionId, turn, attempt, prompt, toolUses, fresh, notes, false, List.of(),
                0, startedAt, endedAt);
    }
}
