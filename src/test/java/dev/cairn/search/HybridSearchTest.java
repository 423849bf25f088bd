package dev.cairn.search;

import static dev.cairn.search.FakeStore.CAIRN;
import static dev.cairn.search.FakeStore.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.Kind;
import dev.cairn.model.SearchHit;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the real bus, with a store and a vector index that answer from lists. */
class HybridSearchTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final Searcher searcher = new Searcher(bus, new HybridSearch(bus));

    /** Best first, before filters. */
    private final List<Ranked.Hit> words = new CopyOnWriteArrayList<>();

    private final Map<Long, MemoryRow> rows = new HashMap<>();
    private final List<Object> asked = new CopyOnWriteArrayList<>();

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

    @Test
    void wordsAndMeaningServeASearchTogether() throws Exception {
        byWords(1, 2);
        byMeaning(7, 2);

        SearchResult result = search("query=commit");

        assertThat(result.strategies()).containsExactly("keyword", "semantic");
        // The first stands beside the second, which both found.
        assertThat(result.hits()).extracting(SearchHit::id).containsExactly(2L, 1L, 7L);
        assertThat(result.coverage()).isEqualTo(new Coverage(3, 4));
        assertThat(result.total()).isEqualTo(3);
        assertThat(result.hits()).allSatisfy(hit -> assertThat(hit.why()).isNull());
        assertThat(result.hits()).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
    }

    @Test
    void explainShowsTheScoreByStrategy() throws Exception {
        byWords(1, 2);
        byMeaning(7, 2);

        SearchResult result = search("query=commit", "explain=true");

        assertThat(why(result, 2)).containsOnlyKeys("keyword", "semantic", "neighbour", "session");
        assertThat(why(result, 1)).containsKey("keyword").doesNotContainKey("semantic");
        assertThat(why(result, 7)).containsKey("semantic").doesNotContainKeys("keyword", "recency");
        assertThat(why(search("query=commit", "explain=true", "recency=true"), 7))
                .containsEntry("recency", 0.1);
    }

    @Test
    @DisplayName("G1: without a vector index words answer alone, and the answer says so")
    void nobodyServesMeaning() throws Exception {
        byWords(1, 2);

        assertWordsAlone(search("query=commit"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNAVAILABLE", "TIMEOUT", "INTERNAL"})
    @DisplayName("G1: while the vector index is down or refuses, words answer alone, and the answer says so")
    void meaningFails(ErrorCode code) throws Exception {
        byWords(1, 2);
        meaning(query -> Future.failedFuture(new CairnException(code, "no")));

        assertWordsAlone(search("query=commit"));
    }

    @Test
    @DisplayName("G1: a vector index that does not answer holds a search up for its deadline only")
    void meaningIsSlow() throws Exception {
        byWords(1, 2);
        Promise<VectorHits> never = Promise.promise();
        meaning(query -> never.future());

        SearchResult slow = search("query=commit");

        assertWordsAlone(slow);
        assertThat(slow.tookMs()).isBetween(HybridSearch.TIMEOUT_MS - 200, HybridSearch.TIMEOUT_MS + 1_500);
    }

    private static void assertWordsAlone(SearchResult result) {
        assertThat(result.strategies()).containsExactly("keyword");
        assertThat(result.hits()).extracting(SearchHit::id).containsExactly(1L, 2L);
        assertThat(result.coverage()).isEqualTo(new Coverage(4, 4));
    }

    @Test
    void withoutMeaningTheWordsAreRankedOnce() throws Exception {
        byWords(LongStream.rangeClosed(1, 450).toArray());
        meaning(query -> Future.failedFuture(CairnException.unavailable("no")));

        SearchResult result = search("query=commit", "offset=300", "limit=10", "explain=true");

        assertThat(result.hits())
                .extracting(SearchHit::id)
                .containsExactly(301L, 302L, 303L, 304L, 305L, 306L, 307L, 308L, 309L, 310L);
        assertThat(result.total()).isEqualTo(450);
        assertThat(why(result, 301)).isEqualTo(Map.of("keyword", 700.0));
        assertThat(asked.stream().filter(RankQuery.class::isInstance)).hasSize(1);
        assertThat(asked).noneMatch(SearchQuery.class::isInstance);
    }

    @Test
    void aStoreThatCannotRankIsNotHiddenByTheMeaning() throws Exception {
        byMeaning(7);
        await(vertx.close());
        Vertx other = Vertx.vertx();
        try {
            Bus without = new Bus(other);
            await(without.serve(
                            Addresses.VECTOR_QUERY,
                            query -> Future.succeededFuture(new VectorHits(List.of(), new Coverage(1, 1), 1)))
                    .completion());
            Searcher broken = new Searcher(without, new HybridSearch(without));
            assertThatThrownBy(() -> await(broken.search(SearchQuery.of("commit", null, 5))))
                    .isInstanceOfSatisfying(
                            CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        } finally {
            await(other.close());
        }
    }

    @Test
    void meaningAloneAsksNoWords() throws Exception {
        byWords(1, 2);
        byMeaning(7, 2);

        SearchResult result = search("query=commit", "strategy=semantic", "explain=true");

        assertThat(result.strategies()).containsExactly("semantic");
        assertThat(result.hits()).extracting(SearchHit::id).containsExactly(7L, 2L);
        assertThat(why(result, 7)).containsOnlyKeys("semantic");
        assertThat(asked).noneMatch(RankQuery.class::isInstance);
    }

    @Test
    void wordsAloneAskNoIndex() throws Exception {
        byWords(1, 2);
        byMeaning(7, 2);

        SearchResult result = search("query=commit", "strategy=keyword");

        assertWordsAlone(result);
        assertThat(asked).noneMatch(VectorQuery.class::isInstance);
    }

    @Test
    void bothNamedAreAsNoneNamed() throws Exception {
        byWords(1, 2);
        byMeaning(7, 2);

        assertThat(search("query=commit", "strategy=keyword,semantic").hits())
                .isEqualTo(search("query=commit").hits());
    }

    @Test
    @DisplayName(
            "H7: meaning alone where there is none is refused, and the refusal names the parameter and the setting")
    void meaningAloneWithoutAnIndex() {
        Searcher without = new Searcher(bus, null);

        assertThatThrownBy(() -> await(without.search(parse("query=commit", "strategy=semantic"))))
                .isInstanceOfSatisfying(CairnException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(e.field()).isEqualTo("strategy");
                })
                .hasMessageContaining("vector.mode");
    }

    @ParameterizedTest
    @ValueSource(strings = {"order=newest", "offset=5000", "query="})
    @DisplayName("H7: what meaning alone cannot answer is refused by name")
    void whatMeaningCannotAnswer(String parameter) {
        assertThatThrownBy(() -> search("query=commit", "strategy=semantic", parameter))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.field()).isEqualTo("strategy"));
    }

    @Test
    void meaningAloneFailsWhileTheIndexIsDown() throws Exception {
        meaning(query -> Future.failedFuture(CairnException.unavailable("the vector index is loading")));

        assertThatThrownBy(() -> search("query=commit", "strategy=semantic"))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("the vector index is loading");
    }

    @Test
    void listsByTimeAndPagesFarBehindAreForTheWords() throws Exception {
        byWords(1, 2);
        byMeaning(7, 2);

        for (String parameter : List.of("order=oldest", "query=", "offset=960")) {
            assertThat(search("query=commit", parameter, "limit=100").strategies())
                    .doesNotContain("semantic");
        }
        assertThat(asked).noneMatch(VectorQuery.class::isInstance);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "semantic", "keyword,semantic"})
    void pagesDoNotOverlapAndShowEverything(String strategy) throws Exception {
        byWords(LongStream.rangeClosed(1, 40).toArray());
        byMeaning(LongStream.rangeClosed(21, 80).map(i -> 101 - i).toArray());
        Set<Long> seen = new HashSet<>();
        List<Long> inOrder = new ArrayList<>();

        long total = search("query=commit", "strategy=" + strategy).total();
        for (int offset = 0; offset < total; offset += 7) {
            for (SearchHit hit : search("query=commit", "limit=7", "offset=" + offset, "strategy=" + strategy)
                    .hits()) {
                assertThat(seen.add(hit.id())).as("%s again", hit.id()).isTrue();
                inOrder.add(hit.id());
            }
        }

        assertThat(seen).hasSize(strategy.equals("semantic") ? 60 : 80);
        assertThat(inOrder)
                .isEqualTo(search("query=commit", "limit=100", "strategy=" + strategy).hits().stream()
                        .map(SearchHit::id)
                        .toList());
    }

    @Test
    @DisplayName("What matches by words only, far behind the first two hundred, has its page too")
    void pagesBehindTheRankingGoOnWithTheWords() throws Exception {
        byWords(LongStream.rangeClosed(1, 600).toArray());
        byMeaning(3, 700);
        Set<Long> seen = new HashSet<>();

        for (int offset = 0; offset < 601; offset += 100) {
            for (SearchHit hit :
                    search("query=commit", "limit=100", "offset=" + offset).hits()) {
                assertThat(seen.add(hit.id())).as("%s again", hit.id()).isTrue();
            }
        }

        assertThat(seen).hasSize(601);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "semantic"})
    void whatTheIndexDoesNotFilterTheStoreDoes(String strategy) throws Exception {
        byWords(1, 2, 3);
        byMeaning(LongStream.rangeClosed(2, 90).toArray());
        List<Long> fitting = List.of(2L, 3L, 50L, 60L, 70L, 80L);
        fitting.forEach(id -> put(id, "other", "codex", "/x/Other.java"));

        for (String filter :
                List.of("session=other", "platform=codex", "file=Other.java", "session=other&platform=codex")) {
            String[] parameters = ("query=commit&strategy=" + strategy + "&" + filter).split("&", -1);
            SearchResult found = search(parameters);
            assertThat(found.hits()).extracting(SearchHit::id).as(filter).containsExactlyInAnyOrderElementsOf(fitting);
            assertThat(found.total()).isEqualTo(6);
            List<Long> paged = new ArrayList<>();
            for (int offset = 0; offset < 6; offset += 2) {
                String[] page = Arrays.copyOf(parameters, parameters.length + 2);
                page[parameters.length] = "limit=2";
                page[parameters.length + 1] = "offset=" + offset;
                search(page).hits().forEach(hit -> paged.add(hit.id()));
            }
            assertThat(paged)
                    .as(filter)
                    .containsExactlyElementsOf(
                            found.hits().stream().map(SearchHit::id).toList());
        }
    }

    @Test
    void theIndexFiltersWhatItKnows() throws Exception {
        byMeaning(1);

        search("query=commit", "project=cairn", "kind=observation", "type=bugfix", "from=1000", "to=2000");

        assertThat(asked.stream().filter(VectorQuery.class::isInstance))
                .containsExactly(new VectorQuery(
                        "commit", "cairn", List.of(Kind.OBSERVATION), List.of("bugfix"), 1000L, 2000L, 1_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "semantic"})
    @DisplayName("What the index has not yet forgotten is passed over, and makes no page short or double")
    void forgottenHitsArePassedOver(String strategy) throws Exception {
        byMeaning(LongStream.rangeClosed(1, 60).toArray());
        LongStream.rangeClosed(1, 30).forEach(rows::remove);

        List<Long> paged = new ArrayList<>();
        for (int offset = 0; offset < 30; offset += 10) {
            search("query=commit", "limit=10", "offset=" + offset, "strategy=" + strategy)
                    .hits()
                    .forEach(hit -> paged.add(hit.id()));
        }

        assertThat(paged)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(31, 60).boxed().toList());
        assertThat(search("query=commit", "strategy=" + strategy).total()).isEqualTo(30);
    }

    /** Each 1 farther down the list. */
    private void byWords(long... ids) {
        double score = 1_000;
        for (long id : ids) {
            words.add(new Ranked.Hit(id, score--));
            rows.computeIfAbsent(id, HybridSearchTest::row);
        }
    }

    private void byMeaning(long... ids) throws Exception {
        List<VectorHits.Hit> hits = new ArrayList<>();
        double distance = 0.3;
        for (long id : ids) {
            hits.add(new VectorHits.Hit(id, distance));
            distance += 0.005;
            rows.computeIfAbsent(id, HybridSearchTest::row);
        }
        meaning(query -> Future.succeededFuture(new VectorHits(hits, new Coverage(3, 4), 1.2)));
    }

    private void meaning(Function<VectorQuery, Future<VectorHits>> index) throws Exception {
        await(bus.serve(Addresses.VECTOR_QUERY, query -> {
                    asked.add(query);
                    return index.apply(query);
                })
                .completion());
    }

    private void put(long id, String session, String platform, String file) {
        MemoryRow row = row(id);
        rows.put(
                id,
                new MemoryRow(
                        row.kind(),
                        id,
                        row.type(),
                        row.title(),
                        null,
                        row.body(),
                        CAIRN,
                        platform,
                        session,
                        List.of(file),
                        row.createdAt(),
                        0));
    }

    private static MemoryRow row(long id) {
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

    private boolean fits(long id, SearchQuery query) {
        MemoryRow row = rows.get(id);
        return row != null
                && (query.session() == null || query.session().equals(row.session()))
                && (query.platform() == null || query.platform().equals(row.platform()))
                && (query.file() == null || row.files().stream().anyMatch(file -> file.contains(query.file())));
    }

    private Future<MemoryRows> search(SearchQuery query) {
        asked.add(query);
        List<MemoryRow> found = words.stream()
                .filter(hit -> fits(hit.id(), query))
                .skip(query.offset())
                .limit(query.limit())
                .map(hit -> rows.get(hit.id()).scored(hit.score()))
                .toList();
        return Future.succeededFuture(new MemoryRows(found, words.size(), new Coverage(4, 4)));
    }

    private Future<Ranked> rank(RankQuery request) {
        asked.add(request);
        assertThat(request.limit()).isBetween(1, RankQuery.MAX_LIMIT);
        List<Ranked.Hit> found =
                words.stream().filter(hit -> fits(hit.id(), request.query())).toList();
        return Future.succeededFuture(
                new Ranked(found.stream().limit(request.limit()).toList(), found.size(), new Coverage(4, 4)));
    }

    private Future<Links> links(LinksQuery request) {
        asked.add(request);
        assertThat(request.ids()).hasSizeLessThanOrEqualTo(LinksQuery.MAX_IDS);
        return Future.succeededFuture(new Links(request.ids().stream()
                .filter(id -> fits(id, request.query()))
                .map(id -> new Links.Link(id, 1L, id - 1, id + 1, NOON))
                .toList()));
    }

    private Future<MemoryRows> select(SelectMemories request) {
        asked.add(request);
        assertThat(request.ids()).hasSizeLessThanOrEqualTo(SelectMemories.MAX_IDS);
        List<MemoryRow> found = request.ids().stream()
                .filter(id -> fits(id, request.query()))
                .map(rows::get)
                .toList();
        return Future.succeededFuture(new MemoryRows(found, found.size(), new Coverage(4, 4)));
    }

    private SearchResult search(String... parameters) throws Exception {
        return await(searcher.search(parse(parameters)));
    }

    /** As an address has them; of one name the last counts, and an empty one is none. */
    private static SearchQuery parse(String... parameters) {
        Map<String, List<String>> values = new HashMap<>();
        for (String parameter : parameters) {
            String[] parts = parameter.split("=", 2);
            values.put(parts[0], parts[1].isEmpty() ? List.of() : List.of(parts[1]));
        }
        return SearchParameters.parse(values);
    }

    private static Map<String, Double> why(SearchResult result, long id) {
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

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
