package dev.cairn.search;

import dev.cairn.bus.SearchResult;
import dev.cairn.bus.Timeline;
import dev.cairn.bus.TimelineQuery;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;

/** What answers searches and timelines; fails with a {@code CairnException}. */
interface SearchService {
    Future<SearchResult> search(SearchQuery query);

    Future<Timeline> timeline(TimelineQuery query);
}
