package dev.cairn.search;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.MemoryRows;
import dev.cairn.bus.NeighbourQuery;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.Timeline;
import dev.cairn.bus.TimelineQuery;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.SearchHit;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers searches and timelines. Words must answer; meaning improves what they found, and may fail: the answer says which served
 * it.
 */
final class Searcher implements SearchService {
    private static final Comparator<SearchHit> OLDEST_FIRST =
            Comparator.comparingLong(SearchHit::createdAt).thenComparingLong(SearchHit::id);

    private final Bus bus;
    private final KeywordStrategy keyword;
    private final @Nullable HybridSearch hybrid;

    /** @param hybrid null where there is no vector index */
    Searcher(Bus bus, @Nullable HybridSearch hybrid) {
        this.bus = bus;
        this.keyword = new KeywordStrategy(bus);
        this.hybrid = hybrid;
    }

    /** The names of the strategies there are, in the order of preference. */
    List<String> available() {
        return hybrid == null ? List.of(keyword.name()) : SearchQuery.STRATEGIES;
    }

    @Override
    public Future<SearchResult> search(SearchQuery query) {
        long begin = System.nanoTime();
        HybridSearch joint = hybrid;
        boolean asksMeaningAlone = !query.allows(keyword.name());
        if (joint == null || !HybridSearch.serves(query)) {
            if (asksMeaningAlone) {
                throw CairnException.invalid(
                        "strategy",
                        joint == null
                                ? "strategy semantic needs a vector index; set vector.mode, or leave strategy out"
                                : "strategy semantic needs a query, the order relevance and a page near the first");
            }
            return byWords(query, begin);
        }
        return joint.search(query).map(found -> result(query, found.rows(), found.why(), found.strategies(), begin));
    }

    private Future<SearchResult> byWords(SearchQuery query, long begin) {
        boolean matches = query.text() != null && !query.text().isBlank();
        return keyword.retrieve(query).map(found -> {
            Map<Long, Map<String, Double>> why = new HashMap<>();
            if (matches) {
                found.rows().forEach(row -> why.put(row.id(), Map.of(keyword.name(), row.score())));
            }
            return result(query, found, why, matches ? List.of(keyword.name()) : List.of(), begin);
        });
    }

    private static SearchResult result(
            SearchQuery query,
            MemoryRows rows,
            Map<Long, Map<String, Double>> why,
            List<String> strategies,
            long begin) {
        Terms terms = Terms.of(query.text());
        List<SearchHit> hits = rows.rows().stream()
                .map(row -> Hits.of(row, terms, query.explain() ? why.get(row.id()) : null))
                .toList();
        return new SearchResult(
                query.order() == SearchOrder.RELEVANCE ? Hits.correctionsFirst(hits) : hits,
                rows.total(),
                strategies,
                rows.coverage(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }

    @Override
    public Future<Timeline> timeline(TimelineQuery query) {
        if (query.query() == null) {
            return neighbours(query, query.anchorId());
        }
        if (query.query().isBlank()) {
            throw CairnException.invalid("query", "query is blank; give words, or an anchor (an id or a time)");
        }
        return keyword.retrieve(SearchQuery.of(query.query(), query.project(), 1))
                .compose(found -> {
                    if (found.rows().isEmpty()) {
                        return Future.succeededFuture(new Timeline(List.of(), null));
                    }
                    MemoryRow best = found.rows().get(0);
                    return neighbours(query, best.id()).recover(failure -> {
                        boolean forgottenSince =
                                failure instanceof CairnException refusal && refusal.code() == ErrorCode.NOT_FOUND;
                        return forgottenSince
                                ? Future.succeededFuture(new Timeline(List.of(), null))
                                : Future.failedFuture(failure);
                    });
                });
    }

    private Future<Timeline> neighbours(TimelineQuery query, @Nullable Long anchorId) {
        NeighbourQuery around = new NeighbourQuery(
                anchorId, query.anchorTime(), query.before(), query.after(), query.project(), query.platform());
        Terms terms = Terms.of(query.query());
        return bus.request(Addresses.STORE_NEIGHBOURS, around)
                .map(found -> new Timeline(
                        found.rows().stream()
                                .map(row -> Hits.of(row, terms, null))
                                .sorted(OLDEST_FIRST)
                                .toList(),
                        anchorId));
    }
}
