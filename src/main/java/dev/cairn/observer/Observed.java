package dev.cairn.observer;

import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an observer made of a turn, or of a part of it.
 *
 * @param observations of the tool uses seen, in the order of the turn; may be empty
 * @param summary of the whole turn; null when there was nothing to sum up, or when the rest of the turn comes first
 * @param seen ids of the fresh tool uses that this is the result of; they are not handed out again
 * @param more whether there is a rest, for which the turn is to be handed out again
 */
public record Observed(
        List<NewObservation> observations, @Nullable NewSummary summary, List<Long> seen, boolean more) {
    public Observed {
        observations = List.copyOf(observations);
        seen = List.copyOf(seen);
    }
}
