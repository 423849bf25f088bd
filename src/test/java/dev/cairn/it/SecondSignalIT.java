package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A1, A7: the real worker with a child that ends of nothing but SIGKILL, told to end once, and more than once. */
class SecondSignalIT {
    private static final long GRACE_MS = 5_000;

    /** Never answers, ignores the end of its input and SIGTERM; so does what it started in a session of its own. */
    private static final String DEAF = """
            #!/bin/sh
            trap '' TERM INT HUP
            setsid sh -c 'trap "" TERM INT HUP; while :; do sleep 600; done' &
            while :; do sleep 600; done
            """;

    @TempDir
    Path home;

    private Path dir;
    private Path deaf;
    private Marked marked;

    @BeforeEach
    void directory() throws Exception {
        Marked.require();
        Tools.require("setsid");
        dir = Files.createDirectory(home.resolve("data"));
        deaf = Files.setPosixFilePermissions(
                Files.writeString(home.resolve("deaf"), DEAF), PosixFilePermissions.fromString("rwx------"));
        marked = new Marked(dir);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        marked.awaitNone(2_000);
    }

    private WorkerProcess worker(String... jvmOptions) throws Exception {
        WorkerProcess worker = WorkerProcess.launch(
                dir,
                Map.of(
                        "CAIRN_SEARCH_MODE",
                        "process",
                        "CAIRN_SEARCH_COMMAND",
                        deaf.toString(),
                        "CAIRN_PROCESS_GRACE_MS",
                        String.valueOf(GRACE_MS),
                        "CAIRN_PROCESS_DEADLINE_MS",
                        "30000"),
                List.of(jvmOptions),
                List.of());
        worker.awaitReady();
        marked.awaitAtLeast(4, worker.api());
        return worker;
    }

    private static long millisSince(long begin) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    @Test
    @DisplayName("A7: one SIGTERM gives a deaf child its whole grace")
    void oneSignalTakesTheGrace() throws Exception {
        try (WorkerProcess worker = worker()) {
            long begin = System.nanoTime();
            worker.signal("TERM");
            assertThat(worker.awaitExit()).isEqualTo(143);
            assertThat(millisSince(begin)).isGreaterThan(GRACE_MS);
            assertThat(marked.pids()).as("gone before the worker is").isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM,TERM,143", "INT,INT,130", "TERM,INT,143", "INT,TERM,130", "HUP,TERM,129"})
    @DisplayName("A7: a second signal skips the graces, and the first decides the exit code")
    void aSecondSignalSkipsTheGraces(String first, String second, int code) throws Exception {
        try (WorkerProcess worker = worker()) {
            long begin = System.nanoTime();
            worker.signal(first);
            worker.awaitError("Stopping:");
            worker.signal(second);
            assertThat(worker.awaitExit()).isEqualTo(code);
            assertThat(millisSince(begin)).as("milliseconds of the stop").isLessThan(GRACE_MS / 2);
            assertThat(marked.pids()).as("gone before the worker is").isEmpty();
            assertThat(worker.errors())
                    .filteredOn(line -> line.contains("Hurrying: "))
                    .singleElement()
                    .asString()
                    .endsWith("SIG" + second + " during the stop");
            assertThat(worker.errors())
                    .as("no link is cut short")
                    .noneMatch(line -> line.contains("with a failure") || line.contains("halting"));
        }
    }

    @Test
    @DisplayName("A7: signals without a pause are no different")
    void signalsInARowSkipTheGraces() throws Exception {
        try (WorkerProcess worker = worker()) {
            long begin = System.nanoTime();
            for (String name : List.of("TERM", "INT", "TERM", "TERM", "INT", "HUP")) {
                worker.signal(name);
            }
            // The JVM hands each to a thread of its own: any may be first.
            assertThat(worker.awaitExit()).isIn(129, 130, 143);
            assertThat(millisSince(begin)).as("milliseconds of the stop").isLessThan(GRACE_MS / 2);
            assertThat(marked.pids()).as("gone before the worker is").isEmpty();
        }
    }

    @Test
    @DisplayName("A7: the first signal after a request to end is no second one")
    void aSignalAfterARequestTakesTheGrace() throws Exception {
        try (WorkerProcess worker = worker()) {
            long begin = System.nanoTime();
            assertThat(worker.api().post("/api/admin/shutdown", "{}").status()).isEqualTo(202);
            worker.awaitError("Stopping:");
            worker.signal("TERM");
            assertThat(worker.awaitExit()).isZero();
            assertThat(millisSince(begin)).isGreaterThan(GRACE_MS);
        }
    }

    @Test
    @DisplayName("A7: a JVM that was told to leave signals alone starts all the same; its guardian cleans up")
    void aJvmThatLeavesSignalsAloneStartsAllTheSame() throws Exception {
        try (WorkerProcess worker = worker("-Xrs")) {
            worker.signal("TERM");
            assertThat(worker.awaitExit()).isEqualTo(143);
            marked.awaitNone(2_000);
        }
    }
}
