package dev.cairn.search;

import static dev.cairn.search.FakeStore.CAIRN;
import static dev.cairn.search.FakeStore.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.Links;
import dev.cairn.bus.LinksQuery;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.MemoryRows;
import dev.cairn.bus.RankQuery;
import dev.cairn.bus.Ranked;
import dev.cairn.bus.SearchParameters;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.SelectMemories;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.model.Kind;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** On the real bus, with a store and a vector index that answer from lists. */
abstract class HybridSearchFixture {
    final Vertx vertx = Vertx.vertx();
    final Bus bus = new Bus(vertx);
    final Searcher searcher = new Searcher(bus, new HybridSearch(bus));

    /** Best first, before filters. */
    final List<Ranked.Hit> words = new CopyOnWriteArrayList<>();

    final Map<Long, MemoryRow> rows = new HashMap<>();
    final List<Object> asked = new CopyOnWriteArrayList<>();

    @BeforeEach
    void serveStore() throws Exception {
        await(bus.serve(Addresses.STORE_SEARCH, this::search).completion());
        await(bus.serve(Addresses.STORE_RANK, this::rank).completion());
        await(bus.serve(Addresses.STORE_LINKS, this::links).completion());
        await(bus.serve(Addresses.STORE_SELECT, this::select).completion());
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    /** Each 1 farther down the list. */
    void byWords(long... ids) {
        double score = 1_000;
        for (long id : ids) {
            words.add(new Ranked.Hit(id, score--));
            rows.computeIfAbsent(id, HybridSearchFixture::row);
        }
    }

    void byMeaning(long... ids) throws Exception {
        List<VectorHits.Hit> hits = new ArrayList<>();
        double distance = 0.3;
        for (long id : ids) {
            hits.add(new VectorHits.Hit(id, distance));
            distance += 0.005;
            rows.computeIfAbsent(id, HybridSearchFixture::row);
        }
        meaning(query -> Future.succeededFuture(new VectorHits(hits, new Coverage(3, 4), 1.2)));
    }

    void meaning(Function<VectorQuery, Future<VectorHits>> index) throws Exception {
        await(bus.serve(Addresses.VECTOR_QUERY, query -> {
                    asked.add(query);
                    return index.apply(query);
                })
                .completion());
    }

    static MemoryRow row(long id) {
        return new MemoryRow(
                Kind.OBSERVATION,
                id,
                "bugfix",
                "memory " + id,
                null,
                "body",
                CAIRN,
                "claude-code",
                "s-1",
                List.of(),
                NOON,
                0);
    }

    boolean fits(long id, SearchQuery query) {
        MemoryRow row = rows.get(id);
        return row != null
                && (query.session() == null || query.session().equals(row.session()))
                && (query.platform() == null || query.platform().equals(row.platform()))
                && (query.file() == null || row.files().stream().anyMatch(file -> file.contains(query.file())));
    }

    Future<MemoryRows> search(SearchQuery query) {
        asked.add(query);
        List<MemoryRow> found = words.stream()
                .filter(hit -> fits(hit.id(), query))
                .skip(query.offset())
                .limit(query.limit())
                .map(hit -> rows.get(hit.id()).scored(hit.score()))
                .toList();
        return Future.succeededFuture(new MemoryRows(found, words.size(), new Coverage(4, 4)));
    }

    Future<Ranked> rank(RankQuery request) {
        asked.add(request);
        assertThat(request.limit()).isBetween(1, RankQuery.MAX_LIMIT);
        List<Ranked.Hit> found =
                words.stream().filter(hit -> fits(hit.id(), request.query())).toList();
        return Future.succeededFuture(
                new Ranked(found.stream().limit(request.limit()).toList(), found.size(), new Coverage(4, 4)));
    }

    Future<Links> links(LinksQuery request) {
        asked.add(request);
        assertThat(request.ids()).hasSizeLessThanOrEqualTo(LinksQuery.MAX_IDS);
        return Future.succeededFuture(new Links(request.ids().stream()
                .filter(id -> fits(id, request.query()))
                .map(id -> new Links.Link(id, 1L, id - 1, id + 1, NOON))
                .toList()));
    }

    Future<MemoryRows> select(SelectMemories request) {
        asked.add(request);
        assertThat(request.ids()).hasSizeLessThanOrEqualTo(SelectMemories.MAX_IDS);
        List<MemoryRow> found = request.ids().stream()
                .filter(id -> fits(id, request.query()))
                .map(rows::get)
                .toList();
        return Future.succeededFuture(new MemoryRows(found, found.size(), new Coverage(4, 4)));
    }

    SearchResult search(String... parameters) throws Exception {
        return await(searcher.search(parse(parameters)));
    }

    /** As an address has them; of one name the last counts, and an empty one is none. */
    static SearchQuery parse(String... parameters) {
        Map<String, List<String>> values = new HashMap<>();
        for (String parameter : parameters) {
            String[] parts = parameter.split("=", 2);
            values.put(parts[0], parts[1].isEmpty() ? List.of() : List.of(parts[1]));
        }
        return SearchParameters.parse(values);
    }

    static Map<String, Double> why(SearchResult result, long id) {
        Map<String, Double> why = result.hits().stream()
                .filter(hit -> hit.id() == id)
                .findFirst()
                .orElseThrow(() -> new AssertionError(id + " was not found"))
                .why();
        if (why == null) {
            throw new AssertionError(id + " is not explained");
        }
        return why;
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
