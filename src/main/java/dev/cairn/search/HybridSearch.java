package dev.cairn.search;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.Links;
import dev.cairn.bus.LinksQuery;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.MemoryRows;
import dev.cairn.bus.RankQuery;
import dev.cairn.bus.Ranked;
import dev.cairn.bus.SelectMemories;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.model.CairnException;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Search by words and by meaning together. The vector index may fail: then there is no answer from here. */
final class HybridSearch {
    private static final Logger LOG = LoggerFactory.getLogger(HybridSearch.class);

    /** A search that waits longer for the vector index answers by words alone, in milliseconds. */
    static final long TIMEOUT_MS = 1_500;

    /** So many by words; what is weaker in words comes in by its meaning. */
    private static final int BY_WORDS = 200;

    /** So many by meaning; the last of them says how far the far ones are. */
    private static final int BY_MEANING = 1_000;

    /** So many take part when neighbours lift one another. */
    private static final int POOL = 200;

    /** More than a page, as some may be forgotten by now. */
    private static final int SPARE = 20;

    private final Bus bus;

    HybridSearch(Bus bus) {
        this.bus = bus;
    }

    /**
     * @param rows a page, the best first
     * @param why by memory, the score by strategy
     * @param strategies what served it
     */
    record Found(MemoryRows rows, Map<Long, Map<String, Double>> why, List<String> strategies) {}

    /** Whether this can answer it: lists by time, and pages far behind, are for the keyword search. */
    static boolean serves(SearchQuery query) {
        return query.text() != null
                && !query.text().isBlank()
                && query.order() == SearchOrder.RELEVANCE
                && query.offset() + query.limit() <= LinksQuery.MAX_IDS - SPARE
                && query.allows("semantic");
    }

    Future<Found> search(SearchQuery query) {
        boolean words = query.allows("keyword");
        Future<Ranked> ranked = words
                ? bus.request(Addresses.STORE_RANK, new RankQuery(query, howManyByWords(query)))
                : Future.succeededFuture(null);
        Future<VectorHits> near = bus.request(Addresses.VECTOR_QUERY, nearest(query), TIMEOUT_MS);
        return Future.join(ranked, near).transform(done -> {
            if (near.failed()) {
                LOG.debug("No semantic search: {}", near.cause().getMessage());
            }
            if (!words) {
                return near.succeeded()
                        ? byMeaning(query, near.result())
                        : Future.failedFuture(CairnException.unavailable(
                                "no semantic search: " + near.cause().getMessage()));
            }
            if (ranked.failed()) {
                return Future.failedFuture(ranked.cause());
            }
            return near.succeeded() ? joint(query, ranked.result(), near.result()) : byWords(query, ranked.result());
        });
    }

    /** Behind the ranking the page goes on with what only words found; every page must see the same ranking. */
    private static int howManyByWords(SearchQuery query) {
        return query.offset() + query.limit() + SPARE <= BY_WORDS ? BY_WORDS : RankQuery.MAX_LIMIT;
    }

    /** As the full-text index ranks them. */
    private Future<Found> byWords(SearchQuery query, Ranked words) {
        List<Fusion.Candidate> ranked = words.hits().stream()
                .map(hit -> new Fusion.Candidate(hit.id(), hit.score(), Map.of("keyword", hit.score())))
                .toList();
        return page(query, ranked, words.total(), words.coverage(), List.of("keyword"));
    }

    /** As near as they are; without what was forgotten, or does not pass the filters. */
    private Future<Found> byMeaning(SearchQuery query, VectorHits meaning) {
        List<Fusion.Candidate> near = Fusion.join(new Ranked(List.of(), 0, meaning.coverage()), meaning);
        return links(query, near).compose(links -> {
            Set<Long> there = links.links().stream().map(Links.Link::id).collect(Collectors.toSet());
            List<Fusion.Candidate> fitting =
                    near.stream().filter(each -> there.contains(each.id())).toList();
            return page(query, fitting, 0, meaning.coverage(), List.of("semantic"));
        });
    }

    private Future<Found> joint(SearchQuery query, Ranked words, VectorHits meaning) {
        List<Fusion.Candidate> joined = Fusion.join(words.best(BY_WORDS), meaning);
        // The index does not know all filters, so with those each candidate is looked up.
        boolean filters = filtersRows(query) || !meaning.filtered();
        int pool = Math.min(joined.size(), filters ? LinksQuery.MAX_IDS : POOL);
        List<Fusion.Candidate> first = joined.subList(0, pool);
        return links(query, first).compose(links -> {
            List<Fusion.Candidate> settled = Fusion.settle(first, links, query.prefersNewer());
            // What words found has passed the filters.
            List<Fusion.Candidate> others = joined.subList(pool, joined.size()).stream()
                    .filter(each -> !filters || each.why().containsKey("keyword"))
                    .toList();
            List<Fusion.Candidate> all = Fusion.after(Fusion.after(settled, others), Fusion.byWords(words, BY_WORDS));
            return page(query, all, words.total(), meaning.coverage(), SearchQuery.STRATEGIES);
        });
    }

    private Future<Links> links(SearchQuery query, List<Fusion.Candidate> candidates) {
        List<Long> ids = candidates.stream().map(Fusion.Candidate::id).toList();
        return bus.request(Addresses.STORE_LINKS, new LinksQuery(query, ids));
    }

    private static boolean filtersRows(SearchQuery query) {
        return query.session() != null
                || query.platform() != null
                || query.file() != null
                || !query.concepts().isEmpty();
    }

    private static VectorQuery nearest(SearchQuery query) {
        return new VectorQuery(
                String.valueOf(query.text()),
                query.project(),
                query.kinds(),
                query.types(),
                query.from(),
                query.to(),
                BY_MEANING);
    }

    private Future<Found> page(
            SearchQuery query, List<Fusion.Candidate> ranked, long matches, Coverage coverage, List<String> served) {
        Map<Long, Fusion.Candidate> byId = new HashMap<>();
        ranked.forEach(each -> byId.put(each.id(), each));
        List<Long> ids = ranked.stream()
                .skip(query.offset())
                .limit(query.limit() + SPARE)
                .map(Fusion.Candidate::id)
                .toList();
        long total = Math.max(matches, ranked.size());
        return bus.request(Addresses.STORE_SELECT, new SelectMemories(query, ids))
                .map(selected -> {
                    List<MemoryRow> rows = new ArrayList<>();
                    Map<Long, Map<String, Double>> why = new HashMap<>();
                    for (MemoryRow row : selected.rows()) {
                        Fusion.Candidate candidate = byId.get(row.id());
                        if (candidate != null && rows.size() < query.limit()) {
                            rows.add(row.scored(candidate.score()));
                            why.put(row.id(), candidate.why());
                        }
                    }
                    return new Found(new MemoryRows(rows, total, coverage), why, served);
                });
    }
}
