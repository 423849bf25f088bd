package dev.cairn.search;

import static dev.cairn.search.FakeStore.NOON;
import static dev.cairn.search.FakeStore.corrected;
import static dev.cairn.search.FakeStore.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.NeighbourQuery;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.PartStatus;
import dev.cairn.bus.SearchParameters;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.Timeline;
import dev.cairn.bus.TimelineQuery;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.ConfigLoader;
import dev.cairn.model.CairnException;
import dev.cairn.model.Correction;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.SearchHit;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SearchBridgeVerticleTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private FakeStore store;
    private String deployment;

    @BeforeEach
    void deploy() throws Exception {
        store = new FakeStore(vertx);
        deployment = await(vertx.deployVerticle(new SearchBridgeVerticle(
                ConfigLoader.of(new JsonObject()), null, ChainVerticle.Next.one(() -> new AbstractVerticle() {}))));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void aSearchAnswersTheStoresRowsAsHits() throws Exception {
        store.rows.add(row(1, "Fix the lost ack", "The writer acked before the commit; now commits are awaited."));

        SearchResult result = await(bus.request(Addresses.SEARCH_QUERY, SearchQuery.of("commit", "cairn", 5)));

        assertThat(result.total()).isEqualTo(1);
        assertThat(result.strategies()).containsExactly("keyword");
        assertThat(result.coverage().total()).isEqualTo(1);
        SearchHit hit = result.hits().get(0);
        assertThat(hit.title()).isEqualTo("Fix the lost ack");
        assertThat(hit.project()).isEqualTo("/home/ada/cairn");
        assertThat(hit.snippet()).isEqualTo("The writer acked before the «commit»; now «commits» are awaited.");
        assertThat(hit.createdAt()).isEqualTo(NOON + 60_000);
        assertThat(hit.score()).isEqualTo(1.0);
        assertThat(hit.tokens()).isEqualTo(19);
        assertThat(hit.why()).isNull();
        assertThat(store.lastAsked(SearchQuery.class)).isEqualTo(SearchQuery.of("commit", "cairn", 5));
    }

    @Test
    void aCorrectionStandsBeforeWhatItCorrects() throws Exception {
        Correction by = new Correction(9, "Nine", NOON);
        store.rows.addAll(List.of(
                row(1, "Other", "commit"),
                corrected(row(2, "Two", "commit"), by),
                row(3, "Three", "commit"),
                corrected(row(4, "Four", "commit"), by),
                corrected(row(5, "Five", "commit"), new Correction(50, "Not here", NOON)),
                row(9, "Nine", "commit"),
                row(10, "Ten", "commit")));

        SearchResult result = await(bus.request(Addresses.SEARCH_QUERY, SearchQuery.of("commit", "cairn", 20)));
        assertThat(result.hits()).extracting(SearchHit::id).containsExactly(1L, 9L, 2L, 3L, 4L, 5L, 10L);
        assertThat(result.hits().get(2).supersededBy()).isEqualTo(by);
        assertThat(result.hits().get(1).supersededBy()).isNull();
        assertThat(result.hits().get(1).score()).isEqualTo(1.0 / 9);

        SearchQuery byTime = SearchParameters.parse(Map.of("query", List.of("commit"), "order", List.of("oldest")));
        assertThat(await(bus.request(Addresses.SEARCH_QUERY, byTime)).hits())
                .extracting(SearchHit::id)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 9L, 10L);
    }

    @Test
    void aCorrectionThatStandsBeforeStaysThere() throws Exception {
        store.rows.addAll(List.of(
                row(9, "Nine", "commit"),
                row(1, "Other", "commit"),
                corrected(row(2, "Two", "commit"), new Correction(9, "Nine", NOON))));

        assertThat(await(bus.request(Addresses.SEARCH_QUERY, SearchQuery.of("commit", "cairn", 20)))
                        .hits())
                .extracting(SearchHit::id)
                .containsExactly(9L, 1L, 2L);
    }

    @Test
    void explainTellsTheScoreByStrategy() throws Exception {
        store.rows.add(row(4, "A", "commit"));

        SearchResult result = await(bus.request(Addresses.SEARCH_QUERY, explained("commit")));

        assertThat(result.hits().get(0).why()).isEqualTo(Map.of("keyword", 0.25));
    }

    @Test
    void aListingByFiltersAloneNamesNoStrategy() throws Exception {
        store.rows.add(row(1, "A", "body"));

        for (String blank : Arrays.asList(null, "  ")) {
            SearchResult result = await(bus.request(Addresses.SEARCH_QUERY, explained(blank)));
            assertThat(result.strategies()).isEmpty();
            assertThat(result.hits().get(0).why()).isNull();
            assertThat(result.hits().get(0).snippet()).isEqualTo("body");
        }
    }

    @Test
    void aFailureOfTheStoreKeepsItsCodeAndField() {
        store.rows.clear();

        assertThatThrownBy(() ->
                        await(bus.request(Addresses.SEARCH_TIMELINE, new TimelineQuery(99L, null, null, 1, 1, null))))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void aTimelineIsOldestFirstWhateverTheStoresOrder() throws Exception {
        store.rows.addAll(List.of(row(3, "C", "c"), row(1, "A", "a"), row(2, "B", "b")));

        Timeline timeline =
                await(bus.request(Addresses.SEARCH_TIMELINE, new TimelineQuery(2L, null, null, 4, 5, "cairn")));

        assertThat(timeline.anchorId()).isEqualTo(2);
        assertThat(timeline.items()).extracting(SearchHit::id).containsExactly(1L, 2L, 3L);
        assertThat(store.lastAsked(NeighbourQuery.class)).isEqualTo(new NeighbourQuery(2L, null, 4, 5, "cairn"));
    }

    @Test
    void aTimelineAroundATimeHasNoAnchorId() throws Exception {
        store.rows.add(row(1, "A", "a"));

        Timeline timeline =
                await(bus.request(Addresses.SEARCH_TIMELINE, new TimelineQuery(null, NOON, null, 1, 1, null)));

        assertThat(timeline.anchorId()).isNull();
        assertThat(timeline.items()).hasSize(1);
        assertThat(store.lastAsked(NeighbourQuery.class).anchorTime()).isEqualTo(NOON);
    }

    @Test
    void aTimelineByQueryIsAnchoredAtTheBestMatch() throws Exception {
        store.rows.addAll(List.of(row(2, "B", "the writer"), row(1, "A", "a")));

        Timeline timeline =
                await(bus.request(Addresses.SEARCH_TIMELINE, new TimelineQuery(null, null, "writer", 1, 1, "cairn")));

        assertThat(timeline.anchorId()).isEqualTo(2);
        assertThat(timeline.items()).extracting(SearchHit::snippet).containsExactly("a", "the «writer»");
        assertThat(store.lastAsked(SearchQuery.class).project()).isEqualTo("cairn");
    }

    @Test
    void aTimelineByAQueryThatMatchesNothingIsEmpty() throws Exception {
        Timeline timeline =
                await(bus.request(Addresses.SEARCH_TIMELINE, new TimelineQuery(null, null, "writer", 1, 1, null)));

        assertThat(timeline).isEqualTo(new Timeline(List.of(), null));
    }

    @Test
    @DisplayName("H7: a blank timeline query is refused by name")
    void aBlankTimelineQueryIsRefused() {
        assertThatThrownBy(() ->
                        await(bus.request(Addresses.SEARCH_TIMELINE, new TimelineQuery(null, null, " ", 1, 1, null))))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.field()).isEqualTo("query"));
    }

    @Test
    void healthNamesTheStrategies() throws Exception {
        PartStatus status = await(bus.request(Addresses.health("search"), Nothing.NOTHING));

        assertThat(status.up()).isTrue();
        assertThat(status.detail())
                .containsEntry("strategies", "keyword,semantic")
                .containsEntry("mode", "embedded");
    }

    @Test
    void afterItsStopNothingIsServed() throws Exception {
        await(vertx.undeploy(deployment));

        assertThatThrownBy(() -> await(bus.request(Addresses.SEARCH_QUERY, SearchQuery.of("x", null, 1))))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    private static SearchQuery explained(String text) {
        return new SearchQuery(
                text,
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                10,
                0,
                SearchOrder.RELEVANCE,
                true);
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
