package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worker with a real Chroma server, and its own embedding model. */
class ChromaHttpIT {
    private static final String TOKEN = "s3cret-of-the-chroma-server";

    @TempDir
    Path home;

    private Path data;
    private Path kept;

    @BeforeAll
    static void chromaIsInstalled() {
        ChromaServerProcess.require();
    }

    @BeforeEach
    void directories() throws IOException {
        data = Files.createDirectory(home.resolve("data"));
        kept = Files.createDirectory(home.resolve("chroma"));
    }

    private static Map<String, String> mode(ChromaServerProcess server, String... more) {
        Map<String, String> mode = new TreeMap<>();
        mode.put("CAIRN_VECTOR_MODE", "chroma-http");
        mode.put("CAIRN_VECTOR_CHROMA_URL", server.url());
        mode.put("CAIRN_VECTOR_CHROMA_TOKEN", TOKEN);
        for (int i = 0; i < more.length; i += 2) {
            mode.put(more[i], more[i + 1]);
        }
        return mode;
    }

    @Test
    @DisplayName("G1, G2, G5: finds by meaning; by words while the server is dead; builds anew what came back empty")
    void theServerDiesAndComesBackEmpty() throws Exception {
        try (ChromaServerProcess server = ChromaServerProcess.start(kept);
                WorkerProcess worker = WorkerProcess.launch(data, mode(server), List.of())) {
            Api api = worker.api();
            long watchman = save(api, "The night watchman walks through the harbour", "/p/one");
            save(api, "SQLite commits several writes in one transaction", "/p/one");
            save(api, "A feline naps on the couch", "/p/two");
            indexed(api, 3);
            assertThat(server.count()).isEqualTo(3);
            assertThat(server.collection().path("name").asText()).startsWith("cairn-bge-small-en-v1.5-q");
            assertThat(server.collection().at("/configuration_json/hnsw/space").asText())
                    .isEqualTo("cosine");

            JsonNode found = semantic(api, "cat sleeping on a sofa", hits -> true);
            assertThat(found.at("/hits/0/title").asText()).contains("feline");
            assertThat(found.at("/coverage/indexed").asLong()).isEqualTo(3);
            JsonNode elsewhere = api.get("/api/search?project=/p/one&query=" + Api.encode("cat sleeping on a sofa"))
                    .json();
            assertThat(elsewhere.path("hits").findValuesAsText("project")).doesNotContain("/p/two");

            // What is forgotten leaves the server too.
            assertThat(api.post("/api/forget", "{\"ids\":[" + watchman + "]}").status())
                    .isEqualTo(200);
            awaitCount(server, 2);

            server.kill();
            JsonNode byWords = api.get("/api/search?query=feline").json();
            assertThat(byWords.path("hits")).hasSize(1);
            assertThat(byWords.path("strategies").toString()).isEqualTo("[\"keyword\"]");
            for (int i = 0; i < 5; i++) {
                assertThat(api.post("/hooks/UserPromptSubmit", prompt(i)).status())
                        .isEqualTo(200);
            }
            save(api, "Bread is baked before dawn", "/p/two");
            JsonNode down =
                    api.awaitJson("/health", now -> !now.at("/parts/vector/up").asBoolean());
            assertThat(down.path("status").asText()).isEqualTo("degraded");
            assertThat(down.at("/parts/vector/detail/reason").asText()).contains("Chroma at " + server.url());

            deleteTree(kept.resolve("data"));
            server.restart();
            long total = api.get("/api/stats").json().at("/vectors/total").asLong();
            indexed(api, total);
            awaitCount(server, total);
            semantic(
                    api,
                    "cat sleeping on a sofa",
                    hits -> hits.at("/hits/0/title").asText().contains("feline"));
            semantic(
                    api,
                    "loaves in the oven at daybreak",
                    hits -> hits.at("/hits/0/title").asText().contains("Bread"));
            JsonNode health = api.awaitJson(
                    "/health", now -> now.at("/parts/vector/detail/rebuilds").asInt() == 2);
            assertThat(health.at("/parts/vector/state").asText()).isEqualTo("up");
            assertThat(health.at("/parts/vector/detail/door").asText()).isEqualTo("chroma-http");
            assertThat(health.at("/parts/vector/detail/url").asText()).isEqualTo(server.url());

            assertThat(health + api.get("/api/settings").body() + worker.errors() + worker.output())
                    .as("the token is nowhere to be seen")
                    .doesNotContain(TOKEN);
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
        }
    }

    @Test
    @DisplayName("G5: a collection that somebody drops while nobody writes is noticed and built anew")
    void aDroppedCollectionIsBuiltAnew() throws Exception {
        try (ChromaServerProcess server = ChromaServerProcess.start(kept);
                WorkerProcess worker = WorkerProcess.launch(data, mode(server), List.of())) {
            Api api = worker.api();
            save(api, "The night watchman walks through the harbour", "/p/one");
            indexed(api, 1);
            semantic(
                    api, "guard patrolling the docks", hits -> hits.path("hits").size() == 1);

            server.drop(server.collection().path("name").asText());
            awaitCount(server, 1);
            semantic(
                    api, "guard patrolling the docks", hits -> hits.path("hits").size() == 1);
        }
    }

    @Test
    @DisplayName("G1: a server that is not there at the start, or hangs, costs a search nothing but its meaning")
    void aServerThatIsNotThereOrHangs() throws Exception {
        try (ChromaServerProcess server = ChromaServerProcess.start(kept)) {
            server.kill();
            try (WorkerProcess worker = WorkerProcess.launch(data, mode(server), List.of())) {
                Api api = worker.api();
                save(api, "The night watchman walks through the harbour", "/p/one");
                assertThat(byWords(api)).isLessThan(1_000);
                api.awaitJson(
                        "/health", now -> now.at("/parts/vector/state").asText().equals("degraded"));

                server.restart();
                indexed(api, 1);
                semantic(
                        api,
                        "guard patrolling the docks",
                        hits -> hits.path("hits").size() == 1);

                server.signal("STOP");
                try {
                    assertThat(byWords(api)).isLessThan(3_000);
                    assertThat(api.post("/hooks/UserPromptSubmit", prompt(1)).status())
                            .isEqualTo(200);
                } finally {
                    server.signal("CONT");
                }
                indexed(api, 2);
                semantic(
                        api,
                        "guard patrolling the docks",
                        hits -> hits.path("hits").size() >= 1);
            }
        }
    }

    @Test
    @DisplayName("G3: two workers on one server have a collection each; a search server reads its worker's by itself")
    void twoWorkersAndASearchServer() throws Exception {
        Path other = Files.createDirectory(home.resolve("other"));
        try (ChromaServerProcess server = ChromaServerProcess.start(kept);
                WorkerProcess one =
                        WorkerProcess.launch(data, mode(server, "CAIRN_SEARCH_MODE", "process"), List.of())) {
            Api api = one.api();
            save(api, "The night watchman walks through the harbour", "/p/one");
            indexed(api, 1);
            try (WorkerProcess two = WorkerProcess.launch(other, mode(server), List.of())) {
                save(two.api(), "A feline naps on the couch", "/p/two");
                indexed(two.api(), 1);
                assertThat(server.collections()).hasSize(2);
                JsonNode found = semantic(
                        two.api(),
                        "cat sleeping on a sofa",
                        hits -> hits.path("hits").size() == 1);
                assertThat(found.at("/hits/0/title").asText()).contains("feline");
            }

            JsonNode search = api.awaitJson(
                    "/health",
                    now -> now.at("/parts/search/detail/child").asText().equals("up"));
            String before = search.at("/parts/search/detail/fallbacks").asText();
            JsonNode found = semantic(
                    api, "guard patrolling the docks", hits -> hits.path("hits").size() == 1);
            assertThat(found.at("/hits/0/title").asText()).contains("watchman");
            assertThat(api.get("/health")
                            .json()
                            .at("/parts/search/detail/fallbacks")
                            .asText())
                    .as("the search server answers")
                    .isEqualTo(before);
            assertThat(commands(one.pid()))
                    .as("no Chroma of ours, and no token among the arguments")
                    .noneMatch(command -> command.contains("chroma-mcp") || command.contains(TOKEN));
        }
    }

    private static long byWords(Api api) throws Exception {
        long begin = System.nanoTime();
        JsonNode found = api.get("/api/search?query=watchman").json();
        assertThat(found.path("hits")).hasSize(1);
        assertThat(found.path("strategies").toString()).isEqualTo("[\"keyword\"]");
        return (System.nanoTime() - begin) / 1_000_000;
    }

    private static long save(Api api, String text, String project) throws Exception {
        Api.Answer saved = api.post(
                "/api/memories",
                "{\"text\":\"" + text + "\",\"title\":\"" + text + "\",\"project\":\"" + project + "\"}");
        assertThat(saved.status()).as(saved.body()).isIn(200, 201);
        return saved.json().at("/ids/0").asLong(saved.json().path("id").asLong());
    }

    private static String prompt(int number) {
        return "{\"session_id\":\"s\",\"cwd\":\"/p/two\",\"prompt_id\":\"p" + number
                + "\",\"hook_event_name\":\"UserPromptSubmit\",\"prompt\":\"Look at number " + number + "\"}";
    }

    private static void indexed(Api api, long count) throws Exception {
        api.awaitJson("/api/stats", stats -> stats.at("/vectors/indexed").asLong() == count);
    }

    private static void awaitCount(ChromaServerProcess server, long count) throws Exception {
        long deadline = System.nanoTime() + 30_000_000_000L;
        long now = server.count();
        while (now != count) {
            assertThat(System.nanoTime()).as("it has " + now).isLessThan(deadline);
            Thread.sleep(50);
            now = server.count();
        }
    }

    /** The first query after a pause only looks for the server. */
    private static JsonNode semantic(Api api, String query, Predicate<JsonNode> fits) throws Exception {
        return api.awaitJson(
                "/api/search?query=" + Api.encode(query),
                found -> found.path("strategies").toString().contains("semantic") && fits.test(found));
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
