package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.InstanceFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One worker for each data directory, and how it is found. */
class InstanceIT {
    @TempDir
    Path dir;

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (InstanceFile.read(dir).isPresent()) {
            try (WorkerProcess stop = command("stop")) {
                stop.awaitExit();
            }
        }
    }

    private WorkerProcess command(String... arguments) throws Exception {
        return WorkerProcess.launch(dir, Map.of(), List.of("-XX:TieredStopAtLevel=1"), List.of(arguments));
    }

    @Test
    @DisplayName("A4: a second worker on the same data directory ends with 4 and a clear message")
    void aSecondWorkerIsRefused() throws Exception {
        try (WorkerProcess first = WorkerProcess.start(dir);
                WorkerProcess second = WorkerProcess.launch(dir, Map.of(), List.of())) {
            assertThat(second.awaitExit()).isEqualTo(4);
            String refusal = "cairn: a worker (pid " + first.pid() + ", " + first.url() + ")";
            assertThat(second.errors()).anyMatch(line -> line.startsWith(refusal));
            assertThat(first.api().get("/health").status()).isEqualTo(200);
        }
    }

    @Test
    @DisplayName("B4: the lock file of a dead owner is reclaimed at once")
    void aDeadOwnersLockIsReclaimed() throws Exception {
        try (WorkerProcess first = WorkerProcess.start(dir)) {
            first.kill();
            first.awaitExit();
        }
        assertThat(InstanceFile.read(dir)).isPresent();
        try (WorkerProcess second = WorkerProcess.start(dir)) {
            assertThat(InstanceFile.read(dir).orElseThrow().pid()).isEqualTo(second.pid());
        }
    }

    @Test
    @DisplayName("B7: health echoes the instance id of the ready line")
    void healthEchoesTheInstance() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            String id = worker.awaitReady().replaceAll(".* instance=", "");
            for (String route : List.of("/health", "/health/live", "/health/ready")) {
                assertThat(worker.api().get(route).json().path("instance").asText())
                        .isEqualTo(id);
            }
        }
    }

    @Test
    @DisplayName("B2, B6: thirty starts at once make one worker; every one of them ends with 0")
    void manyStartsMakeOneWorker() throws Exception {
        List<WorkerProcess> starts = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            starts.add(command("start"));
        }
        int started = 0;
        for (WorkerProcess start : starts) {
            assertThat(start.awaitExit()).as("%s", start.errors()).isZero();
            started += (int) start.output().stream()
                    .filter(line -> line.startsWith("started"))
                    .count();
        }
        assertThat(started).isEqualTo(1);
        long pid = InstanceFile.read(dir).orElseThrow().pid();
        assertThat(ProcessHandle.of(pid)).isPresent();
        WorkerProcess stop = command("stop");
        assertThat(stop.awaitExit()).isZero();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(command("status").awaitExit()).as("not running").isEqualTo(3);
    }

    @Test
    @DisplayName("H2: what it writes is for its owner alone")
    void filesAreForTheirOwner() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            assertThat(worker.api().get("/health").status()).isEqualTo(200);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir)))
                    .isEqualTo("rwx------");
            for (String file : List.of("cairn.db", "instance.lock")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve(file))))
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    @DisplayName("B5: a data directory that cannot be made is refused in one clear line")
    void anUnusableDirectoryIsRefused() throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "in the way");
        try (WorkerProcess worker = WorkerProcess.launch(
                dir, Map.of("CAIRN_DATA_DIR", file.resolve("data").toString()), List.of())) {
            assertThat(worker.awaitExit()).isEqualTo(1);
            assertThat(worker.errors()).hasSize(1);
            assertThat(worker.errors().get(0)).startsWith("cairn: cannot use the data directory");
        }
    }
}
