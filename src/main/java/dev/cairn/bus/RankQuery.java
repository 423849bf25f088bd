package dev.cairn.bus;

import dev.cairn.model.SearchQuery;

/**
 * Asks for the best matches by words, without their rows.
 *
 * @param query its limit, offset and order do not apply
 * @param limit 1 to 1,000
 */
public record RankQuery(SearchQuery query, int limit) {
    public static final int MAX_LIMIT = 1_000;
}
