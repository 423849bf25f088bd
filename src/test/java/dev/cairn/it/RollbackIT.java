package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code rollback.md} says, done with the real jar. */
class RollbackIT {
    /** Where SQLite's header has the schema's number. */
    private static final int VERSION_AT = 60;

    @TempDir
    Path dir;

    @Test
    @DisplayName("D8: a database that a newer build changed is refused with 4; the copy of before serves on")
    void theCopyServesAfterTheNewerDatabaseWasRefused() throws Exception {
        Path data = Files.createDirectory(dir.resolve("data"));
        Path before = dir.resolve("before");
        try (WorkerProcess worker = WorkerProcess.start(data)) {
            remember(worker, "The ferry leaves at seven");
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
        }
        copy(data, before);

        // What a newer build would leave: memories after the copy, and a schema of its own.
        try (WorkerProcess worker = WorkerProcess.start(data)) {
            remember(worker, "The ferry leaves at nine now");
            worker.terminate();
            worker.awaitExit();
        }
        int known = version(data);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("cairn.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = " + (known + 1));
        }
        byte[] newer = Files.readAllBytes(data.resolve("cairn.db"));
        try (WorkerProcess refused = WorkerProcess.launch(data, Map.of(), List.of())) {
            assertThat(refused.awaitExit()).isEqualTo(4);
            assertThat(refused.errors())
                    .anyMatch(line -> line.startsWith("cairn: ")
                            && line.contains("schema version " + (known + 1))
                            && line.contains("up to " + known));
        }
        assertThat(Files.readAllBytes(data.resolve("cairn.db"))).isEqualTo(newer);

        Files.move(data, dir.resolve("newer"));
        copy(before, data);
        try (WorkerProcess worker = WorkerProcess.start(data)) {
            assertThat(worker.api()
                            .get("/api/search?query=ferry")
                            .json()
                            .path("total")
                            .asInt())
                    .isEqualTo(1);
            remember(worker, "The ferry is painted green");
            assertThat(worker.api()
                            .get("/api/search?query=ferry")
                            .json()
                            .path("total")
                            .asInt())
                    .isEqualTo(2);
        }
    }

    @Test
    void aKilledWorkersDirectoryCopiedWholeHasEverything() throws Exception {
        Path data = Files.createDirectory(dir.resolve("data"));
        try (WorkerProcess worker = WorkerProcess.start(data)) {
            remember(worker, "The harbour closes in November");
            worker.kill();
            worker.awaitExit();
        }
        assertThat(Files.size(data.resolve("cairn.db-wal"))).isPositive();
        copy(data, dir.resolve("copy"));
        try (WorkerProcess worker = WorkerProcess.start(dir.resolve("copy"))) {
            assertThat(worker.api()
                            .get("/api/search?query=harbour")
                            .json()
                            .path("total")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void aSettingOfANewerBuildIsRefusedByItsName() throws Exception {
        Files.writeString(dir.resolve("settings.json"), "{\"observer\":{\"telepathy\":true}}");
        try (WorkerProcess worker = WorkerProcess.launch(dir, Map.of(), List.of())) {
            assertThat(worker.awaitExit()).isEqualTo(2);
            assertThat(worker.errors()).anyMatch(line -> line.contains("observer.telepathy"));
        }
    }

    private static void remember(WorkerProcess worker, String text) throws Exception {
        Api.Answer saved = worker.api().post("/api/memories", "{\"project\":\"harbour\",\"text\":\"" + text + "\"}");
        assertThat(saved.status()).as(saved.body()).isEqualTo(201);
    }

    private static int version(Path data) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(data.resolve("cairn.db"))).getInt(VERSION_AT);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
