package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An event loop of the real worker is blocked. */
class WedgeIT {
    private static final Duration PROBE = Duration.ofSeconds(2);

    @TempDir
    Path dir;

    @Test
    @DisplayName("B3: health is unhealthy or silent within 5 s of a blocked loop, and well again after it")
    void healthShowsABlockedLoop() throws Exception {
        try (WorkerProcess worker = WorkerProcess.launch(dir, Map.of(), HeldLoops.JVM, List.of())) {
            worker.awaitReady();
            HeldLoops held = HeldLoops.hold(worker, 1);
            awaitHealth(worker, false, 5);
            worker.awaitError("An event loop has not answered");
            held.release();
            awaitHealth(worker, true, 30);
            worker.awaitError("The event loop answers again");
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
        }
    }

    @Test
    @DisplayName(
            "B3: a worker whose loop stays blocked ends with 70, so that its supervisor starts another; no child stays")
    void aWedgedWorkerEnds() throws Exception {
        Marked.require();
        Map<String, String> environment = Map.of(
                "CAIRN_WATCHDOG_HALTMS", "4000", "CAIRN_PROCESS_DEADLINEMS", "2000", "CAIRN_SEARCH_MODE", "process");
        try (WorkerProcess worker = WorkerProcess.launch(dir, environment, HeldLoops.JVM, List.of())) {
            worker.awaitReady();
            Marked marked = new Marked(dir);
            marked.awaitAtLeast(1, worker.api());
            HeldLoops.hold(worker, 1);
            assertThat(worker.awaitExit()).isEqualTo(70);
            assertThat(worker.errors()).anyMatch(line -> line.contains("the worker ends"));
            marked.awaitNone(2_000);
        }
        try (WorkerProcess next = WorkerProcess.start(dir)) {
            assertThat(next.api().get("/health/ready").status()).isEqualTo(200);
        }
    }

    /** Probes on connections of their own, as probes do: each may come to any of the loops. */
    private static void awaitHealth(WorkerProcess worker, boolean healthy, long deadlineS) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(deadlineS);
        int inARow = 0;
        while (inARow < 4) {
            inARow = healthy(worker) == healthy ? inARow + 1 : 0;
            if (System.nanoTime() > deadline && inARow == 0) {
                throw new AssertionError("health did not become " + (healthy ? "good" : "bad"));
            }
        }
    }

    private static boolean healthy(WorkerProcess worker) throws Exception {
        HttpClient probe = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PROBE)
                .build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(worker.url() + "/health"))
                .timeout(PROBE)
                .build();
        try {
            return probe.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (HttpTimeoutException e) {
            return false;
        }
    }
}
