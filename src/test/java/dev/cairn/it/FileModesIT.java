package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileModesIT {
    @TempDir
    Path dir;

    private static Map<String, String> openToOthers(Path root) throws Exception {
        Map<String, String> open = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                if (!mode.equals(Files.isDirectory(file) ? "rwx------" : "rw-------")) {
                    open.put(root.relativize(file).toString(), mode);
                }
            }
        }
        return open;
    }

    @Test
    @DisplayName("H2: whatever a worker makes is for its owner alone, with a child, a token, settings and a log")
    void everythingIsForTheOwner() throws Exception {
        Path data = dir.resolve("data");
        Map<String, String> environment =
                Map.of("CAIRN_DATA_DIR", data.toString(), "CAIRN_HTTP_AUTH", "token", "CAIRN_SEARCH_MODE", "process");
        try (WorkerProcess worker = WorkerProcess.launch(dir, environment, List.of())) {
            worker.awaitReady();
            String token = Files.readString(data.resolve("token")).strip();
            Api api = worker.api();
            assertThat(api.get("/api/stats").status()).isEqualTo(401);
            assertThat(api.get("/health").json().has("parts")).isFalse();
            assertThat(api.get("/health").json().has("instance")).isTrue();
            for (String name : Recording.ORDER) {
                assertThat(api.send(request(worker, token, "/hooks")
                                        .POST(HttpRequest.BodyPublishers.ofString(Recording.body(name))))
                                .status())
                        .isEqualTo(200);
            }
            assertThat(api.send(request(worker, token, "/api/settings")
                                    .PUT(HttpRequest.BodyPublishers.ofString("{\"context\":{\"summaries\":3}}")))
                            .status())
                    .isEqualTo(200);
            assertThat(data)
                    .isDirectoryContaining(file -> file.endsWith("settings.json"))
                    .isDirectoryContaining(file -> file.endsWith("processes"))
                    .isDirectoryContaining(file -> file.endsWith("logs"))
                    .isDirectoryContaining(file -> file.endsWith("cairn.db-wal"));
            assertThat(openToOthers(data)).isEmpty();
        }
    }

    private static HttpRequest.Builder request(WorkerProcess worker, String token, String path) throws Exception {
        return HttpRequest.newBuilder(URI.create(worker.url() + path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token);
    }
}
