package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.cairn.bus.WireFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worker as it comes: with the model that is in its jar, and nothing beside it. */
class EmbeddedSearchIT {
    private static final Map<String, String> EMBEDDED = Map.of("CAIRN_VECTOR_MODE", "embedded");

    /** Shares no word with the memory that answers it, not even a stem. */
    private static final String SEARCH = "/api/search?limit=3&query=" + Api.encode("how do we sign in users");

    private static final String LOGIN = "Login relies on OAuth tokens from the identity provider";
    private static final List<String> MEMORIES = List.of(
            "The build cache lives on a shared disk and is emptied every Sunday",
            LOGIN,
            "Invoices are rounded half up, to two decimal places",
            "The harbour crane needs both keys before its motor starts",
            "Thumbnails are rendered by a queue of their own");

    /** The model is loaded, and three hundred memories are embedded, on whatever machine this is. */
    private static final long DEADLINE_MS = 180_000;

    @TempDir
    Path dir;

    @Test
    @DisplayName(
            "A question that shares no word with a memory finds it, at once after a restart too, and not once it is forgotten")
    void meaningFindsWhatWordsDoNot() throws Exception {
        long login;
        try (WorkerProcess worker = WorkerProcess.launch(dir, EMBEDDED, List.of())) {
            Api api = worker.api();
            login = save(api, MEMORIES).get(1).asLong();
            awaitIndexed(api, MEMORIES.size());

            JsonNode found = api.get(SEARCH).json();

            assertThat(texts(found.get("strategies"))).containsExactly("keyword", "semantic");
            assertThat(found.at("/hits/0/id").asLong()).isEqualTo(login);
            assertThat(found.at("/coverage/indexed").asLong()).isEqualTo(MEMORIES.size());
            assertThat(found.at("/coverage/total").asLong()).isEqualTo(MEMORIES.size());
            JsonNode byWords = api.get(SEARCH + "&strategy=keyword").json();
            assertThat(texts(byWords.get("strategies"))).containsExactly("keyword");
            assertThat(ids(byWords)).as("words alone do not find it").doesNotContain(login);
            JsonNode alone = api.get(SEARCH + "&strategy=semantic&explain=true").json();
            assertThat(alone.at("/hits/0/why/semantic").asDouble()).isGreaterThan(0.5);
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
        }
        try (WorkerProcess worker = WorkerProcess.launch(dir, EMBEDDED, List.of())) {
            Api api = worker.api();
            assertThat(api.get("/api/stats").json().at("/vectors/indexed").asLong())
                    .as("nothing is embedded again")
                    .isEqualTo(MEMORIES.size());
            JsonNode found = awaitJson(api, SEARCH, answer -> served(answer, "semantic"));
            assertThat(found.at("/hits/0/id").asLong()).isEqualTo(login);

            forget(api, login);
            assertThat(ids(api.get(SEARCH).json())).doesNotContain(login);
            assertThat(ids(api.get(SEARCH + "&strategy=semantic").json())).doesNotContain(login);
            awaitIndexed(api, MEMORIES.size() - 1);
            assertThat(ids(api.get(SEARCH).json())).doesNotContain(login);
        }
    }

    @Test
    @DisplayName(
            "With a search server of its own the worker still searches by meaning, and no Chroma is started for it")
    void meaningIsSearchedBesideASearchServer() throws Exception {
        Map<String, String> both = Map.of("CAIRN_VECTOR_MODE", "embedded", "CAIRN_SEARCH_MODE", "process");
        try (WorkerProcess worker = WorkerProcess.launch(dir, both, List.of())) {
            Api api = worker.api();
            long login = save(api, MEMORIES).get(1).asLong();
            awaitIndexed(api, MEMORIES.size());
            awaitJson(
                    api,
                    "/health",
                    health -> health.at("/parts/search/detail/child").asText().equals("up"));

            JsonNode found = api.get(SEARCH).json();

            assertThat(texts(found.get("strategies"))).containsExactly("keyword", "semantic");
            assertThat(found.at("/hits/0/id").asLong()).isEqualTo(login);
            JsonNode newest = api.get(SEARCH + "&order=newest").json();
            assertThat(texts(newest.get("strategies"))).containsExactly("keyword");
            assertThat(api.get("/health")
                            .json()
                            .at("/parts/search/detail/fallbacks")
                            .asText())
                    .isEqualTo("0");
            assertThat(dir.resolve("chroma")).doesNotExist();
        }
    }

    @Test
    @DisplayName("H5: what followed a forgotten memory in its session is embedded again, without its words")
    void forgettingReachesTheVectorOfWhatFollowed() throws Exception {
        try (WorkerProcess worker = WorkerProcess.launch(dir, EMBEDDED, List.of())) {
            Api api = worker.api();
            ArrayNode said = WireFormat.mapper().createArrayNode();
            for (String text : List.of(LOGIN, "Agreed, we keep it that way", MEMORIES.get(0))) {
                said.addObject()
                        .put("text", text)
                        .put("project", "p")
                        .put("session", "talk")
                        .put("createdAt", 1_000 + said.size());
            }
            JsonNode ids = api.post("/api/memories", said.toString()).json().get("ids");
            awaitIndexed(api, 3);
            long agreed = ids.get(1).asLong();
            assertThat(api.get("/api/sessions").json().at("/items/0/sessionId").asText())
                    .isEqualTo("talk");
            double before = semantic(api, agreed);

            forget(api, ids.get(0).asLong());
            awaitIndexed(api, 2);

            assertThat(semantic(api, agreed)).isLessThan(before - 0.05);
        }
    }

    @Test
    @DisplayName("G2: killed while it embeds, a worker goes on at its next start until every memory has its vector")
    void aKilledWorkerGoesOn() throws Exception {
        int count = 300;
        try (WorkerProcess worker = WorkerProcess.launch(dir, EMBEDDED, List.of())) {
            Api api = worker.api();
            List<String> many = IntStream.range(0, count - 1)
                    .mapToObj(i -> "Ticket " + i + ": the pump of hall " + i % 17 + " was serviced on day " + i)
                    .toList();
            save(api, many);
            save(api, List.of(LOGIN));
            awaitJson(api, "/api/stats", stats -> stats.at("/vectors/indexed").asInt() > 0);
            worker.kill();
            worker.awaitExit();
        }
        try (WorkerProcess worker = WorkerProcess.launch(dir, EMBEDDED, List.of())) {
            Api api = worker.api();
            assertThat(api.get("/api/stats").json().at("/vectors/indexed").asInt())
                    .as("killed in the midst of it")
                    .isBetween(1, count - 1);
            awaitIndexed(api, count);
            JsonNode found = awaitJson(api, SEARCH, answer -> served(answer, "semantic"));
            assertThat(found.at("/hits/0/title").asText()).isEqualTo(LOGIN);
            assertThat(found.at("/coverage/indexed").asInt()).isEqualTo(count);
        }
    }

    private static JsonNode save(Api api, List<String> texts) throws Exception {
        ArrayNode memories = WireFormat.mapper().createArrayNode();
        texts.forEach(text -> memories.addObject().put("text", text).put("project", "/home/u/cairn"));
        Api.Answer saved = api.post("/api/memories", memories.toString());
        assertThat(saved.status()).as(saved.body()).isEqualTo(201);
        return saved.json().get("ids");
    }

    private static void forget(Api api, long id) throws Exception {
        Api.Answer forgotten = api.post("/api/forget", "{\"ids\":[" + id + "]}");
        assertThat(forgotten.status()).as(forgotten.body()).isEqualTo(200);
    }

    private static double semantic(Api api, long id) throws Exception {
        JsonNode found = api.get(SEARCH + "&strategy=semantic&explain=true").json();
        for (JsonNode hit : found.get("hits")) {
            if (hit.get("id").asLong() == id) {
                return hit.at("/why/semantic").asDouble();
            }
        }
        return 0;
    }

    private static void awaitIndexed(Api api, int count) throws Exception {
        awaitJson(
                api,
                "/api/stats",
                stats -> stats.at("/vectors/total").asInt() == count
                        && stats.at("/vectors/indexed").asInt() == count);
    }

    private static JsonNode awaitJson(Api api, String path, Predicate<JsonNode> fits) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MS);
        JsonNode last = api.get(path).json();
        while (!fits.test(last)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(path + " did not come to fit; last answer: " + last + "; health: "
                        + api.get("/health").body());
            }
            TimeUnit.MILLISECONDS.sleep(50);
            last = api.get(path).json();
        }
        return last;
    }

    private static boolean served(JsonNode answer, String strategy) {
        return texts(answer.get("strategies")).contains(strategy);
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static List<Long> ids(JsonNode found) {
        return StreamSupport.stream(found.get("hits").spliterator(), false)
                .map(hit -> hit.get("id").asLong())
                .toList();
    }
}
