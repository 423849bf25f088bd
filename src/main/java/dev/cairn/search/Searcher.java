package dev.cairn.search;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.NeighbourQuery;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.Timeline;
import dev.cairn.bus.TimelineQuery;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.SearchHit;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Answers searches and timelines by the first retrieval strategy that is available. */
final class Searcher implements SearchService {
    private static final Comparator<SearchHit> OLDEST_FIRST =
            Comparator.comparingLong(SearchHit::createdAt).thenComparingLong(SearchHit::id);

    private final Bus bus;
    private final List<RetrievalStrategy> strategies;

    /** @param strategies in the order of preference */
    Searcher(Bus bus, List<RetrievalStrategy> strategies) {
        this.bus = bus;
        this.strategies = List.copyOf(strategies);
    }

    /** The names of the strategies that can serve now, in the order of preference. */
    List<String> available() {
        return strategies.stream()
                .filter(RetrievalStrategy::available)
                .map(RetrievalStrategy::name)
                .toList();
    }

    @Override
    public Future<SearchResult> search(SearchQuery query) {
        long begin = System.nanoTime();
        RetrievalStrategy strategy = choose();
        if (strategy == null) {
            return noneAvailable();
        }
        boolean matches = query.text() != null && !query.text().isBlank();
        Terms terms = Terms.of(query.text());
        String explainedBy = matches && query.explain() ? strategy.name() : null;
        return strategy.retrieve(query)
                .map(found -> new SearchResult(
                        found.rows().stream()
                                .map(row -> Hits.of(row, terms, explainedBy))
                                .toList(),
                        found.total(),
                        matches ? List.of(strategy.name()) : List.of(),
                        found.coverage(),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)));
    }

    @Override
    public Future<Timeline> timeline(TimelineQuery query) {
        if (query.query() == null) {
            return neighbours(query, query.anchorId());
        }
        if (query.query().isBlank()) {
            throw CairnException.invalid("query", "query is blank; give words, or an anchor (an id or a time)");
        }
        RetrievalStrategy strategy = choose();
        if (strategy == null) {
            return noneAvailable();
        }
        return strategy.retrieve(SearchQuery.of(query.query(), query.project(), 1))
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
        NeighbourQuery around =
                new NeighbourQuery(anchorId, query.anchorTime(), query.before(), query.after(), query.project());
        Terms terms = Terms.of(query.query());
        return bus.request(Addresses.STORE_NEIGHBOURS, around)
                .map(found -> new Timeline(
                        found.rows().stream()
                                .map(row -> Hits.of(row, terms, null))
                                .sorted(OLDEST_FIRST)
                                .toList(),
                        anchorId));
    }

    private @Nullable RetrievalStrategy choose() {
        for (RetrievalStrategy strategy : strategies) {
            if (strategy.available()) {
                return strategy;
            }
        }
        return null;
    }

    private static <T> Future<T> noneAvailable() {
        return Future.failedFuture(CairnException.unavailable("no search strategy is available now; try again"));
    }
}
