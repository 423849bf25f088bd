package dev.cairn.bus;

import java.util.List;

/**
 * @param hits the nearest first; some may have been forgotten since
 * @param coverage how many memories the index has
 */
public record VectorHits(List<Hit> hits, Coverage coverage) {
    /** @param distance the squared distance of the two unit vectors: 0 for the same meaning, 2 for unrelated, at most 4 */
    public record Hit(long id, double distance) {}

    public VectorHits {
        hits = List.copyOf(hits);
    }
}
