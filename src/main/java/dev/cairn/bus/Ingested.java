package dev.cairn.bus;

import java.util.List;
import java.util.Locale;

/**
 * What became of ingested events. When it arrives, they are committed.
 *
 * @param results one for each event, in their order
 * @param replayed whether the batch, or each of its events, was answered as it was the first time
 */
public record Ingested(List<Result> results, boolean replayed) {
    /** What became of one event. */
    public enum Result {
        STORED,
        /** The host had told of it before. */
        DUPLICATE,
        /** Counted, not kept: an event of the kind OTHER. */
        COUNTED,
        /** Its project is excluded; nothing of it was kept. */
        EXCLUDED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Ingested {
        results = List.copyOf(results);
    }
}
