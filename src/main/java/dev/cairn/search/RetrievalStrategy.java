package dev.cairn.search;

import dev.cairn.bus.MemoryRows;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;

/** One way to find memories. Each call runs on the search verticle's event loop and must not block it. */
interface RetrievalStrategy {
    /** The word for it in answers: {@code keyword}, {@code semantic}. */
    String name();

    /** Whether it can serve now. */
    boolean available();

    /** The rows that fit, scored, in the query's order and page; fails with a {@code CairnException}. */
    Future<MemoryRows> retrieve(SearchQuery query);
}
