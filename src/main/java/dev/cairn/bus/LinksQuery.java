package dev.cairn.bus;

import dev.cairn.model.SearchQuery;
import java.util.List;

/**
 * Asks where memories stand among others.
 *
 * @param query whose filters they must pass; its text, limit, offset and order do not apply
 * @param ids at most 1,000
 */
public record LinksQuery(SearchQuery query, List<Long> ids) {
    public static final int MAX_IDS = 1_000;

    public LinksQuery {
        ids = List.copyOf(ids);
    }
}
