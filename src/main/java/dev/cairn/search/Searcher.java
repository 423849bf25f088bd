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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers searches and timelines. The first strategy that is available must answer; the others improve what it found, and
 * may fail: the answer says which served it.
 */
final class Searcher implements SearchService {
    private static final Comparator<SearchHit> OLDEST_FIRST =
            Comparator.comparingLong(SearchHit::createdAt).thenComparingLong(SearchHit::id);

    private static final Logger LOG = LoggerFactory.getLogger(Searcher.class);

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
        return retrieve(strategy, query, matches).map(found -> {
            List<String> served =
                    matches ? found.stream().map(Fusion.Ranking::strategy).toList() : List.of();
            Fusion.Fused fused =
                    found.size() == 1 ? alone(found.get(0)) : Fusion.fuse(found, query.offset(), query.limit());
            return new SearchResult(
                    fused.rows().rows().stream()
                            .map(row -> Hits.of(
                                    row,
                                    terms,
                                    matches && query.explain() ? fused.why().get(row.id()) : null))
                            .toList(),
                    fused.rows().total(),
                    served,
                    fused.rows().coverage(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
        });
    }

    private static Fusion.Fused alone(Fusion.Ranking ranking) {
        Map<Long, Map<String, Double>> why = new TreeMap<>();
        ranking.found().rows().forEach(row -> why.put(row.id(), Map.of(ranking.strategy(), row.score())));
        return new Fusion.Fused(ranking.found(), why);
    }

    /**
     * What each strategy found; at least the first. Lists by time, and pages beyond what is ranked jointly, are the first
     * strategy's alone: then its rows are the page. Otherwise they are the best of each, from which the page is cut.
     */
    private Future<List<Fusion.Ranking>> retrieve(RetrievalStrategy first, SearchQuery query, boolean matches) {
        List<RetrievalStrategy> others = strategies.stream()
                .filter(each -> each != first && each.available())
                .toList();
        boolean joint = matches
                && !others.isEmpty()
                && query.order() == SearchOrder.RELEVANCE
                && query.offset() + query.limit() <= SearchQuery.MAX_LIMIT;
        if (!joint) {
            return first.retrieve(query).map(found -> List.of(new Fusion.Ranking(first.name(), found)));
        }
        SearchQuery best = query.firstPage(SearchQuery.MAX_LIMIT);
        Future<MemoryRows> needed = first.retrieve(best);
        List<Future<MemoryRows>> optional =
                others.stream().map(each -> each.retrieve(best)).toList();
        return Future.join(optional).transform(done -> needed).map(found -> {
            List<Fusion.Ranking> rankings = new ArrayList<>();
            rankings.add(new Fusion.Ranking(first.name(), found));
            for (int i = 0; i < optional.size(); i++) {
                if (optional.get(i).succeeded()) {
                    rankings.add(new Fusion.Ranking(
                            others.get(i).name(), optional.get(i).result()));
                } else {
                    LOG.debug(
                            "No {} search: {}",
                            others.get(i).name(),
                            optional.get(i).cause().getMessage());
                }
            }
            return rankings.size() > 1 ? rankings : List.of(page(rankings.get(0), query));
        });
    }

    private static Fusion.Ranking page(Fusion.Ranking best, SearchQuery query) {
        MemoryRows found = best.found();
        List<MemoryRow> rows =
                found.rows().stream().skip(query.offset()).limit(query.limit()).toList();
        return new Fusion.Ranking(best.strategy(), new MemoryRows(rows, found.total(), found.coverage()));
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
