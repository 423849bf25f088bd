package dev.cairn.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.Address;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Forget;
import dev.cairn.bus.LoadVectors;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.SaveVectors;
import dev.cairn.bus.VectorBatch;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorPending;
import dev.cairn.bus.VectorQuery;
import dev.cairn.bus.VectorRows;
import dev.cairn.bus.VectorSpaces;
import dev.cairn.bus.VectorStats;
import dev.cairn.config.ConfigLoader;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.store.StoreVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the real store on the real bus; only the model is a simple one. */
class EmbeddedIndexTest {
    private static final String PROJECT = "/home/u/cairn";

    @TempDir
    Path directory;

    private Vertx vertx = Vertx.vertx();
    private Bus bus = new Bus(vertx);
    private final Map<String, HashingEmbedder> embedders = new ConcurrentHashMap<>();
    private final Map<String, String> broken = new ConcurrentHashMap<>();
    private EmbeddedDoor door;
    private VectorSync sync;
    private SemanticQueries queries;

    @BeforeEach
    void open() throws Exception {
        openStore();
        start("model-a");
    }

    private void openStore() throws Exception {
        await(vertx.deployVerticle(
                new StoreVerticle(ConfigLoader.of(new JsonObject().put("dataDir", directory.toString())), null)));
    }

    /** The model's name is its id as well. */
    private void start(String model) {
        embedders.clear();
        door = new EmbeddedDoor(vertx, bus, model, this::embedder);
        sync = new VectorSync(vertx, bus, door, 5);
        queries = new SemanticQueries(door, sync);
    }

    private HashingEmbedder embedder(String model) {
        HashingEmbedder made = new HashingEmbedder(vertx, model);
        made.broken = broken.get(model);
        embedders.put(model, made);
        return made;
    }

    /** As a worker that ends, and starts again on the same file. */
    private void restart(String model) throws Exception {
        sync.close();
        await(onLoop(door::close));
        kill(model);
    }

    /** Without any farewell of the index. */
    private void kill(String model) throws Exception {
        sync.close();
        await(vertx.close());
        vertx = Vertx.vertx();
        bus = new Bus(vertx);
        openStore();
        start(model);
    }

    @AfterEach
    void close() throws Exception {
        sync.close();
        await(onLoop(door::close));
        await(vertx.close());
    }

    @Test
    void whatIsSavedIsFoundByItsWordsMostInCommon() throws Exception {
        save("the login uses tokens", "the garden has roses", "roses and tokens");

        settle();

        assertThat(ids(query("garden roses"))).containsExactly(2L, 3L, 1L);
        VectorHits hits = query("the login uses tokens");
        assertThat(hits.hits().get(0)).isEqualTo(new VectorHits.Hit(1, 0));
        assertThat(hits.coverage().indexed()).isEqualTo(3);
        assertThat(hits.coverage().total()).isEqualTo(3);
        assertThat(spaces()).singleElement().satisfies(space -> {
            assertThat(space.name()).isEqualTo("model-a");
            assertThat(space.dimensions()).isEqualTo(HashingEmbedder.DIMENSIONS);
            assertThat(space.count()).isEqualTo(3);
        });
        assertThat(model("model-a").documents).hasSize(3);
    }

    @Test
    void aModelThatIsBeingLoadedIsClosedByWhoeverEndsTheIndex() throws Exception {
        await(onLoop(() -> {
            door.open();
            return door.recycle("it took too long");
        }));

        assertThat(model("model-a").closed).isTrue();
        assertThat(door.state()).isEqualTo("down");
    }

    @Test
    void manyAreIndexedEachOnce() throws Exception {
        save(150);

        settle();

        assertThat(model("model-a").documents).hasSize(150).doesNotHaveDuplicates();
        assertThat(query("text77x").hits()).hasSize(150);
        assertThat(ids(query("text77x")).get(0)).isEqualTo(78L);
        assertThat(stats().indexed()).isEqualTo(150);
    }

    @Test
    @DisplayName("G2: after a restart the vectors come from the database, and nothing is embedded again")
    void aRestartEmbedsNothingAgain() throws Exception {
        save(150);
        settle();
        List<VectorRows.Row> before = vectors();

        restart("model-a");
        awaitUp();

        assertThat(ids(query("text77x")).get(0)).isEqualTo(78L);
        settle();
        assertThat(model("model-a").documents).isEmpty();
        assertThat(sync.rebuilds()).isZero();
        assertThat(vectors()).usingRecursiveComparison().isEqualTo(before);
    }

    @Test
    void afterARestartItIsThereBeforeTheFirstSearch() throws Exception {
        save(3);
        settle();
        restart("model-a");

        wake();
        until(() -> door.state().equals("up"));

        assertThat(ids(query("text1x")).get(0)).isEqualTo(2L);
    }

    @Test
    void theModelIsNotLoadedWithoutAMemoryOrAQuery() throws Exception {
        wake();
        until(() -> !sync.working());

        assertThat(door.state()).isEqualTo("down");
        assertThat(embedders).isEmpty();
    }

    @Test
    void whatIsForgottenIsNotFoundEvenAfterARestart() throws Exception {
        save(5);
        settle();

        forget(2L, 4L);
        settle();

        assertThat(ids(query("text1x"))).containsExactlyInAnyOrder(1L, 3L, 5L);
        assertThat(vectors()).extracting(VectorRows.Row::id).containsExactly(1L, 3L, 5L);
        restart("model-a");
        awaitUp();
        assertThat(ids(query("text1x"))).containsExactlyInAnyOrder(1L, 3L, 5L);
        assertThat(stats().deletions()).isZero();
    }

    @Test
    @DisplayName(
            "H5: the vector of what stood behind a forgotten memory loses its words, though it was indexed long ago")
    void theNextOfAForgottenMemoryIsEmbeddedAgain() throws Exception {
        ask(
                Addresses.STORE_SAVE,
                new SaveMemories(
                        List.of(said("hush plan", 1_000), said("something else", 2_000), said("third", 3_000)),
                        "test"));
        save(100);
        settle();
        assertThat(model("model-a").documents.get(1)).contains("hush");
        model("model-a").documents.clear();

        forget(1L);
        // As the link does when it hears of it.
        settle();

        assertThat(model("model-a").documents).containsExactly("something else");
        double distance = query("hush plan").hits().stream()
                .filter(hit -> hit.id() == 2)
                .findFirst()
                .orElseThrow()
                .distance();
        assertThat(distance).isEqualTo(2);
    }

    @Test
    void filtersApply() throws Exception {
        save(3);
        ask(
                Addresses.STORE_SAVE,
                new SaveMemories(
                        List.of(new NewMemory("text1x", null, "bugfix", "/other", List.of(), List.of(), 9_000L)),
                        "test"));
        settle();

        assertThat(ids(query(new VectorQuery("text1x", "/other", List.of(), List.of(), null, null, 10))))
                .containsExactly(4L);
        assertThat(ids(query(new VectorQuery("text1x", null, List.of(), List.of("note"), null, 1_001L, 10))))
                .containsExactly(2L, 1L);
        assertThat(ids(query(new VectorQuery("text1x", null, List.of(), List.of(), null, null, 1))))
                .hasSize(1);
    }

    @Test
    @DisplayName(
            "After a change of the model the vectors of the former one answer until all are made anew; then they go")
    void theFormerModelAnswersUntilTheNewOneIsComplete() throws Exception {
        save(100);
        settle();
        restart("model-b");
        // A memory that the new model has no vector of must be found all the same.
        awaitUp();
        assertThat(door.details()).containsEntry("model", "model-b").containsKey("answers");
        assertThat(ids(query("text77x")).get(0)).isEqualTo(78L);
        assertThat(model("model-a").documents).isEmpty();

        awaitOnly("model-b");

        assertThat(spaces().get(0).count()).isEqualTo(100);
        assertThat(model("model-b").documents).hasSize(100);
        assertThat(model("model-a").closed).isTrue();
        assertThat(door.details()).doesNotContainKey("answers");
        assertThat(ids(query("text77x")).get(0)).isEqualTo(78L);
        assertThat(vectors()).hasSize(100);
    }

    @Test
    @DisplayName("A change of the model that is interrupted goes on at the next start")
    void anInterruptedChangeGoesOn() throws Exception {
        save(100);
        settle();
        restart("model-b");
        wake();
        HashingEmbedder before = awaitModel("model-b");
        until(() -> before.documents.size() > SyncStep.BATCH);
        kill("model-b");

        awaitOnly("model-b");

        assertThat(model("model-b").documents.size())
                .as("the first batch was noted")
                .isLessThan(100);
        assertThat(ids(query("text99x")).get(0)).isEqualTo(100L);
    }

    @Test
    void aFormerModelThatIsGoneLeavesTheQueriesToTheNewOne() throws Exception {
        save(10);
        settle();
        broken.put("model-a", "the file is gone");
        restart("model-b");

        awaitOnly("model-b");

        assertThat(ids(query("text7x")).get(0)).isEqualTo(8L);
    }

    @Test
    @DisplayName("G1: a model that cannot be loaded refuses searches with its reason, and is tried again until it can")
    void aModelThatCannotBeLoaded() throws Exception {
        broken.put("model-a", "vector.model: no such directory");
        save(3);
        wake();
        until(() -> sync.lastFailure() != null);

        assertThat(sync.lastFailure()).contains("no such directory");
        until(() -> door.state().equals("waiting"));
        assertThatThrownBy(() -> query("text1x"))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));

        broken.clear();
        settle();
        assertThat(sync.lastFailure()).isNull();
        assertThat(ids(query("text1x")).get(0)).isEqualTo(2L);
    }

    @Test
    @DisplayName("G2: vectors that were saved but not noted are made again, and nothing is double")
    void aCrashBetweenTheSaveAndItsNote() throws Exception {
        save(40);
        settle();
        save(20);
        VectorBatch sent = ask(Addresses.STORE_VECTOR_PENDING, new VectorPending(0, 32));
        assertThat(sent.documents()).hasSize(20);
        float[] vector = new float[HashingEmbedder.DIMENSIONS];
        vector[0] = 1;
        ask(
                Addresses.STORE_VECTOR_SAVE,
                new SaveVectors(
                        spaces().get(0).id(),
                        sent.documents().subList(0, 10).stream()
                                .map(document -> new SaveVectors.Entry(document.id(), vector))
                                .toList()));
        kill("model-a");

        settle();

        assertThat(sync.rebuilds()).isZero();
        assertThat(model("model-a").documents).hasSize(20);
        assertThat(vectors()).hasSize(60);
        assertThat(vectors()).noneSatisfy(row -> assertThat(row.vector()).isEqualTo(vector));
        assertThat(query("text3x").hits()).hasSize(60);
    }

    @Test
    @DisplayName("G5: vectors that were lost are noticed at the next start, and all are made anew")
    void lostVectorsAreNoticed() throws Exception {
        save(10);
        settle();
        ask(
                Addresses.STORE_VECTOR_DROP,
                new dev.cairn.bus.DropVectors(spaces().get(0).id(), List.of(3L)));
        restart("model-a");
        awaitUp();

        settle();

        until(() -> vectors().size() == 10);
        assertThat(sync.rebuilds()).isEqualTo(1);
        assertThat(ids(query("text2x")).get(0)).isEqualTo(3L);
    }

    private HashingEmbedder model(String name) {
        HashingEmbedder made = embedders.get(name);
        if (made == null) {
            throw new AssertionError(name + " was not asked for");
        }
        return made;
    }

    private VectorHits query(String text) throws Exception {
        return query(new VectorQuery(text, null, List.of(), List.of(), null, null, 1_000));
    }

    private VectorHits query(VectorQuery query) throws Exception {
        return await(onLoop(() -> queries.query(query)));
    }

    private static List<Long> ids(VectorHits hits) {
        return hits.hits().stream().map(VectorHits.Hit::id).toList();
    }

    /** The first query opens the index for those that follow. */
    private void awaitUp() throws Exception {
        await(onLoop(door::open));
        until(() -> door.state().equals("up"));
    }

    private static NewMemory said(String text, long at) {
        return new NewMemory(text, null, null, PROJECT, List.of(), List.of(), at, "talk");
    }

    private void save(int count) throws Exception {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add("text" + i + "x");
        }
        save(texts.toArray(String[]::new));
    }

    private void save(String... texts) throws Exception {
        for (int from = 0; from < texts.length; from += 100) {
            List<NewMemory> memories = new ArrayList<>();
            for (int i = from; i < Math.min(texts.length, from + 100); i++) {
                memories.add(new NewMemory(texts[i], null, null, PROJECT, List.of(), List.of(), 1_000L + i));
            }
            ask(Addresses.STORE_SAVE, new SaveMemories(memories, "test"));
        }
    }

    private void forget(Long... ids) throws Exception {
        ask(Addresses.STORE_FORGET, new Forget(List.of(ids), null, null, null, null, null, null, false));
    }

    private VectorStats stats() throws Exception {
        return ask(Addresses.STORE_VECTOR_STATS, Nothing.NOTHING);
    }

    private List<VectorSpaces.Space> spaces() throws Exception {
        return ask(Addresses.STORE_VECTOR_SPACES, Nothing.NOTHING).spaces();
    }

    private List<VectorRows.Row> vectors() throws Exception {
        return ask(Addresses.STORE_VECTOR_LOAD, new LoadVectors(spaces().get(0).id(), 0, 5_000))
                .rows();
    }

    private void wake() {
        vertx.runOnContext(any -> sync.wake(1));
    }

    /** Wakes it, and waits until nothing is left to do. */
    private void settle() throws Exception {
        wake();
        until(() -> {
            VectorStats now = stats();
            return now.indexed() == now.total()
                    && now.deletions() == 0
                    && sync.lastFailure() == null
                    && !sync.working();
        });
    }

    /** All memories have vectors of this model, and there are no others. */
    private void awaitOnly(String model) throws Exception {
        wake();
        until(() -> spaces().size() == 1 && spaces().get(0).name().equals(model) && !sync.working());
        assertThat(stats().indexed()).isEqualTo(stats().total());
    }

    private HashingEmbedder awaitModel(String name) throws Exception {
        until(() -> embedders.containsKey(name));
        return model(name);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void until(Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not come about: " + stats() + ", " + spaces() + ", " + failure());
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private @Nullable String failure() {
        return sync.lastFailure();
    }

    private <Q, R> R ask(Address<Q, R> address, Q request) throws Exception {
        return await(bus.request(address, request));
    }

    /** The index lives on one event loop. */
    private <T> Future<T> onLoop(Supplier<Future<T>> work) {
        return Future.future(promise -> vertx.runOnContext(any -> work.get().onComplete(promise)));
    }

    private static <T> T await(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
