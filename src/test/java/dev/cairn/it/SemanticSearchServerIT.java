package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search server with a real {@code uvx chroma-mcp} of its own beside the worker's. */
class SemanticSearchServerIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SEARCH = "/api/search?query=" + Api.encode("cat sleeping on a sofa");
    private static final Map<String, String> BOTH = Map.of(
            "CAIRN_VECTOR_MODE",
            "chroma-mcp",
            "CAIRN_SEARCH_MODE",
            "process",
            "VIRTUAL_ENV",
            "/nowhere",
            "PYTHONPATH",
            "/nowhere");

    @TempDir
    Path home;

    private Path dir;
    private Marked marked;

    @BeforeAll
    static void chromaIsInstalled() {
        Marked.require();
        RealChroma.require();
    }

    @BeforeEach
    void directory() throws Exception {
        dir = Files.createDirectory(home.resolve("data"));
        marked = new Marked(dir);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        marked.awaitNone(2_000);
    }

    @Test
    @DisplayName(
            "G1, G3, G6: the search server answers by words and meaning, reads only, and is killed without a stray")
    void theChildAnswersByMeaning() throws Exception {
        try (WorkerProcess worker = WorkerProcess.launch(dir, BOTH, List.of())) {
            Api api = worker.api();
            index(api);
            assertThat(counts()).containsExactly(1L, 3L);

            JsonNode server = awaitReader(api, 0);
            JsonNode found = byMeaning(api, SEARCH);
            assertThat(found.at("/hits/0/title").asText()).contains("feline");
            assertThat(found.at("/coverage/indexed").asLong()).isEqualTo(3);
            assertThat(fallbacks(api)).as("the child answers").isEqualTo(fallbacksAfter(api));
            assertThat(counts()).as("collections and documents").containsExactly(1L, 3L);

            // A memory its Chroma does not know of makes that refuse filters; it is asked without.
            save(api, "A kitten sleeps in a basket", "/p/two");
            indexed(api, 4);
            JsonNode filtered = byMeaning(api, SEARCH + "&project=/p/two");
            assertThat(filtered.path("hits").findValuesAsText("project")).containsOnly("/p/two");
            assertThat(fallbacks(api)).isEqualTo(fallbacksAfter(api));

            List<Long> tree = tree(server);
            assertThat(tree).hasSizeGreaterThan(1);
            ProcessHandle.of(tree.get(0)).orElseThrow().destroyForcibly();
            awaitGone(tree, 2_000);
            JsonNode meanwhile = api.get(SEARCH).json();
            assertThat(meanwhile.path("total").asInt()).isPositive();
            awaitReader(api, tree.get(0));
            assertThat(counts()).containsExactly(1L, 4L);

            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
            assertThat(marked.pids()).isEmpty();
        }
    }

    @Test
    @DisplayName("B1: a worker that is killed takes both Chromas along within 2 s")
    void aKilledWorkerLeavesNoChroma() throws Exception {
        try (WorkerProcess worker = WorkerProcess.launch(dir, BOTH, List.of())) {
            Api api = worker.api();
            index(api);
            awaitReader(api, 0);
            assertThat(marked.pids()).hasSizeGreaterThanOrEqualTo(3);
            worker.kill();
            worker.awaitExit();
            marked.awaitNone(2_000);
        }
    }

    @Test
    @DisplayName("G7: SIGTERM, SIGINT and the end of its input each end the search server together with its Chroma")
    void itEndsItsOwnChroma() throws Exception {
        try (WorkerProcess worker = WorkerProcess.launch(dir, Map.of("CAIRN_VECTOR_MODE", "chroma-mcp"), List.of())) {
            index(worker.api());
            worker.terminate();
            worker.awaitExit();
        }
        assertThat(end("TERM")).isEqualTo(143);
        assertThat(end("INT")).isEqualTo(130);
        assertThat(end("EOF")).isZero();
    }

    @Test
    void withoutAWorkerAboveItStartsNoChroma() throws Exception {
        try (WorkerProcess worker = WorkerProcess.launch(dir, Map.of("CAIRN_VECTOR_MODE", "chroma-mcp"), List.of())) {
            index(worker.api());
            Process server = searchServer(Map.of());
            try (Writer in = server.outputWriter(StandardCharsets.UTF_8);
                    BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
                for (int i = 0; i < 3; i++) {
                    assertThat(ask(in, out).path("strategies").toString()).isEqualTo("[\"keyword\"]");
                }
                assertThat(server.toHandle().descendants()).isEmpty();
                in.close();
                assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
                assertThat(server.errorReader(StandardCharsets.UTF_8).lines())
                        .anyMatch(line -> line.contains("No worker has started this search server"));
            } finally {
                server.destroyForcibly().waitFor();
            }
        }
    }

    /** Starts one as a worker would, waits for its Chroma, ends it; gives the exit code. */
    private int end(String how) throws Exception {
        // The mark of another directory's worker: this test itself.
        String start = Files.readString(Path.of("/proc/self/stat"))
                .replaceFirst(".*\\) ", "")
                .split(" ", -1)[19];
        Process server = searchServer(Map.of(
                "_CAIRN_CHILD",
                "0123456789abcdef:test:1",
                "_CAIRN_OWNER",
                ProcessHandle.current().pid() + ":" + start));
        try (Writer in = server.outputWriter(StandardCharsets.UTF_8);
                BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            JsonNode found = ask(in, out);
            while (!found.path("strategies").toString().contains("semantic")) {
                assertThat(System.nanoTime()).as("only %s", found).isLessThan(deadline);
                Thread.sleep(100);
                found = ask(in, out);
            }
            List<Long> below =
                    server.toHandle().descendants().map(ProcessHandle::pid).toList();
            assertThat(below).isNotEmpty();
            if (how.equals("EOF")) {
                in.close();
            } else {
                Tools.run(home, Map.of(), List.of("kill", "-" + how, String.valueOf(server.pid())));
            }
            assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(below)
                    .as("ended before it did")
                    .noneMatch(pid -> ProcessHandle.of(pid).isPresent());
            return server.exitValue();
        } finally {
            // Above it is a test, not a worker: nobody else ends what a server leaves that had to be killed.
            List<ProcessHandle> left = server.toHandle().descendants().toList();
            server.destroyForcibly().waitFor();
            left.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static JsonNode ask(Writer in, BufferedReader out) throws IOException {
        in.write("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"cairn_search\","
                + "\"arguments\":{\"text\":\"cat sleeping on a sofa\",\"kinds\":[],\"types\":[],\"concepts\":[],"
                + "\"limit\":5,\"offset\":0,\"order\":\"relevance\",\"explain\":false}}}\n");
        in.flush();
        JsonNode answer = JSON.readTree(out.readLine());
        assertThat(answer.at("/result/structuredContent").isObject())
                .as(answer.toString())
                .isTrue();
        return answer.at("/result/structuredContent");
    }

    private Process searchServer(Map<String, String> marks) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-jar",
                WorkerProcess.JAR.toAbsolutePath().toString(),
                "search-server",
                "-conf",
                "{\"dataDir\":\"" + dir + "\",\"vector\":{\"mode\":\"chroma-mcp\"}}");
        builder.environment().keySet().removeIf(name -> name.startsWith("CAIRN_"));
        builder.environment().putAll(marks);
        return builder.start();
    }

    private static void index(Api api) throws Exception {
        save(api, "The night watchman walks through the harbour", "/p/one");
        save(api, "SQLite commits several writes in one transaction", "/p/one");
        save(api, "A feline naps on the couch", "/p/two");
        indexed(api, 3);
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

    private static JsonNode byMeaning(Api api, String path) throws Exception {
        return api.awaitJson(path, found -> found.path("strategies").toString().equals("[\"keyword\",\"semantic\"]"));
    }

    private static String fallbacks(Api api) throws Exception {
        return api.get("/health").json().at("/parts/search/detail/fallbacks").asText();
    }

    private static String fallbacksAfter(Api api) throws Exception {
        byMeaning(api, SEARCH);
        return fallbacks(api);
    }

    /** Waits for a search server that has a Chroma below itself, as the worker tells it. */
    private static JsonNode awaitReader(Api api, long otherThan) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        JsonNode processes = api.get("/api/processes").json();
        while (System.nanoTime() < deadline) {
            assertThat(api.get(SEARCH).status()).isEqualTo(200);
            processes = api.get("/api/processes").json();
            for (JsonNode child : processes.path("children")) {
                boolean other = child.path("pid").asLong() != otherThan;
                if (child.path("kind").asText().equals("search")
                        && other
                        && tree(child).size() > 1) {
                    return child;
                }
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no search server with a Chroma: " + processes);
    }

    /** The child's own pid first, then what the worker shows below it. */
    private static List<Long> tree(JsonNode child) {
        List<Long> pids = new ArrayList<>();
        pids.add(child.path("pid").asLong());
        child.path("descendants").forEach(below -> pids.add(below.path("pid").asLong()));
        return pids;
    }

    private static void awaitGone(List<Long> pids, long timeoutMs) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (pids.stream().anyMatch(pid -> ProcessHandle.of(pid).isPresent()) && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        assertThat(pids).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    }

    /** How many collections and documents Chroma's database has. */
    private List<Long> counts() throws Exception {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("chroma/db/chroma.sqlite3"));
                Statement statement = connection.createStatement()) {
            List<Long> counts = new ArrayList<>();
            for (String table : List.of("collections", "embeddings")) {
                try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
                    counts.add(row.getLong(1));
                }
            }
            return counts;
        }
    }
}
