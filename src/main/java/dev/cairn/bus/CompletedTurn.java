package dev.cairn.bus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ids of what was stored. */
public record CompletedTurn(
        List<Long> observationIds, @Nullable Long summaryId) {
    public CompletedTurn {
        observationIds = List.copyOf(observationIds);
    }
}
