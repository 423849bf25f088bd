package dev.cairn.bus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param hits the nearest first; some may have been forgotten since
 * @param coverage how many memories the index has
 * @param noise farther than this distance are texts that have nothing to do with one another; what is nearer may yet
 * @param bearing farther than this distance a text hardly bears on another; null where the model's distances were not measured
 * @param filtered whether the query's filters were applied; if not, the caller has to
 */
public record VectorHits(
        List<Hit> hits,
        Coverage coverage,
        double noise,
        @Nullable Double bearing,
        boolean filtered) {
    /** @param distance the squared distance of the two unit vectors: 0 for the same meaning, 2 for unrelated, at most 4 */
    public record Hit(long id, double distance) {}

    public VectorHits {
        hits = List.copyOf(hits);
    }

    /** Hits that fit the query's filters. */
    public VectorHits(List<Hit> hits, Coverage coverage, double noise, @Nullable Double bearing) {
        this(hits, coverage, noise, bearing, true);
    }

    /** Of a model whose distances were not measured. */
    public VectorHits(List<Hit> hits, Coverage coverage, double noise) {
        this(hits, coverage, noise, null);
    }
}
