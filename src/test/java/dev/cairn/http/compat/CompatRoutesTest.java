package dev.cairn.http.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.http.compat.RealWorker.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the routes of the contract do, beyond the form of their answers. */
class CompatRoutesTest {
    @TempDir
    Path dir;

    private static JsonNode init(RealWorker worker, String session, String prompt) throws Exception {
        Answer answer = worker.post(
                "/api/sessions/init",
                new JsonObject()
                        .put("contentSessionId", session)
                        .put("project", "larkspur")
                        .put("prompt", prompt)
                        .put("platformSource", "claude")
                        .encode());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static JsonNode observe(RealWorker worker, String session, String cwd, String useId) throws Exception {
        Answer answer = worker.post(
                "/api/sessions/observations",
                new JsonObject()
                        .put("contentSessionId", session)
                        .put("tool_name", "Bash")
                        .put("tool_input", new JsonObject().put("command", "make"))
                        .put("tool_response", new JsonObject().put("stdout", "ok <private>hidden words</private>"))
                        .put("cwd", cwd)
                        .put("tool_use_id", useId)
                        .encode());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static JsonNode items(RealWorker worker, String path) throws Exception {
        return worker.get(path).json().path("items");
    }

    @Test
    @DisplayName(
            "a project that was told by its name alone is that of the directory that is told next, and of other doors")
    void oneProjectByNameAndByDirectory() throws Exception {
        Path project = Files.createDirectories(dir.resolve("src/larkspur"));
        try (RealWorker worker = new RealWorker(dir.resolve("data"), Map.of())) {
            init(worker, "s-1", "What is first");
            assertThat(items(worker, "/api/prompts").at("/0/project").asText()).isEqualTo("name:larkspur");
            observe(worker, "s-1", project.toString(), "t-1");
            assertThat(items(worker, "/api/prompts").at("/0/project").asText())
                    .as("the name's memories are the directory's now")
                    .isEqualTo(project.toRealPath().toString());
            worker.post(
                    "/hooks/UserPromptSubmit",
                    new JsonObject()
                            .put("session_id", "s-2")
                            .put("cwd", project.toString())
                            .put("prompt", "By the other door")
                            .encode());
            init(worker, "s-3", "By name again");
            assertThat(worker.get("/api/projects").json().path("projects")).hasSize(1);
            assertThat(items(worker, "/api/prompts?offset=0&project=larkspur")).hasSize(3);
            assertThat(items(worker, "/api/prompts?projects=elsewhere,larkspur"))
                    .hasSize(3);
            assertThat(items(worker, "/api/prompts?platformSource=claude")).hasSize(3);
            assertThat(items(worker, "/api/prompts?platformSource=cursor")).isEmpty();
        }
    }

    @Test
    @DisplayName(
            "a session goes on in its own project after the worker was begun anew, though its events name no directory")
    void theProjectOutlivesTheWorker() throws Exception {
        Path data = dir.resolve("data");
        try (RealWorker worker = new RealWorker(data, Map.of())) {
            init(worker, "s-1", "What is first");
            observe(worker, "s-1", dir.resolve("larkspur").toString(), "t-1");
        }
        try (RealWorker worker = new RealWorker(data, Map.of())) {
            worker.post(
                    "/api/sessions/summarize",
                    "{\"contentSessionId\":\"s-1\",\"last_assistant_message\":\"It is done.\"}");
            JsonNode second = init(worker, "s-1", "And what is next");
            assertThat(second.path("promptNumber").asInt()).isEqualTo(2);
            assertThat(worker.get("/api/projects").json().path("projects")).hasSize(1);
        }
    }

    @Test
    @DisplayName("a private prompt leaves no trace, nor does what the agent does about it; the next one has its number")
    void privatePrompts() throws Exception {
        try (RealWorker worker = new RealWorker(dir, Map.of())) {
            long id = init(worker, "s-1", "What is first").path("sessionDbId").asLong();
            JsonNode hidden = init(worker, "s-1", "<private>only for you</private>\n");
            assertThat(hidden.path("reason").asText()).isEqualTo("private");
            assertThat(hidden.path("sessionDbId").asLong()).isEqualTo(id);
            assertThat(observe(worker, "s-1", "/home/dev/larkspur", "t-1")
                            .path("reason")
                            .asText())
                    .isEqualTo("private");
            JsonNode next = init(worker, "s-1", "What is next");
            assertThat(next.path("promptNumber").asInt()).isEqualTo(2);
            assertThat(observe(worker, "s-1", "/home/dev/larkspur", "t-2")
                            .path("status")
                            .asText())
                    .isEqualTo("queued");
            assertThat(items(worker, "/api/prompts")).hasSize(2);
            JsonNode uses = items(worker, "/api/tool-uses");
            assertThat(uses).hasSize(1);
            assertThat(uses.toString()).contains("[private]").doesNotContain("hidden words");
        }
    }

    @Test
    @DisplayName("what is told twice is stored once; a host's id finds its tool use, with what went in and came out")
    void toldTwice() throws Exception {
        try (RealWorker worker = new RealWorker(dir, Map.of())) {
            init(worker, "s-1", "What is first");
            assertThat(init(worker, "s-1", "What is first").path("reason").asText())
                    .isEqualTo("duplicate");
            observe(worker, "s-1", "/home/dev/larkspur", "t-1");
            observe(worker, "s-1", "/home/dev/larkspur", "t-1");
            JsonNode uses = worker.get("/api/tool-uses?tool_name=Bash&contentSessionId=s-1")
                    .json();
            assertThat(uses.path("count").asInt()).isEqualTo(1);
            JsonNode whole = worker.post("/api/tool-uses/batch", "{\"ids\":[\"t-1\",\"t-9\"]}")
                    .json();
            assertThat(whole).hasSize(1);
            assertThat(whole.at("/0/tool_input").asText()).isEqualTo("{\"command\":\"make\"}");
        }
    }

    @Test
    @DisplayName("the end of a session that nobody knows makes none; an excluded project is not kept and said so")
    void unknownAndExcluded() throws Exception {
        JsonObject exclude =
                new JsonObject().put("project", new JsonObject().put("exclude", new JsonArray().add("larkspur")));
        try (RealWorker worker = new RealWorker(dir, Map.of(), exclude)) {
            assertThat(worker.post("/api/sessions/session-end", "{\"contentSessionId\":\"s-9\"}")
                            .json()
                            .path("status")
                            .asText())
                    .isEqualTo("unknown_session");
            JsonNode told = init(worker, "s-1", "What is first");
            assertThat(told.path("reason").asText()).isEqualTo("project_excluded");
            assertThat(told.path("sessionDbId").isNumber())
                    .as("a hook takes nothing else")
                    .isTrue();
            assertThat(observe(worker, "s-1", "/home/dev/larkspur", "t-1")
                            .path("reason")
                            .asText())
                    .isEqualTo("project_excluded");
            assertThat(items(worker, "/api/sessions")).isEmpty();
        }
    }

    @Test
    @DisplayName("version 6: a session by the number of another database, from its first prompt to its end")
    void versionSix() throws Exception {
        try (RealWorker worker = new RealWorker(dir, Map.of())) {
            JsonNode begun = worker.post(
                            "/sessions/7/init",
                            "{\"project\":\"larkspur\",\"userPrompt\":\"What is first\",\"promptNumber\":1}")
                    .json();
            assertThat(begun.path("sessionDbId").asLong()).isEqualTo(7);
            assertThat(begun.path("port").asInt()).isPositive();
            assertThat(worker.post(
                                    "/sessions/7/observations",
                                    "{\"tool_name\":\"Read\",\"tool_input\":\"{\\\"file_path\\\":\\\"/a/b.js\\\"}\","
                                            + "\"tool_response\":\"no JSON\",\"prompt_number\":1,\"cwd\":\"/home/dev/larkspur\"}")
                            .json()
                            .path("status")
                            .asText())
                    .isEqualTo("queued");
            assertThat(items(worker, "/api/tool-uses").at("/0/input").asText())
                    .as("the JSON in the text")
                    .isEqualTo("{\"file_path\":\"/a/b.js\"}");
            assertThat(worker.get("/sessions/7/status").json().path("status").asText())
                    .isEqualTo("active");
            worker.post("/sessions/7/summarize", "{\"prompt_number\":1,\"last_assistant_message\":\"Done\"}");
            assertThat(worker.post("/api/processing", "{\"isProcessing\":false}")
                            .json()
                            .path("status")
                            .asText())
                    .isEqualTo("ok");
            assertThat(worker.request("POST", "/sessions/7/complete", null)
                            .json()
                            .path("success")
                            .asBoolean())
                    .isTrue();
            assertThat(worker.get("/sessions/7/status").json().path("status").asText())
                    .isEqualTo("not_found");
            assertThat(items(worker, "/api/sessions").at("/0/sessionId").asText())
                    .isEqualTo("claude-mem-6:7");
            assertThat(items(worker, "/api/prompts?offset=0")
                            .at("/0/claude_session_id")
                            .asText())
                    .isEqualTo("claude-mem-6:7");
            assertThat(worker.request("DELETE", "/sessions/7", null)
                            .json()
                            .path("status")
                            .asText())
                    .isEqualTo("deleted");
            assertThat(items(worker, "/api/prompts")).as("no memory is deleted").hasSize(1);
            Answer wrong = worker.post("/sessions/seven/init", "{\"userPrompt\":\"x\"}");
            assertThat(wrong.status()).isEqualTo(400);
            assertThat(wrong.json().path("error").isTextual()).isTrue();
            for (String path : List.of(
                    "/api/search/sessions?query=first",
                    "/api/search/prompts?query=first",
                    "/api/search/observations?query=first&format=index",
                    "/api/search/by-type?type=bugfix",
                    "/api/search/by-concept?concept=x",
                    "/api/search/help",
                    "/api/context/timeline?anchor=1")) {
                Answer bare = worker.get(path);
                assertThat(bare.status()).as(path).isEqualTo(200);
                assertThat(bare.json().at("/0/type").asText()).as(path).isEqualTo("text");
            }
            assertThat(worker.get("/api/search/prompts?query=first&format=full").body())
                    .contains("What is first");
        }
        try (RealWorker worker = new RealWorker(dir, Map.of("compatVersion", "6.0.3"))) {
            assertThat(worker.get("/api/search/observations?query=first").json().isArray())
                    .isTrue();
            assertThat(worker.get("/api/context/recent?project=larkspur").json().isArray())
                    .isTrue();
        }
    }

    @Test
    @DisplayName("a refusal says what both contracts say")
    void refusals() throws Exception {
        try (RealWorker worker = new RealWorker(dir, Map.of())) {
            JsonNode refusal = worker.post("/api/sessions/init", "{}").json();
            assertThat(refusal.path("error").asText()).isEqualTo("ValidationError");
            assertThat(refusal.at("/issues/0/path/0").asText()).isEqualTo("contentSessionId");
            assertThat(refusal.path("code").asText()).isEqualTo("invalid_argument");
            assertThat(refusal.path("field").asText()).isEqualTo("contentSessionId");
            Answer strict = worker.post("/api/memory/save", "{\"text\":\"a\",\"titel\":\"b\"}");
            assertThat(strict.status()).isEqualTo(400);
            assertThat(strict.json().path("message").asText()).contains("titel");
            Answer broken = worker.post("/api/sessions/init", "{\"contentSessionId\":");
            assertThat(broken.status()).isEqualTo(400);
            assertThat(broken.type()).startsWith("application/json");
            assertThat(items(worker, "/api/sessions")).isEmpty();
        }
    }

    @Test
    @DisplayName("lists by offset reach every row once; a memory by hand is found, by file too, and forgotten")
    void listsAndSingleRows() throws Exception {
        try (RealWorker worker = new RealWorker(dir, Map.of())) {
            for (int i = 0; i < 5; i++) {
                worker.post(
                        "/api/memory/save",
                        "{\"text\":\"Larkspur note " + i + "\",\"project\":\"larkspur\",\"metadata\":{\"ticket\":\"LS-"
                                + i + "\"}}");
            }
            JsonNode first = worker.get("/api/observations?offset=0&limit=3").json();
            JsonNode rest = worker.get("/api/observations?offset=3&limit=3").json();
            assertThat(first.path("hasMore").asBoolean()).isTrue();
            assertThat(rest.path("hasMore").asBoolean()).isFalse();
            assertThat(rest.path("items")).hasSize(2);
            assertThat(rest.at("/items/0/id").asLong())
                    .isLessThan(first.at("/items/2/id").asLong());
            assertThat(first.at("/items/0/facts").asText()).isEqualTo("[\"ticket: LS-4\"]");
            assertThat(first.at("/items/0/project").asText()).isEqualTo("larkspur");
            long id = first.at("/items/0/id").asLong();
            JsonNode two = worker.post(
                            "/api/observations/batch",
                            "{\"ids\":\"" + (id - 1) + "," + id + "\",\"orderBy\":\"date_desc\"}")
                    .json();
            assertThat(two).hasSize(2);
            assertThat(two.at("/0/created_at_epoch").asLong())
                    .isGreaterThanOrEqualTo(two.at("/1/created_at_epoch").asLong());
            assertThat(worker.request("DELETE", "/api/observation/" + id, null)
                            .json()
                            .path("success")
                            .asBoolean())
                    .isTrue();
            assertThat(worker.get("/api/observation/" + id).status()).isEqualTo(404);
            worker.post(
                    "/api/memories",
                    "{\"text\":\"About a file\",\"project\":\"larkspur\",\"files\":[\"/home/dev/larkspur/src/gauge.js\"]}");
            assertThat(worker.get(
                                    "/api/observations/by-file?path=/home/dev/larkspur/src/gauge.js&path=src/gauge.js&limit=40")
                            .json()
                            .path("count")
                            .asInt())
                    .isEqualTo(1);
            assertThat(worker.get("/api/observations/by-file?path=auge.js")
                            .json()
                            .path("count")
                            .asInt())
                    .as("a file, and no part of a name")
                    .isZero();
        }
    }

    @Test
    @DisplayName(
            "the worker's own fields are the same with the contract and without; without it nothing of it is there")
    void ownFieldsStay() throws Exception {
        List<String> own = List.of(
                "/api/search?query=larkspur",
                "/api/search?query=larkspur&format=json&limit=2",
                "/api/search?type=note",
                "/api/observations",
                "/api/observations?limit=1",
                "/api/prompts?project=larkspur",
                "/api/tool-uses",
                "/api/timeline?query=larkspur&before=1",
                "/api/projects");
        ObjectNode without = Reply.object();
        try (RealWorker worker = new RealWorker(dir, Map.of("compat", false))) {
            worker.post(
                    "/api/memories",
                    "{\"text\":\"Larkspur one\",\"project\":\"larkspur\",\"createdAt\":1700000000000}");
            worker.post(
                    "/api/memories",
                    "{\"text\":\"Larkspur two\",\"project\":\"larkspur\",\"createdAt\":1700000001000}");
            for (String path : own) {
                without.set(path, worker.get(path).json());
            }
            assertThat(without.toString()).doesNotContain("\"content\"", "hasMore", "created_at_epoch");
            for (String path :
                    List.of("/api/health", "/api/readiness", "/api/context/inject?projects=x", "/sessions/1/status")) {
                assertThat(worker.get(path).status()).as(path).isEqualTo(404);
            }
            assertThat(worker.get("/api/observations?offset=1").status()).isEqualTo(400);
        }
        try (RealWorker worker = new RealWorker(dir, Map.of())) {
            for (String path : own) {
                assertContains(path, without.get(path), worker.get(path).json());
            }
        }
    }

    private static void assertContains(String at, JsonNode own, JsonNode both) {
        if (own.isObject()) {
            own.fields()
                    .forEachRemaining(field ->
                            assertContains(at + "." + field.getKey(), field.getValue(), both.path(field.getKey())));
        } else if (own.isArray()) {
            assertThat(both).as(at).hasSameSizeAs(own);
            for (int i = 0; i < own.size(); i++) {
                assertContains(at + "[" + i + "]", own.get(i), both.get(i));
            }
        } else if (!at.endsWith(".tookMs")) {
            assertThat(both).as(at).isEqualTo(own);
        }
    }

    @Test
    @DisplayName("an export that is sent as JSON is still taken line by line")
    void exportsAreStillTaken() throws Exception {
        try (RealWorker worker = new RealWorker(dir, Map.of())) {
            worker.post("/api/memories", "{\"text\":\"Larkspur one\",\"project\":\"larkspur\"}");
            String lines = worker.get("/api/export").body();
            JsonNode taken = worker.post("/api/import", lines).json();
            assertThat(taken.path("present").asInt()).isEqualTo(1);
            assertThat(taken.path("lines").asInt())
                    .isEqualTo((int) lines.lines().count());
            assertThat(worker.post("/api/import", "{\"nothing\":1}").status()).isEqualTo(400);
        }
    }
}
