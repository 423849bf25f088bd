package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the real worker ends. */
class StopIT {
    private static final Pattern STOPPED = Pattern.compile("Stopped ([a-z ]+?) (?:in|after) \\d+ ms");
    private static final List<String> ORDER =
            List.of("observer", "sessions", "context", "search", "http", "vector sync", "store", "process", "worker");

    @TempDir
    Path dir;

    private static List<String> stopped(List<String> log) {
        List<String> order = new ArrayList<>();
        for (String line : log) {
            Matcher matcher = STOPPED.matcher(line);
            if (matcher.find()) {
                order.add(matcher.group(1));
            }
        }
        return order;
    }

    private static List<String> sinceStop(List<String> log) {
        int begin = 0;
        while (begin < log.size() && !log.get(begin).contains("Stopping:")) {
            begin++;
        }
        return log.subList(begin, log.size());
    }

    @Test
    void sigtermStopsTheLinksInOrderAndCanBeReadInTenLines() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
            assertThat(stopped(worker.errors())).isEqualTo(ORDER);
            assertThat(sinceStop(worker.errors())).hasSizeLessThanOrEqualTo(10);
            assertThat(worker.output()).hasSize(1);
        }
        assertThat(Files.readString(dir.resolve("instance.lock"))).isEmpty();
        assertThat(Files.exists(dir.resolve("cairn.db-wal")) ? Files.size(dir.resolve("cairn.db-wal")) : 0L)
                .as("the log was folded into the database")
                .isZero();
    }

    @Test
    void anAdminRequestEndsItWithExitCodeZero() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            Api api = worker.api();
            assertThat(api.post("/api/admin/shutdown", "{}").status()).isEqualTo(202);
            assertThat(worker.awaitExit()).isZero();
            assertThat(stopped(worker.errors())).isEqualTo(ORDER);
            Assertions.assertThatThrownBy(() -> api.get("/health/live")).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void aSignalDuringAStopDoesNotCutItShort() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            assertThat(worker.api().post("/api/admin/shutdown", "{}").status()).isEqualTo(202);
            worker.terminate();
            worker.terminate();
            worker.awaitExit();
            assertThat(stopped(worker.errors())).isEqualTo(ORDER);
        }
    }

    @Test
    void aSignalDuringTheStartEndsInOrderToo() throws Exception {
        try (WorkerProcess worker = WorkerProcess.launch(dir, Map.of(), List.of())) {
            worker.awaitError("starts on");
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
            // The start ends where it is; what was up by then goes down in the order of any stop, the root last.
            List<String> stopped = stopped(worker.errors());
            assertThat(stopped).isEqualTo(ORDER.subList(ORDER.size() - stopped.size(), ORDER.size()));
            assertThat(stopped).last().isEqualTo("worker");
            assertThat(worker.errors()).noneMatch(line -> line.startsWith("cairn: "));
            assertThat(worker.output()).isEmpty();
        }
        assertThat(Files.readString(dir.resolve("instance.lock"))).isEmpty();
    }

    @Test
    void aStartThatFailsAtItsPortTakesBackWhatWasUp() throws Exception {
        Path other = Files.createDirectory(dir.resolve("other"));
        try (WorkerProcess first = WorkerProcess.start(dir)) {
            String port = first.url().substring(first.url().lastIndexOf(':') + 1);
            try (WorkerProcess second = WorkerProcess.launch(other, Map.of("CAIRN_PORT", port), List.of())) {
                assertThat(second.awaitExit()).isEqualTo(4);
                assertThat(second.errors()).anyMatch(line -> line.startsWith("cairn: ") && line.contains(port));
                assertThat(second.output()).isEmpty();
                // The link whose door did not open is not in the order: it has nothing to close.
                assertThat(stopped(second.errors()))
                        .filteredOn(link -> !link.equals("http"))
                        .isEqualTo(ORDER.stream()
                                .filter(link -> !link.equals("http"))
                                .toList());
                assertThat(second.errors()).noneMatch(line -> line.contains("\tat "));
            }
            assertThat(first.api().get("/health").status()).isEqualTo(200);
        }
    }
}
