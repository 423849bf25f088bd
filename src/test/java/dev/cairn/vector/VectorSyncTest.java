package dev.cairn.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.Address;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Forget;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.bus.VectorStats;
import dev.cairn.config.ConfigLoader;
import dev.cairn.model.CairnException;
import dev.cairn.store.StoreVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the real store on the real bus, and Chroma's behaviour in memory. */
class VectorSyncTest {
    private static final String PROJECT = "/home/u/cairn";

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final FakeChroma chroma = new FakeChroma();
    private VectorSync sync;
    private SemanticQueries queries;

    @BeforeEach
    void open() throws Exception {
        await(vertx.deployVerticle(
                new StoreVerticle(ConfigLoader.of(new JsonObject().put("dataDir", directory.toString())), null)));
        start();
    }

    private void start() {
        sync = new VectorSync(vertx, bus, chroma, 5);
        queries = new SemanticQueries(chroma, sync);
    }

    @AfterEach
    void close() throws Exception {
        sync.close();
        await(vertx.close());
    }

    @Test
    void everyMemoryIsWrittenOnceInFullBatches() throws Exception {
        save(70);

        settle();

        assertThat(documents()).hasSize(70);
        assertThat(chroma.calls.stream().filter("chroma_add_documents"::equals)).hasSize(3);
        FakeChroma.Document first = documents().get("m1");
        assertThat(first.text()).startsWith("title 0\n").contains("text 0");
        assertThat(first.metadata().path("project").asText()).isEqualTo(PROJECT);
        assertThat(first.metadata().path("kind").asText()).isEqualTo("observation");
        assertThat(first.metadata().path("type").asText()).isEqualTo("note");
        assertThat(first.metadata().path("createdAt").asLong()).isEqualTo(1_000);
        assertThat(stats().indexed()).isEqualTo(70);

        chroma.calls.clear();
        settle();
        assertThat(chroma.calls).isEmpty();
    }

    @Test
    void chromaIsNotStartedWithoutWork() throws Exception {
        settle();

        assertThat(chroma.state()).isEqualTo("down");
    }

    @Test
    @DisplayName("G2: one document that Chroma refuses keeps no other back, and is set aside in the end")
    void aRefusedDocumentKeepsNoOtherBack() throws Exception {
        chroma.poison = text -> text.startsWith("title 7\n");
        save(40);

        settle();

        assertThat(documents()).hasSize(39).doesNotContainKey("m8");
        assertThat(stats())
                .extracting(VectorStats::indexed, VectorStats::parked)
                .containsExactly(39L, 1L);
    }

    @Test
    @DisplayName("G2: a batch of which a part was written before Chroma failed is completed without duplicates")
    void aPartlyWrittenBatchIsCompleted() throws Exception {
        save(20);
        settle();
        save(20);
        Map<String, FakeChroma.Document> written = documents();
        FakeChroma.Document any = Objects.requireNonNull(written.get("m1"));
        // What a crash between Chroma's write and our note leaves behind: noted as on its way, and there.
        bus.request(Addresses.STORE_VECTOR_PENDING, new dev.cairn.bus.VectorPending(0, 32));
        written.put("m25", any);
        start();

        settle();

        assertThat(documents()).hasSize(40);
        assertThat(documents().get("m25").text()).contains("text");
        assertThat(sync.rebuilds()).isZero();
    }

    @Test
    void whatIsForgottenLeavesChroma() throws Exception {
        save(5);
        settle();

        ask(Addresses.STORE_FORGET, new Forget(List.of(2L, 4L), null, null, null, null, null, null, false));
        assertThat(stats().deletions()).isEqualTo(2);
        settle();

        assertThat(documents()).containsOnlyKeys("m1", "m3", "m5");
        assertThat(stats()).isEqualTo(new VectorStats(McpChroma.COLLECTION, 3, 3, 3, 0, 0));
    }

    @Test
    @DisplayName("G5: a lost collection is built anew from the database")
    void aLostCollectionIsBuiltAnew() throws Exception {
        save(40);
        settle();
        chroma.collection = null;
        chroma.restart();

        settle();

        assertThat(documents()).hasSize(40);
        assertThat(sync.rebuilds()).isEqualTo(2);
    }

    @Test
    @DisplayName("G5: a collection that lost or gained documents is built anew")
    void aCollectionOfAnotherSizeIsBuiltAnew() throws Exception {
        save(10);
        settle();
        documents().remove("m3");
        chroma.restart();
        settle();
        assertThat(documents()).hasSize(10).containsKey("m3");

        documents().put("m999", Objects.requireNonNull(documents().get("m1")));
        chroma.restart();
        settle();
        assertThat(documents()).hasSize(10).doesNotContainKey("m999");
    }

    @Test
    @DisplayName("G5: a database that Chroma cannot open is put aside and built anew")
    void aBrokenDatabaseIsPutAside() throws Exception {
        save(10);
        settle();
        chroma.unreachable = new BrokenStoreException("file is not a database");
        save(1);

        settle();

        assertThat(chroma.discarded).isEqualTo(1);
        assertThat(documents()).hasSize(11);
        assertThat(sync.lastFailure()).isNull();
    }

    @Test
    void aChromaThatDoesNotAnswerIsStartedAnew() throws Exception {
        save(3);
        chroma.silent = true;

        settle();

        assertThat(chroma.recycled).hasSize(1);
        assertThat(documents()).hasSize(3);
    }

    @Test
    void aChromaThatCannotBeHadIsTriedAgainWithPauses() throws Exception {
        chroma.unreachable = CairnException.unavailable("no uv");
        save(3);
        wake();
        until(() -> sync.lastFailure() != null);
        assertThat(sync.lastFailure()).isEqualTo("no uv");

        chroma.unreachable = null;
        settle();

        assertThat(documents()).hasSize(3);
        assertThat(chroma.discarded).isZero();
    }

    @Test
    void aQueryStartsChromaForThoseThatFollow() throws Exception {
        save(2);
        settle();
        chroma.state = "down";

        assertThatThrownBy(() -> query("commit")).hasMessageContaining("the vector index is");
        VectorHits found = query("commit");

        assertThat(found.hits()).extracting(VectorHits.Hit::id).containsExactly(1L, 2L);
        assertThat(found.coverage().indexed()).isEqualTo(2);
    }

    @Test
    @DisplayName("G1: a Chroma that answers no query is started anew")
    void queriesThatAreNotAnsweredRecycle() throws Exception {
        save(1);
        settle();
        chroma.silent = true;

        for (int i = 0; i < SemanticQueries.UNANSWERED_TO_RECYCLE; i++) {
            assertThatThrownBy(() -> query("commit")).isInstanceOf(CairnException.class);
        }

        assertThat(chroma.recycled).hasSize(1);
        assertThat(query("commit").hits()).hasSize(1);
    }

    private VectorHits query(String text) throws Exception {
        VectorQuery query = new VectorQuery(text, null, List.of(), List.of(), null, null, 10);
        return await(Future.future(
                promise -> vertx.runOnContext(any -> queries.query(query).onComplete(promise))));
    }

    private void save(int count) throws Exception {
        List<NewMemory> memories = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            memories.add(
                    new NewMemory("text " + i + ".", "title " + i, null, PROJECT, List.of(), List.of(), 1_000L + i));
        }
        ask(Addresses.STORE_SAVE, new SaveMemories(memories, "test"));
    }

    private Map<String, FakeChroma.Document> documents() {
        return Objects.requireNonNull(chroma.collection);
    }

    private VectorStats stats() throws Exception {
        return ask(Addresses.STORE_VECTOR_STATS, Nothing.NOTHING);
    }

    private void wake() {
        vertx.runOnContext(any -> sync.wake(1));
    }

    /** Wakes it, and waits until nothing is left to do. */
    private void settle() throws Exception {
        wake();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        boolean done = false;
        while (!done) {
            VectorStats now = stats();
            done = !sync.working()
                    && sync.lastFailure() == null
                    && now.indexed() + now.parked() == now.total()
                    && now.deletions() == 0
                    && (chroma.collection == null ? now.total() == 0 : chroma.collection.size() == now.indexed());
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not settled: " + now + ", " + sync.lastFailure());
            }
            Thread.sleep(5);
        }
    }

    private static void until(BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not come about");
            }
            Thread.sleep(5);
        }
    }

    private <Q, R> R ask(Address<Q, R> address, Q request) throws Exception {
        return await(bus.request(address, request));
    }

    private static <T> T await(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
