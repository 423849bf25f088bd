package dev.cairn.bus;

import java.util.List;

/**
 * @param hits the best first
 * @param total how many fit, beyond those given
 */
public record Ranked(List<Hit> hits, long total, Coverage coverage) {
    /** @param score bm25, higher is better; above 0 */
    public record Hit(long id, double score) {}

    public Ranked {
        hits = List.copyOf(hits);
    }

    /** The same with only so many of the hits. */
    public Ranked best(int count) {
        return hits.size() <= count ? this : new Ranked(hits.subList(0, count), total, coverage);
    }
}
