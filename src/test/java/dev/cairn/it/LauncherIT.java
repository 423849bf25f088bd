package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.ContextQuery;
import dev.cairn.bus.MemoryClient;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.SaveMemories;
import dev.cairn.model.CairnException;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar under Vert.x's own launcher. */
class LauncherIT {
    @TempDir
    Path dir;

    private WorkerProcess launch(Map<String, String> environment, String... arguments) throws Exception {
        return WorkerProcess.launch(dir, environment, List.of(arguments));
    }

    @Test
    void helpExplainsTheWorkerAndTheCommands() throws Exception {
        try (WorkerProcess help = launch(Map.of(), "--help")) {
            assertThat(help.awaitExit()).isZero();
            assertThat(String.join("\n", help.output()))
                    .contains("-conf", "-options", "-cluster", "search WORDS", "Exit codes");
            assertThat(help.errors()).isEmpty();
        }
    }

    @Test
    void theConfFileIsReadAndTheSampleFileIsValid() throws Exception {
        Path conf = Files.writeString(dir.resolve("w.json"), "{\"context\":{\"maxTokens\":150}}");
        try (WorkerProcess worker =
                WorkerProcess.start(dir, "-conf", conf.toString(), "-options", "{\"eventLoopPoolSize\":3}")) {
            assertThat(worker.api().get("/health").status()).isEqualTo(200);
        }
        String sample = Path.of("conf/worker.json").toAbsolutePath().toString();
        try (WorkerProcess worker = WorkerProcess.start(dir, "-conf", sample)) {
            assertThat(worker.api().get("/health/ready").status()).isEqualTo(200);
        }
    }

    @Test
    void aWrongSettingIsNamedAndNothingStarts() throws Exception {
        Path conf = Files.writeString(dir.resolve("w.json"), "{\"http\":{\"prot\":1}}");
        try (WorkerProcess worker = launch(Map.of(), "-conf", conf.toString())) {
            assertThat(worker.awaitExit()).isEqualTo(2);
            assertThat(worker.errors()).hasSize(1);
            assertThat(worker.errors().get(0)).contains("http.prot", "http.port");
        }
        try (WorkerProcess worker = launch(Map.of("CAIRN_PORT", "x"))) {
            assertThat(worker.awaitExit()).isEqualTo(2);
            assertThat(worker.errors().get(0)).contains("http.port", "CAIRN_PORT");
        }
        try (WorkerProcess worker = launch(Map.of(), "-conf", "nowhere.json")) {
            assertThat(worker.awaitExit()).isEqualTo(2);
            assertThat(worker.errors().get(0)).contains("nowhere.json");
        }
        try (WorkerProcess worker = launch(Map.of(), "-nonsense")) {
            assertThat(worker.awaitExit()).isEqualTo(2);
        }
        try (WorkerProcess worker = launch(Map.of(), "nonsense")) {
            assertThat(worker.awaitExit()).isEqualTo(2);
        }
    }

    @Test
    void aClientInAnotherJvmOfTheClusterTalksToTheWorker() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(dir, "-cluster", "-cluster-host", "127.0.0.1")) {
            Vertx vertx = await(Vertx.builder()
                    .with(new VertxOptions().setEventBusOptions(new EventBusOptions().setHost("127.0.0.1")))
                    .withClusterManager(new HazelcastClusterManager())
                    .buildClustered());
            try {
                MemoryClient client = MemoryClient.create(vertx);
                NewMemory memory = new NewMemory(
                        "The harbour crane needs two keys", null, null, "harbour", List.of(), List.of(), null);
                long id = await(client.save(new SaveMemories(List.of(memory), "test")))
                        .ids()
                        .get(0);
                assertThat(await(client.search(SearchQuery.of("crane", "harbour", 5)))
                                .hits())
                        .singleElement()
                        .satisfies(hit -> assertThat(hit.id()).isEqualTo(id));
                assertThat(await(client.context(new ContextQuery("harbour", null)))
                                .text())
                        .contains("crane");
                assertThat(refusal(client.context(new ContextQuery("harbour", 1)))
                                .field())
                        .isEqualTo("maxTokens");
            } finally {
                await(vertx.close());
            }
            assertThat(worker.errors()).noneMatch(line -> line.contains("WARN") || line.contains("ERROR"));
        }
    }

    private static CairnException refusal(Future<?> future) throws Exception {
        try {
            await(future);
        } catch (ExecutionException e) {
            return (CairnException) e.getCause();
        }
        throw new AssertionError("was not refused");
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
