package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop that hangs ends all the same. */
class StopWatchdogIT {
    @TempDir
    Path dir;

    @Test
    @DisplayName("A stop whose shutdown hook never returns is halted with 70 at its deadline")
    void aHungHookIsHalted() throws Exception {
        long begin = System.nanoTime();
        Tools.Run run = Tools.run(
                dir,
                Map.of(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.cairn.worker.HungStop",
                        "500"));
        assertThat(run.exitCode()).as(run.output()).isEqualTo(70);
        assertThat(millisSince(begin)).isBetween(500L, 10_000L);
    }

    @Test
    @DisplayName("The real worker with an event loop held is halted with 70 at its deadline, and leaves no child")
    void aHeldWorkerIsHalted() throws Exception {
        Marked.require();
        long deadlineMs = 3_000;
        try (WorkerProcess worker = WorkerProcess.launch(
                dir,
                Map.of("CAIRN_PROCESS_DEADLINEMS", String.valueOf(deadlineMs), "CAIRN_SEARCH_MODE", "process"),
                HeldLoops.JVM,
                List.of())) {
            worker.awaitReady();
            Marked marked = new Marked(dir);
            marked.awaitAtLeast(1, worker.api());
            HeldLoops.hold(worker);
            long begin = System.nanoTime();
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(70);
            assertThat(millisSince(begin)).isBetween(deadlineMs, deadlineMs + 2_000);
            assertThat(worker.errors())
                    .anyMatch(line -> line.contains("The stop took more than " + deadlineMs + " ms"));
            marked.awaitNone(2_000);
        }
    }

    private static long millisSince(long begin) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }
}
