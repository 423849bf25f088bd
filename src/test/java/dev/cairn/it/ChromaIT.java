package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worker with the real {@code uvx chroma-mcp}, as {@code .ci/install-chroma} puts it in place. */
class ChromaIT {
    @TempDir
    Path directory;

    @BeforeAll
    static void chromaIsInstalled() {
        RealChroma.require();
    }

    @Test
    @DisplayName("G1, G5, G6: indexes, finds by meaning, answers by words when Chroma is killed, rebuilds a lost index")
    void theRealChroma() throws Exception {
        // G6: a Python environment of the launching shell would break the child at once.
        Map<String, String> shell = Map.of(
                "CAIRN_VECTOR_MODE",
                "chroma-mcp",
                "VIRTUAL_ENV",
                "/nowhere",
                "PYTHONPATH",
                "/nowhere",
                "PYTHONHOME",
                "/nowhere");
        List<Long> children;
        try (WorkerProcess worker = WorkerProcess.launch(directory, shell, List.of())) {
            Api api = worker.api();
            save(api, "The night watchman walks through the harbour", "/p/one");
            save(api, "SQLite commits several writes in one transaction", "/p/one");
            save(api, "A feline naps on the couch", "/p/two");
            indexed(api, 3);

            JsonNode found = semantic(api, "cat sleeping on a sofa", hits -> true);
            assertThat(found.at("/hits/0/title").asText()
                            + found.at("/hits/0/snippet").asText())
                    .contains("feline");
            assertThat(found.at("/coverage/indexed").asLong()).isEqualTo(3);
            JsonNode elsewhere = api.get("/api/search?project=/p/one&query=" + Api.encode("cat sleeping on a sofa"))
                    .json();
            assertThat(elsewhere.path("hits").findValuesAsText("project")).doesNotContain("/p/two");

            children = descendants(worker.pid());
            assertThat(commands(worker.pid())).anyMatch(command -> command.contains("chroma-mcp"));
            ProcessHandle.of(worker.pid())
                    .orElseThrow()
                    .descendants()
                    .filter(child -> child.info().commandLine().orElse("").contains("bin/chroma-mcp"))
                    .forEach(ProcessHandle::destroyForcibly);
            JsonNode byWords = api.get("/api/search?query=watchman").json();
            assertThat(byWords.path("hits")).hasSize(1);
            assertThat(byWords.path("strategies").toString()).contains("keyword");

            long forgotten = found.at("/hits/0/id").asLong();
            assertThat(api.post("/api/forget", "{\"ids\":[" + forgotten + "]}").status())
                    .isEqualTo(200);
            JsonNode after = api.awaitJson("/health", now -> {
                JsonNode detail = now.at("/parts/vector/detail");
                return detail.path("indexed").asInt() == 2
                        && detail.path("deletions").asInt() == 0;
            });
            assertThat(after.at("/parts/vector/detail/total").asText()).isEqualTo("2");

            worker.terminate();
            worker.awaitExit();
        }
        assertThat(children).noneMatch(pid -> ProcessHandle.of(pid).isPresent());

        deleteTree(directory.resolve("chroma/db"));
        try (WorkerProcess worker = WorkerProcess.launch(directory, shell, List.of())) {
            Api api = worker.api();
            save(api, "Bread is baked before dawn", "/p/two");
            long total = api.get("/api/stats").json().at("/vectors/total").asLong();
            indexed(api, total);
            semantic(
                    api,
                    "guard patrolling the docks",
                    hits -> hits.at("/hits/0/title").asText().contains("watchman"));
            JsonNode health = api.awaitJson(
                    "/health", now -> now.at("/parts/vector/detail/rebuilds").asInt() == 1);
            assertThat(health.at("/parts/vector/state").asText()).isEqualTo("up");
            worker.kill();
            worker.awaitExit();
        }
    }

    @Test
    @DisplayName("G5: a database that Chroma cannot read is put aside, and the index rebuilt from ours")
    void aCorruptDatabaseIsRebuilt() throws Exception {
        Map<String, String> mode = Map.of("CAIRN_VECTOR_MODE", "chroma-mcp");
        try (WorkerProcess worker = WorkerProcess.launch(directory, mode, List.of())) {
            save(worker.api(), "The night watchman walks through the harbour", "/p/one");
            indexed(worker.api(), 1);
            worker.terminate();
            worker.awaitExit();
        }
        byte[] garbage = new byte[64 * 1024];
        new java.util.Random(1).nextBytes(garbage);
        Files.write(directory.resolve("chroma/db/chroma.sqlite3"), garbage);
        try (WorkerProcess worker = WorkerProcess.launch(directory, mode, List.of())) {
            Api api = worker.api();
            save(api, "Bread is baked before dawn", "/p/two");
            api.awaitJson(
                    "/health",
                    now -> now.at("/parts/vector/detail/rebuilds").asInt() == 1
                            && now.at("/parts/vector/detail/indexed").asInt() == 2);
            semantic(
                    api,
                    "guard patrolling the docks",
                    hits -> hits.at("/hits/0/title").asText().contains("watchman"));
            assertThat(directory.resolve("chroma/db.broken/chroma.sqlite3")).hasBinaryContent(garbage);
        }
    }

    private static void save(Api api, String text, String project) throws Exception {
        Api.Answer saved = api.post(
                "/api/memories",
                "{\"text\":\"" + text + "\",\"title\":\"" + text + "\",\"project\":\"" + project + "\"}");
        assertThat(saved.status()).as(saved.body()).isIn(200, 201);
    }

    private static void indexed(Api api, long count) throws Exception {
        api.awaitJson("/api/stats", stats -> stats.at("/vectors/indexed").asLong() == count);
    }

    /** The first query after a pause only starts Chroma. */
    private static JsonNode semantic(Api api, String query, Predicate<JsonNode> fits) throws Exception {
        return api.awaitJson(
                "/api/search?query=" + Api.encode(query),
                found -> found.path("strategies").toString().contains("semantic") && fits.test(found));
    }

    private static List<Long> descendants(long pid) {
        return ProcessHandle.of(pid)
                .orElseThrow()
                .descendants()
                .map(ProcessHandle::pid)
                .toList();
    }

    private static List<String> commands(long pid) {
        return ProcessHandle.of(pid)
                .orElseThrow()
                .descendants()
                .map(child -> child.info().commandLine().orElse(""))
                .toList();
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
