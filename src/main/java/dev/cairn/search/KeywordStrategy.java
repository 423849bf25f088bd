package dev.cairn.search;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.MemoryRows;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;

/** Words ranked by bm25, by the store's full-text index. Without words it lists by the other filters. */
final class KeywordStrategy {
    private final Bus bus;

    KeywordStrategy(Bus bus) {
        this.bus = bus;
    }

    String name() {
        return "keyword";
    }

    Future<MemoryRows> retrieve(SearchQuery query) {
        return bus.request(Addresses.STORE_SEARCH, query);
    }
}
