package dev.cairn.bus;

import dev.cairn.model.SearchHit;
import java.util.List;

/**
 * @param total how many memories fit the query
 * @param strategies what served it: {@code keyword}, {@code semantic}; empty when only filters did
 * @param tookMs milliseconds
 */
public record SearchResult(List<SearchHit> hits, long total, List<String> strategies, Coverage coverage, long tookMs) {
    public SearchResult {
        hits = List.copyOf(hits);
        strategies = List.copyOf(strategies);
    }
}
