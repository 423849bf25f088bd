package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
            awaitFiguresOfTheJvm(worker);
        }
        String sample = Path.of("conf/worker.json").toAbsolutePath().toString();
        try (WorkerProcess worker = WorkerProcess.start(dir, "-conf", sample)) {
            assertThat(worker.api().get("/health/ready").status()).isEqualTo(200);
            awaitFiguresOfTheJvm(worker);
        }
    }

    /** They come after the ready line, and by either way to start. */
    private static void awaitFiguresOfTheJvm(WorkerProcess worker) throws Exception {
        String figures = worker.api()
                .await("/metrics", answer -> answer.body().contains("process_uptime_seconds"))
                .body();
        assertThat(figures).contains("jvm_memory_used_bytes", "jvm_gc_", "system_cpu_usage");
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
}
