package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.ContextQuery;
import dev.cairn.bus.ContextText;
import dev.cairn.bus.Forget;
import dev.cairn.bus.MemoryClient;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.RecordEvents;
import dev.cairn.bus.Recorded;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.Timeline;
import dev.cairn.bus.TimelineQuery;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigLoader;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.EventKind;
import dev.cairn.model.SearchQuery;
import dev.cairn.model.Summary;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an application embeds the worker: the example of the documentation. */
class EmbeddedWorkerExampleTest {
    @TempDir
    Path dir;

    private final Vertx vertx = Vertx.vertx();
    private Worker worker;
    private MemoryClient memory;

    @BeforeEach
    void start() throws Exception {
        CairnConfig config = ConfigLoader.of(new JsonObject()
                .put("dataDir", dir.toString())
                .put("http", new JsonObject().put("port", 0))
                .put("vector", new JsonObject().put("mode", "off")));
        worker = await(Worker.start(vertx, config));
        memory = MemoryClient.create(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        await(worker.close());
        await(vertx.close());
    }

    @Test
    void savesFindsTellsAndForgets() throws Exception {
        NewMemory note = new NewMemory(
                "The harbour crane needs two keys", null, "decision", "harbour", List.of(), List.of(), null);
        long id = await(memory.save(new SaveMemories(List.of(note), "example")))
                .ids()
                .get(0);

        SearchResult found = await(memory.search(SearchQuery.of("crane keys", "harbour", 10)));
        assertThat(found.hits())
                .singleElement()
                .satisfies(hit -> assertThat(hit.id()).isEqualTo(id));
        assertThat(found.strategies()).containsExactly("keyword");

        Timeline around = await(memory.timeline(new TimelineQuery(id, null, null, 5, 5, null)));
        assertThat(around.items()).hasSize(1);

        ContextText context = await(memory.context(new ContextQuery("harbour", null)));
        assertThat(context.text()).contains("crane");

        await(memory.forget(new Forget(List.of(id), null, null, null, null, null, null, false)));
        assertThat(await(memory.search(SearchQuery.of("crane", "harbour", 10))).hits())
                .isEmpty();
    }

    @Test
    void recordsASessionAndHearsOfItsSummary() throws Exception {
        CompletableFuture<Summary> heard = new CompletableFuture<>();
        memory.onSummary(heard::complete);
        Recorded recorded = await(memory.record(new RecordEvents(List.of(
                event(EventKind.PROMPT, "UserPromptSubmit", "Paint the crane", null),
                event(EventKind.STOP, "Stop", null, "Painted it yellow")))));
        assertThat(recorded.stored()).isEqualTo(2);
        Summary summary = heard.get(20, TimeUnit.SECONDS);
        assertThat(summary.request()).isEqualTo("Paint the crane");
        assertThat(summary.notes()).contains("yellow");
    }

    @Test
    void closingManyTimesSharesOneStop() throws Exception {
        Future<Void> first = worker.close();
        assertThat(worker.close()).isSameAs(first);
        await(first);
        assertThat(worker.close()).isSameAs(first);
    }

    private AgentEvent event(EventKind kind, String name, @Nullable String prompt, @Nullable String text) {
        return new AgentEvent(
                kind,
                name,
                "example",
                "session-1",
                dir.toString(),
                "prompt-1",
                null,
                prompt,
                null,
                null,
                null,
                null,
                null,
                null,
                text,
                null,
                System.currentTimeMillis());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
