package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cairn backup} beside a worker that writes, and what the documentation says to do with the copy. */
class BackupIT {
    private static final int BEFORE = 200;

    @TempDir
    Path dir;

    private final AtomicInteger answered = new AtomicInteger();

    private void save(Api api) throws Exception {
        String text = "{\"project\":\"zoo\",\"text\":\"walrus" + answered.get() + "\"}";
        assertThat(api.post("/api/memories", text).status()).isEqualTo(201);
        answered.incrementAndGet();
    }

    private int backup(Path data, Path copy, String expected) throws Exception {
        try (WorkerProcess command = WorkerProcess.launch(data, Map.of(), List.of("backup", copy.toString()))) {
            int exitCode = command.awaitExit();
            assertThat(String.join("\n", command.output()) + String.join("\n", command.errors()))
                    .contains(expected);
            return exitCode;
        }
    }

    @Test
    void aCopyMadeWhileTheWorkerWritesHasAllThatWasAnsweredAndIsServedAgain() throws Exception {
        Path data = Files.createDirectory(dir.resolve("data"));
        Path copy = dir.resolve("copy.db");
        ExecutorService writer = Executors.newSingleThreadExecutor();
        int before;
        try (WorkerProcess worker = WorkerProcess.start(data)) {
            Api api = worker.api();
            AtomicBoolean enough = new AtomicBoolean();
            while (answered.get() < BEFORE) {
                save(api);
            }
            Future<?> writing = writer.submit(() -> {
                while (!enough.get()) {
                    save(api);
                }
                return null;
            });
            before = answered.get();
            assertThat(backup(data, copy, "copied ")).isZero();
            enough.set(true);
            writing.get(30, TimeUnit.SECONDS);
            assertThat(answered).as("it wrote all the time").hasValueGreaterThan(before);
            assertThat(backup(data, copy, "is there already")).isEqualTo(4);
        } finally {
            writer.shutdownNow();
        }

        Path restored = Files.createDirectory(dir.resolve("restored"));
        Files.copy(copy, restored.resolve("cairn.db"));
        try (WorkerProcess worker = WorkerProcess.start(restored)) {
            Api api = worker.api();
            assertThat(api.get("/api/stats").json().path("observations").asInt())
                    .isBetween(before, answered.get());
            assertThat(api.get("/api/search?query=walrus" + (before - 1))
                            .json()
                            .path("total")
                            .asInt())
                    .isEqualTo(1);
        }
        assertThat(backup(restored, dir.resolve("again.db"), "copied "))
                .as("without a worker too")
                .isZero();
    }
}
