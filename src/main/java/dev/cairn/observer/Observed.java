package dev.cairn.observer;

import dev.cairn.bus.NewObservation;
import dev.cairn.bus.NewSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an observer made of a turn.
 *
 * @param observations of the fresh tool uses, in the order of the turn; may be empty
 * @param summary of the whole turn; null when there was nothing to sum up
 */
public record Observed(
        List<NewObservation> observations, @Nullable NewSummary summary) {
    public Observed {
        observations = List.copyOf(observations);
    }
}
