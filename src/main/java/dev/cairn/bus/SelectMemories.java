package dev.cairn.bus;

import dev.cairn.model.SearchQuery;
import java.util.List;

/**
 * Reads memories by id, those that pass a query's filters, in the order of the ids. The query's text, order and page do not
 * count.
 *
 * @param ids at most 1,000
 */
public record SelectMemories(SearchQuery query, List<Long> ids) {
    public static final int MAX_IDS = 1_000;

    public SelectMemories {
        ids = List.copyOf(ids);
    }
}
