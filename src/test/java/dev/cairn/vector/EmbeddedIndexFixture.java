package dev.cairn.vector;

import dev.cairn.bus.Address;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.LoadVectors;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.bus.VectorRows;
import dev.cairn.bus.VectorSpaces;
import dev.cairn.bus.VectorStats;
import dev.cairn.config.ConfigLoader;
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
import org.junit.jupiter.api.io.TempDir;

/** An index in the worker, against the real store on the real bus; only the model is a simple one. */
abstract class EmbeddedIndexFixture {
    static final String PROJECT = "/home/u/cairn";

    @TempDir
    Path directory;

    Vertx vertx = Vertx.vertx();
    Bus bus = new Bus(vertx);
    final Map<String, HashingEmbedder> embedders = new ConcurrentHashMap<>();
    final Map<String, String> broken = new ConcurrentHashMap<>();
    EmbeddedDoor door;
    VectorSync sync;
    SemanticQueries queries;

    @BeforeEach
    void open() throws Exception {
        openStore();
        start("model-a");
    }

    void openStore() throws Exception {
        await(vertx.deployVerticle(
                new StoreVerticle(ConfigLoader.of(new JsonObject().put("dataDir", directory.toString())), null)));
    }

    /** The model's name is its id as well. */
    void start(String model) {
        embedders.clear();
        door = new EmbeddedDoor(vertx, bus, model, this::embedder);
        sync = new VectorSync(vertx, bus, door, 5);
        queries = new SemanticQueries(door, sync);
    }

    HashingEmbedder embedder(String model) {
        HashingEmbedder made = new HashingEmbedder(vertx, model);
        made.broken = broken.get(model);
        embedders.put(model, made);
        return made;
    }

    /** As a worker that ends, and starts again on the same file. */
    void restart(String model) throws Exception {
        sync.close();
        await(onLoop(door::close));
        kill(model);
    }

    /** Without any farewell of the index. */
    void kill(String model) throws Exception {
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

    HashingEmbedder model(String name) {
        HashingEmbedder made = embedders.get(name);
        if (made == null) {
            throw new AssertionError(name + " was not asked for");
        }
        return made;
    }

    VectorHits query(String text) throws Exception {
        return query(new VectorQuery(text, null, List.of(), List.of(), null, null, 1_000));
    }

    VectorHits query(VectorQuery query) throws Exception {
        return await(onLoop(() -> queries.query(query)));
    }

    static List<Long> ids(VectorHits hits) {
        return hits.hits().stream().map(VectorHits.Hit::id).toList();
    }

    /** The first query opens the index for those that follow. */
    void awaitUp() throws Exception {
        await(onLoop(door::open));
        until(() -> door.state().equals("up"));
    }

    void save(int count) throws Exception {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add("text" + i + "x");
        }
        save(texts.toArray(String[]::new));
    }

    void save(String... texts) throws Exception {
        for (int from = 0; from < texts.length; from += 100) {
            List<NewMemory> memories = new ArrayList<>();
            for (int i = from; i < Math.min(texts.length, from + 100); i++) {
                memories.add(new NewMemory(texts[i], null, null, PROJECT, List.of(), List.of(), 1_000L + i));
            }
            ask(Addresses.STORE_SAVE, new SaveMemories(memories, "test"));
        }
    }

    VectorStats stats() throws Exception {
        return ask(Addresses.STORE_VECTOR_STATS, Nothing.NOTHING);
    }

    List<VectorSpaces.Space> spaces() throws Exception {
        return ask(Addresses.STORE_VECTOR_SPACES, Nothing.NOTHING).spaces();
    }

    List<VectorRows.Row> vectors() throws Exception {
        return ask(Addresses.STORE_VECTOR_LOAD, new LoadVectors(spaces().get(0).id(), 0, 5_000))
                .rows();
    }

    void wake() {
        vertx.runOnContext(any -> sync.wake(1));
    }

    /** Wakes it, and waits until nothing is left to do. */
    void settle() throws Exception {
        wake();
        until(() -> {
            VectorStats now = stats();
            return now.indexed() == now.total()
                    && now.deletions() == 0
                    && sync.lastFailure() == null
                    && !sync.working();
        });
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    void until(Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not come about: " + stats() + ", " + spaces() + ", " + failure());
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Nullable
    String failure() {
        return sync.lastFailure();
    }

    <Q, R> R ask(Address<Q, R> address, Q request) throws Exception {
        return await(bus.request(address, request));
    }

    /** The index lives on one event loop. */
    <T> Future<T> onLoop(Supplier<Future<T>> work) {
        return Future.future(promise -> vertx.runOnContext(any -> work.get().onComplete(promise)));
    }

    static <T> T await(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
