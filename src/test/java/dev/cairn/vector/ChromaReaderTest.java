package dev.cairn.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.bus.VectorStats;
import dev.cairn.model.CairnException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real files between the writer and the reader, and Chroma's behaviour in memory. */
class ChromaReaderTest {
    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final List<FakeChroma> opened = new ArrayList<>();
    private ChromaFiles files;
    private SharedIndex index;
    private ChromaReader reader;

    @BeforeEach
    void open() throws Exception {
        Bus bus = new Bus(vertx);
        await(bus.serve(
                        Addresses.STORE_VECTOR_STATS,
                        any -> Future.succeededFuture(new VectorStats(McpChroma.COLLECTION, 2, 2, 3, 0, 0)))
                .completion());
        files = new ChromaFiles(directory);
        files.prepare();
        SharedIndex.ensureMark(files);
        index = new SharedIndex(vertx, files);
        reader = new ChromaReader(bus, index, () -> {
            FakeChroma chroma = new FakeChroma();
            chroma.collection = new TreeMap<>();
            opened.add(chroma);
            return chroma;
        });
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private void thereIsAnIndex() throws Exception {
        Files.writeString(files.database().resolve("chroma.sqlite3"), "");
    }

    @Test
    @DisplayName("G3: where nothing is kept yet no Chroma is opened, which would make a database of its own")
    void nothingIsOpenedBeforeThereIsAnIndex() {
        assertThatThrownBy(() -> ask(query())).isInstanceOf(CairnException.class);
        assertThat(opened).allSatisfy(chroma -> assertThat(chroma.calls).isEmpty());
        assertThat(files.turn()).doesNotExist();
    }

    @Test
    @DisplayName(
            "G1: the first query is refused at once and starts Chroma for those that follow; nothing is ever written")
    void itOpensWhenItIsAsked() throws Exception {
        thereIsAnIndex();
        assertThatThrownBy(() -> ask(query())).isInstanceOf(CairnException.class);

        VectorHits hits = awaitAnswer();
        assertThat(hits.coverage().total()).isEqualTo(3);
        assertThat(opened).hasSize(1);
        assertThat(opened.get(0).calls).containsOnly("chroma_get_collection_count", "chroma_query_documents");
    }

    @Test
    void itDoesNotOpenWhileTheIndexIsChanged() throws Exception {
        thereIsAnIndex();
        Promise<String> change = Promise.promise();
        Promise<Void> begun = Promise.promise();
        Future<String> changed = on(() -> index.alone(SharedIndex.Change.WRITTEN, () -> {
            begun.complete();
            return change.future();
        }));
        await(begun.future());
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> ask(query())).isInstanceOf(CairnException.class);
        }
        assertThat(opened).hasSize(1);
        assertThat(opened.get(0).calls).isEmpty();

        change.complete("done");
        assertThat(await(changed)).isEqualTo("done");
        awaitAnswer();
    }

    @Test
    void anOldViewAnswersUntilThereIsANewerOne() throws Exception {
        thereIsAnIndex();
        awaitAnswer();
        await(on(() -> index.alone(SharedIndex.Change.WRITTEN, Future::succeededFuture)));

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (opened.get(0).recycled.isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            assertThat(ask(query()).hits()).isEmpty();
        }
        assertThat(opened).hasSize(2);
        assertThat(ask(query()).hits()).isEmpty();
        assertThat(opened.get(1).recycled).isEmpty();
    }

    @Test
    @DisplayName("G5: what was read of an index that was replaced is not asked again")
    void aReplacedIndexIsLeftAtOnce() throws Exception {
        thereIsAnIndex();
        awaitAnswer();
        int calls = opened.get(0).calls.size();
        await(on(() -> index.alone(SharedIndex.Change.REPLACED, Future::succeededFuture)));

        assertThatThrownBy(() -> ask(query())).isInstanceOf(CairnException.class);
        assertThat(opened.get(0).calls).hasSize(calls);
        assertThat(opened.get(0).recycled).hasSize(1);
        awaitAnswer();
        assertThat(opened).hasSize(2);
    }

    @Test
    void aFilterItRefusesIsLeftToTheStore() throws Exception {
        thereIsAnIndex();
        awaitAnswer();
        FakeChroma chroma = opened.get(0);
        int[] queries = {0};
        // As chroma-mcp does when a document fits the filter that its memory does not have.
        chroma.broken = tool -> tool.equals("chroma_query_documents") && queries[0]++ == 0;

        assertThat(ask(new VectorQuery("cat", "/p/a", List.of(), List.of(), null, null, 5))
                        .hits())
                .isEmpty();
        assertThat(queries[0]).isEqualTo(2);
    }

    private static VectorQuery query() {
        return new VectorQuery("cat", null, List.of(), List.of(), null, null, 5);
    }

    private VectorHits awaitAnswer() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try {
                return ask(query());
            } catch (CairnException refused) {
                assertThat(System.nanoTime()).as(refused.getMessage()).isLessThan(deadline);
                Thread.sleep(10);
            }
        }
    }

    private VectorHits ask(VectorQuery query) throws Exception {
        return await(on(() -> reader.query(query)));
    }

    private <T> Future<T> on(java.util.function.Supplier<Future<T>> call) {
        Promise<T> answer = Promise.promise();
        context.runOnContext(any -> call.get().onComplete(answer));
        return answer.future();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
