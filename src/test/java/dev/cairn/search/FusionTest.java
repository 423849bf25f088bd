package dev.cairn.search;

import static dev.cairn.search.FakeStore.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.MemoryRows;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.SelectMemories;
import dev.cairn.bus.VectorHits;
import dev.cairn.model.CairnException;
import dev.cairn.model.SearchHit;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FusionTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final FakeStore store = new FakeStore(vertx);
    private final Searcher searcher = new Searcher(bus, List.of(new KeywordStrategy(bus), new SemanticStrategy(bus)));

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void whatBothFoundComesFirst() {
        Fusion.Fused fused = Fusion.fuse(
                List.of(
                        new Fusion.Ranking("keyword", rows(10, row(1, "a", ""), row(2, "b", ""))),
                        new Fusion.Ranking("semantic", rows(4, row(3, "c", ""), row(2, "b", "")))),
                0,
                10);

        assertThat(fused.rows().rows()).extracting(MemoryRow::id).containsExactly(2L, 3L, 1L);
        assertThat(fused.rows().rows().get(0).score()).isEqualTo(2 / 62.0);
        assertThat(fused.why().get(2L)).containsOnlyKeys("keyword", "semantic");
        assertThat(fused.rows().coverage()).isEqualTo(new Coverage(4, 10));
        assertThat(fused.rows().total()).isEqualTo(3);
    }

    @Test
    void wordsAndMeaningServeASearchTogether() throws Exception {
        store.rows.addAll(List.of(row(1, "words", "commit"), row(2, "both", "commit")));
        serve(Future.succeededFuture(new VectorHits(
                List.of(
                        new VectorHits.Hit(7, 0.2),
                        new VectorHits.Hit(2, 0.4),
                        new VectorHits.Hit(9, SemanticStrategy.MAX_DISTANCE + 0.01)),
                new Coverage(1, 2))));

        SearchResult result = search();

        assertThat(result.strategies()).containsExactly("keyword", "semantic");
        assertThat(result.hits()).extracting(SearchHit::id).containsExactly(2L, 7L, 1L);
        assertThat(result.coverage()).isEqualTo(new Coverage(1, 2));
    }

    @Test
    @DisplayName("G1: while the vector index is down, slow or empty, words answer alone, and the answer says so")
    void wordsAnswerAlone() throws Exception {
        store.rows.addAll(List.of(row(1, "words", "commit"), row(2, "more", "commit")));
        assertThat(search().strategies()).containsExactly("keyword");

        serve(Future.failedFuture(CairnException.unavailable("down")));
        SearchResult down = search();
        assertThat(down.strategies()).containsExactly("keyword");
        assertThat(down.hits()).extracting(SearchHit::id).containsExactly(1L, 2L);
        assertThat(down.coverage()).isEqualTo(new Coverage(2, 2));
    }

    @Test
    @DisplayName("G1: a vector index that does not answer holds a search up for its deadline only")
    void aSlowIndexHoldsUpForItsDeadline() throws Exception {
        store.rows.add(row(1, "words", "commit"));
        serve(Promise.<VectorHits>promise().future());

        SearchResult slow = search();

        assertThat(slow.strategies()).containsExactly("keyword");
        assertThat(slow.hits()).hasSize(1);
        assertThat(slow.tookMs()).isBetween(SemanticStrategy.TIMEOUT_MS - 200, SemanticStrategy.TIMEOUT_MS + 1_500);
    }

    private SearchResult search() throws Exception {
        return await(searcher.search(SearchQuery.of("commit", null, 5)));
    }

    private void serve(Future<VectorHits> answer) throws Exception {
        await(bus.serve(Addresses.VECTOR_QUERY, query -> answer).completion());
        await(bus.serve(
                        Addresses.STORE_SELECT,
                        (SelectMemories request) -> Future.succeededFuture(rows(
                                3,
                                request.ids().stream()
                                        .map(id -> row(id, "selected", ""))
                                        .toArray(MemoryRow[]::new))))
                .completion());
    }

    private static MemoryRows rows(long indexed, MemoryRow... rows) {
        return new MemoryRows(List.of(rows), rows.length, new Coverage(indexed, 10));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
