package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
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
    void aBuildThatIsBrokenEndsAndSaysSo() throws Exception {
        Path broken = Files.createDirectories(dir.resolve("broken/dev/cairn/process"));
        Files.writeString(broken.resolve("Supervisor.class"), "no class");
        String classPath = dir.resolve("broken") + File.pathSeparator + WorkerProcess.JAR.toAbsolutePath();
        try (WorkerProcess worker = WorkerProcess.launchMain(dir, Map.of(), classPath, "dev.cairn.worker.Main")) {
            assertThat(worker.awaitExit()).isEqualTo(1);
            assertThat(worker.errors())
                    .filteredOn(line -> line.startsWith("cairn: "))
                    .singleElement()
                    .asString()
                    .contains("did not start", "ClassFormatError");
        }
    }

    @Test
    void whereTheKernelsCallsCannotBeReachedItServesWithTheLayersThatNeedNone() throws Exception {
        try (WorkerProcess worker =
                WorkerProcess.launch(dir, Map.of(), List.of("-Djna.tmpdir=/proc/none"), List.of())) {
            worker.awaitReady();
            assertThat(worker.errors()).anyMatch(line -> line.contains("children are owned by fewer layers"));
            assertThat(worker.api().get("/api/processes").json().path("layers").toString())
                    .contains("registry", "guardian")
                    .doesNotContain("pidfd", "subreaper");
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
}
