package dev.cairn.bus;

import dev.cairn.model.Observation;
import dev.cairn.model.Summary;
import java.util.List;

/** Newest first; both empty for a project nobody knows. */
public record Recent(List<Summary> summaries, List<Observation> observations) {
    public Recent {
        summaries = List.copyOf(summaries);
        observations = List.copyOf(observations);
    }
}
