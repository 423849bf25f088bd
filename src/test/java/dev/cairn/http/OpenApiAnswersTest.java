package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ContextText;
import dev.cairn.bus.Count;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.ImportedRows;
import dev.cairn.bus.Page;
import dev.cairn.bus.ProcessAlert;
import dev.cairn.bus.ProcessAlerts;
import dev.cairn.bus.ProcessSample;
import dev.cairn.bus.ProcessSamples;
import dev.cairn.bus.ProcessSnapshot;
import dev.cairn.bus.ProjectFound;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.Timeline;
import dev.cairn.bus.Turns;
import dev.cairn.bus.UsageReport;
import dev.cairn.bus.UsageSum;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CommandRun;
import dev.cairn.model.Correction;
import dev.cairn.model.Kind;
import dev.cairn.model.Observation;
import dev.cairn.model.Project;
import dev.cairn.model.Prompt;
import dev.cairn.model.SearchHit;
import dev.cairn.model.Session;
import dev.cairn.model.Summary;
import dev.cairn.model.ToolUse;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the routes answer is what {@code openapi.json} says they answer. Every answer has a row with all fields and one with
 * none that may be left out; here, unlike for readers, a field that is not described is a fault.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiAnswersTest {
    private static final Project PROJECT = FakeRooms.PROJECT;
    private static final long AT = 1_700_000_000_000L;
    private static final Correction CORRECTION = new Correction(9, "Another cause", AT);

    private HttpHarness http;
    private JsonNode api;

    @BeforeAll
    void start(@TempDir Path dir) throws IOException {
        Files.writeString(dir.resolve("settings.json"), "{\"context\":{\"summaries\":3}}");
        http = HttpHarness.start(dir, Map.of("compat", false), Limits.DEFAULT);
        api = WireFormat.mapper().readTree(http.get("/openapi.json").body());
        fillLists();
        fillSearch();
        fillWorker(new Bus(http.vertx));
        // A setting whose next value is not its present one.
        Files.writeString(dir.resolve("settings.json"), "{\"context\":{\"summaries\":5}}");
    }

    @AfterAll
    void stop() {
        http.close();
    }

    private void fillLists() {
        Page page = new Page(
                List.of(
                        new Session(1, "s-1", "codex", PROJECT, "/home/dev/kestrel", AT, AT, "exit", 1, 2),
                        new Session(2, "s-2", "codex", PROJECT, null, AT, null, null, 0, 0)),
                List.of(
                        new Prompt(3, PROJECT, "codex", "s-1", 1, "Do it", AT),
                        new Prompt(4, PROJECT, "codex", null, 1, "Do it", AT)),
                List.of(
                        new ToolUse(
                                5, PROJECT, "codex", "s-1", 1, "a-1", "Bash", "t-1", "{}", "{}", "oops", 7L, 6L, AT),
                        new ToolUse(
                                8, PROJECT, "codex", "s-1", 1, null, "Bash", null, null, null, null, null, null, AT)),
                List.of(
                        new Observation(
                                6,
                                PROJECT,
                                "codex",
                                "s-1",
                                1,
                                "bugfix",
                                "The pool ran out",
                                "in orders",
                                "Idle transactions kept it.",
                                List.of("a"),
                                List.of("b"),
                                List.of("c"),
                                List.of("d"),
                                List.of(new CommandRun("mvn test", "passed"), new CommandRun("ls", null)),
                                AT,
                                CORRECTION,
                                2),
                        new Observation(
                                9,
                                PROJECT,
                                "api",
                                null,
                                null,
                                "note",
                                "Another cause",
                                null,
                                null,
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                AT)),
                List.of(
                        new Summary(
                                10,
                                PROJECT,
                                "codex",
                                "s-1",
                                1,
                                "a",
                                "b",
                                "c",
                                "d",
                                "e",
                                "f",
                                List.of("g"),
                                List.of(),
                                AT),
                        new Summary(
                                11, PROJECT, "codex", "s-1", 2, null, null, null, null, null, null, List.of(),
                                List.of(), AT)),
                "c2");
        http.rooms.page = query -> Future.succeededFuture(page);
        http.rooms.fetch = query -> Future.succeededFuture(page);
    }

    private void fillSearch() {
        SearchHit full = new SearchHit(
                Kind.OBSERVATION,
                6,
                "bugfix",
                "The pool ran out",
                "in orders",
                "the «pool»",
                PROJECT.key(),
                "codex",
                "s-1",
                AT,
                1.5,
                30,
                List.of("a.java"),
                Map.of("keyword", 1.0, "semantic", .5),
                CORRECTION,
                2);
        SearchHit bare = new SearchHit(
                Kind.PROMPT, 3, null, "Do it", null, null, PROJECT.key(), "codex", null, AT, 0, 2, List.of(), null);
        http.rooms.search = query -> Future.succeededFuture(
                new SearchResult(List.of(full, bare), 2, List.of("keyword", "semantic"), new Coverage(3, 4), 1));
        http.rooms.timeline = query -> Future.succeededFuture(new Timeline(List.of(full, bare), query.anchorId()));
        http.rooms.contextOf = query -> Future.succeededFuture(
                new ContextText(query.project(), "Known about kestrel.", 5, List.of(10L), List.of(6L)));
    }

    private void fillWorker(Bus bus) {
        http.rooms.turns = query -> Future.succeededFuture(new Turns(List.of(
                new Turns.Item(7, "parked", PROJECT, "codex", "s-1", 3, 5, "it was refused", AT, 12, AT),
                new Turns.Item(8, "pending", PROJECT, "codex", "s-1", 4, 0, null, 0, 0, AT))));
        UsageSum used = new UsageSum(3, 1, 100, 20, 5, 6, 1_250_000, 1);
        http.rooms.usage = query -> Future.succeededFuture(new UsageReport(
                used,
                List.of(
                        new UsageReport.Item(
                                Map.of(
                                        "day", "2026-11-22",
                                        "provider", "anthropic",
                                        "model", "m",
                                        "project", PROJECT.key(),
                                        "projectName", PROJECT.name(),
                                        "session", "s-1"),
                                used),
                        new UsageReport.Item(Map.of(), UsageSum.NONE))));
        var member = new ProcessSnapshot.MemberRow(12, 11, "python", 4096);
        var child = new ProcessSnapshot.ChildRow("chroma", "vector", 11, AT, "running", 8192, .25, 1, List.of(member));
        ProcessSnapshot snapshot = new ProcessSnapshot(
                10, List.of("gate"), "open", 13L, List.of(child), List.of(new ProcessSnapshot.StrayRow(14, 1, "x")));
        bus.serve(Addresses.PROCESS_SNAPSHOT, request -> Future.succeededFuture(snapshot));
        bus.serve(
                Addresses.PROCESS_ALERTS,
                request -> Future.succeededFuture(
                        new ProcessAlerts(List.of(new ProcessAlert("stray", "", "a stray was ended", AT)))));
        bus.serve(
                Addresses.STORE_SAMPLES,
                request -> Future.succeededFuture(
                        new ProcessSamples(List.of(new ProcessSample("chroma", AT, 1, 2, 8192)))));
        bus.serve(Addresses.SESSION_PROJECT, request -> Future.succeededFuture(new ProjectFound(PROJECT, false)));
        bus.serve(
                Addresses.STORE_IMPORTED,
                request -> Future.succeededFuture(new ImportedRows(List.of(
                        new ImportedRows.Row("claude-mem:observation:12", "observation", 6L, AT),
                        new ImportedRows.Row("claude-mem:tool-use:12", "tool-use", null, AT)))));
        bus.serve(Addresses.PROCESS_SWEEP, request -> Future.succeededFuture(new Count(1)));
        bus.serve(Addresses.PROCESS_RECYCLE, request -> Future.succeededFuture(new Count(2)));
    }

    /** The schema of an answer, with everything it refers to; what it does not name is forbidden. */
    private Schema schema(String method, String path, int status) {
        String at = "/paths/" + path.replace("/", "~1") + "/" + method + "/responses/" + status;
        JsonNode response = api.at(at);
        if (response.has("$ref")) {
            response = api.at(response.get("$ref").asText().substring(1));
        }
        JsonNode schema = response.at("/content/application~1json/schema");
        assertThat(schema.isObject())
                .as("%s %s %s has a schema", method, path, status)
                .isTrue();
        ObjectNode whole = schema.deepCopy();
        whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        whole.set("$defs", api.at("/components/schemas").deepCopy());
        closed(whole);
        return JsonSchemas.of(whole.toString().replace("#/components/schemas/", "#/$defs/"));
    }

    private static void closed(JsonNode schema) {
        if (schema instanceof ObjectNode object
                && object.path("type").asText().equals("object")
                && object.path("properties").isObject()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        schema.forEach(OpenApiAnswersTest::closed);
    }

    private void matches(Reply reply, String method, String path) {
        assertThat(JsonSchemas.faults(schema(method, path, reply.status()), reply.body()))
                .as("%s %s: %s %s", method, path, reply.status(), reply.body())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/observations, /api/observations",
        "/api/observations/6, /api/observations/{id}",
        "/api/summaries, /api/summaries",
        "/api/summaries/10, /api/summaries/{id}",
        "/api/prompts, /api/prompts",
        "/api/prompts/3, /api/prompts/{id}",
        "/api/tool-uses, /api/tool-uses",
        "/api/tool-uses/5, /api/tool-uses/{id}",
        "/api/sessions, /api/sessions",
        "/api/sessions/1, /api/sessions/{id}",
        "/api/search?query=pool&explain=true, /api/search",
        "/api/timeline?anchor=6, /api/timeline",
        "/api/timeline?query=pool, /api/timeline",
        "/api/context?project=kestrel, /api/context",
        "/api/projects, /api/projects",
        "/api/project?directory=/home/dev/kestrel, /api/project",
        "/api/imported?id=claude-mem:12, /api/imported",
        "/health, /health",
        "/health/live, /health/live",
        "/health/ready, /health/ready",
        "/api/stats, /api/stats",
        "/api/settings, /api/settings",
        "/api/processes, /api/processes",
        "/api/processes/history, /api/processes/history",
        "/api/processes/alerts, /api/processes/alerts",
        "/api/verticles, /api/verticles",
        "/api/turns?limit=2, /api/turns",
        "/api/usage?by=day, /api/usage",
    })
    void whatIsReadIsAsDescribed(String asked, String path) {
        Reply reply = http.get(asked);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        matches(reply, "get", path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/memories | /api/memories | {\"text\":\"a\",\"project\":\"p\"} | 201",
                "/api/memories | /api/memories | [{\"text\":\"a\",\"project\":\"p\"}] | 201",
                "/api/observations/batch | /api/observations/batch | {\"ids\":[6]} | 200",
                "/api/forget | /api/forget | {\"ids\":[6],\"dryRun\":true} | 200",
                "/api/imported/batch | /api/imported/batch | {\"ids\":[\"claude-mem:12\"]} | 200",
                "/api/v1/events | /api/v1/events |"
                        + " {\"platform\":\"x\",\"session\":\"s\",\"type\":\"stop\",\"cwd\":\"/a\"} | 200",
                "/api/turns/retry | /api/turns/retry | {} | 200",
                "/api/turns/7/retry | /api/turns/{id}/retry | {} | 200",
                "/api/admin/sweep | /api/admin/sweep | {} | 200",
                "/api/admin/recycle | /api/admin/recycle | {\"kind\":\"chroma\"} | 200",
                "/api/memories | /api/memories | {\"text\":7} | 400",
                "/api/turns/x/retry | /api/turns/{id}/retry | {} | 400",
            })
    void whatIsSentIsAnsweredAsDescribed(String asked, String path, String body, int status) {
        Reply reply = http.post(asked, body);
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        matches(reply, "post", path);
    }

    @Test
    void aBodyThatTheSchemaOfAMemoryRefusesIsRefused() {
        JsonNode schemas = api.at("/components/schemas");
        ObjectNode whole = schemas.get("NewMemory").deepCopy();
        whole.set("$defs", schemas.deepCopy());
        Schema memory = JsonSchemas.of(whole.toString().replace("#/components/schemas/", "#/$defs/"));
        List<String> different = new ArrayList<>();
        for (String body : List.of(
                "{\"text\":\"a\",\"project\":\"p\"}",
                "{\"text\":\"a\",\"project\":\"p\",\"createdAt\":\"2026-11-22\",\"supersedes\":[6],\"type\":\"decision\"}",
                "{\"text\":\"a\"}",
                "{\"project\":\"p\"}",
                "{\"text\":\"\",\"project\":\"p\"}",
                "{\"text\":\"a\",\"project\":\"p\",\"facts\":\"a\"}",
                "{\"text\":\"a\",\"project\":\"p\",\"titel\":\"a\"}",
                "{\"text\":\"a\",\"project\":\"p\",\"supersedes\":0}",
                "{\"text\":\"a\",\"project\":\"p\",\"title\":\"" + "a".repeat(301) + "\"}")) {
            boolean fits = JsonSchemas.faults(memory, body).isEmpty();
            boolean taken = http.post("/api/memories", body).status() == 201;
            if (fits != taken) {
                different.add((fits ? "described, refused: " : "taken, not described: ") + body);
            }
        }
        assertThat(different).isEmpty();
    }

    @Test
    void anAnswerThatIsNotAsDescribedIsFound() {
        Schema described = schema("get", "/api/verticles", 200);
        String link = "{\"name\":\"http\",\"deploymentId\":\"d\",\"instances\":2,\"stopOrder\":1";
        assertThat(JsonSchemas.faults(described, "{\"verticles\":[" + link + "}]}"))
                .isEmpty();
        assertThat(JsonSchemas.faults(described, "{\"verticles\":[" + link + ",\"more\":1}]}"))
                .isNotEmpty();
        assertThat(JsonSchemas.faults(described, "{\"verticles\":[{\"name\":\"http\"}]}"))
                .isNotEmpty();
    }
}
