package dev.cairn.bus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a claimed turn. It is stored and the turn acknowledged in one transaction; refused with CONFLICT when the
 * turn is no longer claimed by this observer.
 *
 * @param seen the tool uses the observer was given as fresh; none of them is handed out again
 * @param summary null when there was nothing to sum up
 * @param more whether the turn is ready again at once, for its rest; without it the turn is done, unless it holds something that no
 *     observer has seen
 */
public record CompleteTurn(
        long turnId,
        String observer,
        List<Long> seen,
        List<NewObservation> observations,
        @Nullable NewSummary summary,
        boolean more) {
    public CompleteTurn {
        seen = List.copyOf(seen);
        observations = List.copyOf(observations);
    }

    /** All that was handed out. */
    public CompleteTurn(
            long turnId,
            String observer,
            List<Long> seen,
            List<NewObservation> observations,
            @Nullable NewSummary summary) {
        this(turnId, observer, seen, observations, summary, false);
    }
}
