package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.ContextQuery;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.Forget;
import dev.cairn.bus.Forgotten;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Page;
import dev.cairn.bus.PageQuery;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.TimelineQuery;
import dev.cairn.bus.What;
import dev.cairn.model.CairnException;
import dev.cairn.model.Correction;
import dev.cairn.model.Kind;
import dev.cairn.model.Observation;
import dev.cairn.model.SearchHit;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import dev.cairn.model.ToolUse;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiRoutesTest {
    private static final Observation OBSERVATION = new Observation(
            7,
            FakeRooms.PROJECT,
            "claude-code",
            "s-1",
            2,
            "bugfix",
            "Fixed it",
            null,
            null,
            List.of("a fact"),
            List.of(),
            List.of(),
            List.of("a.txt"),
            List.of(),
            1_700_000_000_000L);
    private static final Page OBSERVATIONS =
            new Page(List.of(), List.of(), List.of(), List.of(OBSERVATION), List.of(), "c2");

    @TempDir
    static Path dir;

    private static HttpHarness http;

    @BeforeAll
    static void start() {
        http = HttpHarness.start(dir, Map.of("compat", false), Limits.DEFAULT);
    }

    @AfterAll
    static void stop() {
        http.close();
    }

    @BeforeEach
    void reset() {
        http.rooms.asked.clear();
        FakeRooms fresh = new FakeRooms(List.of());
        http.rooms.page = fresh.page;
        http.rooms.fetch = fresh.fetch;
        http.rooms.forget = fresh.forget;
        http.rooms.search = fresh.search;
        http.rooms.timeline = fresh.timeline;
        http.rooms.save = fresh.save;
    }

    @Test
    void searchPassesEveryParameterOn() {
        http.get(
                "/api/search?query=group%20commit+now&kind=observation,summary&kind=prompt&type=bugfix&concept=a&concept=b"
                        + "&file=src/W.java&project=kestrel&platform=claude-code&session=s-1&from=2026-11-20&to=2026-11-22&limit=7"
                        + "&offset=3&order=newest&explain=true");

        assertThat(http.rooms.last(SearchQuery.class))
                .isEqualTo(new SearchQuery(
                        "group commit now",
                        List.of(Kind.OBSERVATION, Kind.SUMMARY, Kind.PROMPT),
                        List.of("bugfix"),
                        List.of("a", "b"),
                        "src/W.java",
                        "kestrel",
                        "claude-code",
                        "s-1",
                        Instant.parse("2026-11-20T00:00:00Z").toEpochMilli(),
                        Instant.parse("2026-11-22T23:59:59.999Z").toEpochMilli(),
                        7,
                        3,
                        SearchOrder.NEWEST,
                        true));
    }

    @Test
    void searchAnswersHitsOrText() {
        SearchHit hit = new SearchHit(
                Kind.OBSERVATION,
                7,
                "bugfix",
                "Fixed it",
                null,
                "the «fix»",
                "/home/dev/kestrel",
                "claude-code",
                "s-1",
                5,
                1.5,
                40,
                List.of(),
                Map.of("keyword", 1.5));
        http.rooms.search = query ->
                Future.succeededFuture(new SearchResult(List.of(hit), 1, List.of("keyword"), new Coverage(3, 4), 2));

        assertThat(http.get("/api/search?query=fix").json()).isEqualTo(new JsonObject("""
                        {"hits":[{"kind":"observation","id":7,"type":"bugfix","title":"Fixed it","snippet":"the «fix»",
                          "project":"/home/dev/kestrel","platform":"claude-code","session":"s-1","createdAt":5,"score":1.5,
                          "tokens":40,"files":[],"why":{"keyword":1.5}}],
                         "total":1,"strategies":["keyword"],"coverage":{"indexed":3,"total":4},"tookMs":2}
                        """));
        Reply text = http.get("/api/search?query=fix&format=text");
        assertThat(text.header("content-type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(text.body()).isEqualTo("1 found\n");
    }

    @ParameterizedTest
    @DisplayName("H7: a parameter that is unknown, given twice or out of bounds is refused by its name")
    @CsvSource({
        "/api/search?querry=a, querry",
        "/api/search?query=a&query=b, query",
        "/api/search?limit=0, limit",
        "/api/search?limit=101, limit",
        "/api/search?limit=ten, limit",
        "/api/search?offset=-1, offset",
        "/api/search?kind=cat, kind",
        "/api/search?order=best, order",
        "/api/search?from=tomorrow, from",
        "/api/search?from=2026-11-22&to=2026-11-21, from",
        "/api/search?explain=maybe, explain",
        "/api/search?format=xml, format",
        "/api/search?query=%, query",
        "/api/search?query=%zz, query",
        "/api/search?query=%ff%fe, query",
        "/api/search?%ff=a, parameter",
        "/api/timeline, anchor",
        "/api/timeline?anchor=1&query=a, anchor",
        "/api/timeline?anchor=soon, anchor",
        "/api/timeline?anchor=1&before=101, before",
        "/api/timeline?anchor=1&limit=3, limit",
        "/api/context, project",
        "/api/context?project=, project",
        "/api/context?project=a&maxTokens=1, maxTokens",
        "/api/context?project=a&maxTokens=9999, maxTokens",
        "/api/context?project=a&format=html, format",
        "/api/observations?limit=101, limit",
        "/api/observations?offset=1, offset",
        "/api/sessions?from=x, from",
        "/api/sessions?from=2&to=1, from",
        "/api/prompts/1?a=b, a"
    })
    void refusesParameters(String path, String field) {
        Reply reply = http.get(path);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("invalid_argument");
        assertThat(reply.field()).isEqualTo(field);
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void aQueryOfTheLongestTextFitsIntoAnUrl() {
        String longest = "記".repeat(SearchQuery.MAX_TEXT);
        assertThat(http.get("/api/search?query=" + URLEncoder.encode(longest, StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(200);
        assertThat(http.rooms.last(SearchQuery.class).text()).isEqualTo(longest);
        assertThat(http.get("/api/search?query=" + "a".repeat(SearchQuery.MAX_TEXT + 1))
                        .field())
                .isEqualTo("query");
    }

    @Test
    void bareUtf8InAnUrlIsRead() {
        http.get("/api/search?query=記憶");
        assertThat(http.rooms.last(SearchQuery.class).text()).isEqualTo("記憶");
    }

    @Test
    void timelineTakesAnIdATimeOrWords() {
        http.get("/api/timeline?anchor=7&before=3&after=0&project=p");
        assertThat(http.rooms.last(TimelineQuery.class)).isEqualTo(new TimelineQuery(7L, null, null, 3, 0, "p"));
        http.get("/api/timeline?anchor=7&platform=codex");
        assertThat(http.rooms.last(TimelineQuery.class))
                .isEqualTo(new TimelineQuery(7L, null, null, 10, 10, null, "codex"));
        http.get("/api/timeline?anchor=1700000000000");
        assertThat(http.rooms.last(TimelineQuery.class))
                .isEqualTo(new TimelineQuery(null, 1_700_000_000_000L, null, 10, 10, null));
        http.get("/api/timeline?anchor=2023-11-14T22:13:20Z");
        assertThat(http.rooms.last(TimelineQuery.class).anchorTime()).isEqualTo(1_700_000_000_000L);
        http.get("/api/timeline?query=fix");
        assertThat(http.rooms.last(TimelineQuery.class)).isEqualTo(new TimelineQuery(null, null, "fix", 10, 10, null));
        http.rooms.timeline = query -> Future.failedFuture(CairnException.notFound("no memory has the id 9"));
        assertThat(http.get("/api/timeline?anchor=9").code()).isEqualTo("not_found");
    }

    @Test
    void contextIsJsonUnlessTextIsAskedFor() {
        assertThat(http.get("/api/context?project=kestrel&maxTokens=500").json())
                .isEqualTo(new JsonObject("""
                        {"project":"kestrel","text":"Known about kestrel.","tokens":5,"summaryIds":[],"observationIds":[]}
                        """));
        assertThat(http.rooms.last(ContextQuery.class)).isEqualTo(new ContextQuery("kestrel", 500));
        Reply text = http.get("/api/context?project=kestrel&format=text");
        assertThat(text.header("content-type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(text.body()).isEqualTo("Known about kestrel.");
    }

    @ParameterizedTest
    @CsvSource({
        "sessions, SESSIONS",
        "prompts, PROMPTS",
        "tool-uses, TOOL_USES",
        "observations, OBSERVATIONS",
        "summaries, SUMMARIES"
    })
    void listsPageByPage(String name, What what) {
        Reply reply = http.get("/api/" + name + "?project=p&platform=q&session=s&from=5&to=6&limit=100&cursor=c1");
        assertThat(reply.body()).isEqualTo("{\"items\":[],\"next\":null}");
        assertThat(http.rooms.last(PageQuery.class)).isEqualTo(new PageQuery(what, "p", "q", "s", 5L, 6L, 100, "c1"));
        http.get("/api/" + name);
        assertThat(http.rooms.last(PageQuery.class))
                .isEqualTo(new PageQuery(what, null, null, null, null, null, 20, null));
        assertThat(http.get("/api/" + name + "/12").code()).isEqualTo("not_found");
        assertThat(http.rooms.last(Fetch.class)).isEqualTo(new Fetch(what, List.of(12L)));
    }

    @Test
    void toolUsesAreAskedForByTheObservationTheyBecame() {
        http.get("/api/tool-uses?observation=42");
        assertThat(http.rooms.last(PageQuery.class))
                .isEqualTo(new PageQuery(What.TOOL_USES, null, null, null, null, null, 20, null, null, 42L));
        for (String wrong : List.of("x", "0", "-1", "1.5", "99999999999999999999")) {
            Reply refused = http.get("/api/tool-uses?observation=" + wrong);
            assertThat(refused.status()).as(wrong).isEqualTo(400);
            assertThat(refused.json().getJsonObject("error").getString("field")).isEqualTo("observation");
        }
        assertThat(http.get("/api/prompts?observation=42").status())
                .as("only tool uses become observations")
                .isEqualTo(400);
    }

    @Test
    void theChainIsToldWithItsDeployments() {
        var links = http.get("/api/verticles").json().getJsonArray("verticles");
        assertThat(links.getJsonObject(0).getString("name")).isEqualTo("http");
        assertThat(links.getJsonObject(1).getString("name")).isEqualTo("rooms");
        assertThat(links.getJsonObject(1).getInteger("stopOrder")).isEqualTo(1);
        assertThat(http.vertx.deploymentIDs()).contains(links.getJsonObject(0).getString("deploymentId"));
    }

    @Test
    void rowsNameTheirProjectByKeyAndByName() {
        http.rooms.page = query -> Future.succeededFuture(OBSERVATIONS);
        http.rooms.fetch = query -> Future.succeededFuture(OBSERVATIONS);
        JsonObject expected = new JsonObject("""
                {"id":7,"project":"/home/dev/kestrel","projectName":"kestrel","platform":"claude-code","sessionId":"s-1",
                 "turn":2,"type":"bugfix","title":"Fixed it","facts":["a fact"],"concepts":[],"filesRead":[],
                 "filesModified":["a.txt"],"commands":[],"createdAt":1700000000000}
                """);

        assertThat(http.get("/api/observations").json())
                .isEqualTo(new JsonObject()
                        .put("items", new JsonArray().add(expected))
                        .put("next", "c2"));
        assertThat(http.get("/api/observations/7").json()).isEqualTo(expected);
        assertThat(http.post("/api/observations/batch", "{\"ids\":[7,8]}").json())
                .isEqualTo(new JsonObject().put("items", new JsonArray().add(expected)));
        assertThat(http.rooms.last(Fetch.class)).isEqualTo(new Fetch(What.OBSERVATIONS, List.of(7L, 8L)));
    }

    @Test
    void aHeavyPageIsWrittenOffTheEventLoopAndWhole() {
        String input = "\"" + "x".repeat(60_000) + "\"";
        ToolUse use = new ToolUse(
                3, FakeRooms.PROJECT, "claude-code", "s", 1, null, "Read", "t", input, null, null, 5L, null, 9);
        http.rooms.page = query -> Future.succeededFuture(
                new Page(List.of(), List.of(), List.of(use, use, use), List.of(), List.of(), null));
        JsonArray items = http.get("/api/tool-uses").json().getJsonArray("items");
        assertThat(items).hasSize(3);
        assertThat(items.getJsonObject(2).getString("input")).isEqualTo(input);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}               | ids
            {"ids":7}        | ids
            {"ids":["7"]}    | ids[0]
            {"ids":[1,0]}    | ids[1]
            {"ids":[1.5]}    | ids[0]
            {"ids":[1,null]} | ids[1]
            """)
    void refusesABatch(String body, String field) {
        Reply reply = http.post("/api/observations/batch", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.field()).isEqualTo(field);
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void aBatchHasAtMostAThousandIds() {
        assertThat(http.post("/api/observations/batch", "{\"ids\":[" + "1,".repeat(999) + "1]}")
                        .status())
                .isEqualTo(200);
        assertThat(http.post("/api/observations/batch", "{\"ids\":[" + "1,".repeat(1000) + "1]}")
                        .field())
                .isEqualTo("ids");
    }

    @Test
    void savesOneMemory() {
        Reply reply = http.post(
                "/api/memories",
                "{\"text\":\"Use WAL\",\"title\":\"t\",\"type\":\"decision\",\"project\":\"p\",\"facts\":[\"f\"],"
                        + "\"files\":[\"a.sql\"],\"createdAt\":\"2026-11-22T00:00:00Z\"}");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body()).isEqualTo("{\"id\":100}");
        long created = Instant.parse("2026-11-22T00:00:00Z").toEpochMilli();
        assertThat(http.rooms.last(SaveMemories.class))
                .isEqualTo(new SaveMemories(
                        List.of(new NewMemory(
                                "Use WAL", "t", "decision", "p", List.of("f"), List.of("a.sql"), created)),
                        "api"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"session", "sessionId", "session_id"})
    @DisplayName("The session a memory was said in, by the names that hosts and people give it")
    void savesWhatWasSaidInASession(String name) {
        Reply reply = http.post("/api/memories", "{\"text\":\"a\",\"project\":\"p\",\"" + name + "\":\"talk-1\"}");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(http.rooms.last(SaveMemories.class).memories())
                .extracting(NewMemory::session)
                .containsExactly("talk-1");

        http.rooms.asked.clear();
        for (String bad : List.of("7", "[]", "\"" + "x".repeat(NewMemory.MAX_SESSION + 1) + "\"")) {
            Reply refused =
                    http.post("/api/memories", "{\"text\":\"a\",\"project\":\"p\",\"" + name + "\":" + bad + "}");
            assertThat(refused.status()).as(bad).isEqualTo(400);
            assertThat(refused.field()).isEqualTo(name);
        }
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void aMemoryNamesWhatItCorrects() {
        http.post("/api/memories", "{\"text\":\"a\",\"project\":\"p\",\"supersedes\":7}");
        assertThat(superseded()).containsExactly(7L);
        http.post("/api/memories", "{\"text\":\"a\",\"project\":\"p\",\"supersedes\":[7,8]}");
        assertThat(superseded()).containsExactly(7L, 8L);
        http.post("/api/memories", "{\"text\":\"a\",\"project\":\"p\",\"supersedes\":null}");
        assertThat(superseded()).isEmpty();
    }

    private static List<Long> superseded() {
        return http.rooms.last(SaveMemories.class).memories().get(0).supersedes();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"7\"; supersedes",
                "0; supersedes",
                "{}; supersedes",
                "[7,\"x\"]; supersedes[1]",
                "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21]; supersedes"
            })
    void whatIsNoIdCorrectsNothing(String supersedes, String field) {
        Reply reply =
                http.post("/api/memories", "{\"text\":\"a\",\"project\":\"p\",\"supersedes\":" + supersedes + "}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.field()).isEqualTo(field);
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void whatCorrectsAnObservationIsShownWithIt() {
        Observation corrected = new Observation(
                OBSERVATION.id(),
                OBSERVATION.project(),
                OBSERVATION.platform(),
                OBSERVATION.sessionId(),
                OBSERVATION.turn(),
                OBSERVATION.type(),
                OBSERVATION.title(),
                null,
                null,
                OBSERVATION.facts(),
                OBSERVATION.concepts(),
                OBSERVATION.filesRead(),
                OBSERVATION.filesModified(),
                OBSERVATION.commands(),
                OBSERVATION.createdAt(),
                new Correction(9, "Better", 6));
        http.rooms.fetch = fetch ->
                Future.succeededFuture(new Page(List.of(), List.of(), List.of(), List.of(corrected), List.of(), null));

        assertThat(http.get("/api/observations/7").json().getJsonObject("supersededBy"))
                .isEqualTo(new JsonObject("{\"id\":9,\"title\":\"Better\",\"createdAt\":6}"));
    }

    @Test
    void savesManyInOneGoAndInTheirOrder() {
        Reply reply = http.post(
                "/api/memories",
                "[{\"text\":\"a\",\"project\":\"p\"},{\"text\":\"b\",\"project\":\"p\",\"createdAt\":5}]");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.body()).isEqualTo("{\"ids\":[100,101]}");
        List<NewMemory> memories = http.rooms.last(SaveMemories.class).memories();
        assertThat(memories).extracting(NewMemory::text).containsExactly("a", "b");
        assertThat(memories).extracting(NewMemory::createdAt).containsExactly(null, 5L);
    }

    @Test
    void savesTenThousandAndNotOneMore() {
        String one = "{\"text\":\"a memory\",\"project\":\"p\"}";
        String most = "[" + (one + ",").repeat(9_999) + one + "]";
        assertThat(http.post("/api/memories", most).json().getJsonArray("ids")).hasSize(10_000);
        http.rooms.asked.clear();
        assertThat(http.post("/api/memories", "[" + (one + ",").repeat(10_000) + one + "]")
                        .status())
                .isEqualTo(400);
        assertThat(http.rooms.asked).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("H7: one bad memory refuses them all, by its place and field")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                       | text
            {"text":"a"}                                             | project
            {"text":" ","project":"p"}                               | text
            {"text":["a"],"project":"p"}                             | text
            {"text":"a","project":"p","tittle":"x"}                  | tittle
            {"text":"a","project":"p","facts":"x"}                   | facts
            {"text":"a","project":"p","facts":["x",1]}               | facts[1]
            {"text":"a","project":"p","createdAt":"someday"}         | createdAt
            {"text":"a","project":"p","createdAt":1.5}               | createdAt
            {"text":"a","project":"p","createdAt":true}              | createdAt
            []                                                       | body
            [7]                                                      | [0]
            [{"text":"a","project":"p"},{"text":"b"}]                | [1].project
            [{"text":"a","project":"p"},{"text":"b","project":[]}]   | [1].project
            """)
    void refusesMemories(String body, String field) {
        Reply reply = http.post("/api/memories", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.field()).isEqualTo(field);
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void refusesTextsBeyondTheirBounds() {
        String start = "{\"project\":\"p\",\"text\":\"";
        assertThat(http.post("/api/memories", start + "x".repeat(NewMemory.MAX_TEXT + 1) + "\"}")
                        .field())
                .isEqualTo("text");
        assertThat(http.post("/api/memories", start + "x\",\"title\":\"" + "x".repeat(301) + "\"}")
                        .field())
                .isEqualTo("title");
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void deletesOneMemoryOfTheKindThatIsNamed() throws Exception {
        for (Kind kind : Kind.values()) {
            Reply reply = http.request("DELETE /api/" + kind.plural() + "/7 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(http.rooms.last(Forget.class))
                    .isEqualTo(new Forget(List.of(7L), kind, null, null, null, null, null, false));
        }
        http.rooms.forget = forget -> Future.succeededFuture(new Forgotten(0, 0, 0, 0, 0, false));
        assertThat(http.request("DELETE /api/observations/8 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .code())
                .isEqualTo("not_found");
        assertThat(http.request("DELETE /api/sessions/8 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .code())
                .isEqualTo("method_not_allowed");
    }

    @Test
    void forgetsByConditions() {
        Reply reply = http.post(
                "/api/forget",
                "{\"project\":\"p\",\"session\":\"s\",\"query\":\"q\",\"from\":5,\"to\":\"2026-11-22\",\"dryRun\":true}");
        assertThat(reply.json()).isEqualTo(new JsonObject("""
                        {"observations":1,"summaries":0,"prompts":0,"toolUses":0,"sessions":0,"dryRun":true}
                        """));
        long endOfDay = Instant.parse("2026-11-22T23:59:59.999Z").toEpochMilli();
        assertThat(http.rooms.last(Forget.class))
                .isEqualTo(new Forget(List.of(), null, "p", "s", "q", 5L, endOfDay, true));
        http.post("/api/forget", "{\"ids\":[1,2],\"kind\":\"summary\"}");
        assertThat(http.rooms.last(Forget.class))
                .isEqualTo(new Forget(List.of(1L, 2L), Kind.SUMMARY, null, null, null, null, null, false));
    }

    @ParameterizedTest
    @DisplayName("a forget that says too little, or something misspelt, forgets nothing")
    @CsvSource(delimiter = '|', textBlock = """
            {}                               | ids
            {"dryRun":true}                  | ids
            {"ids":[]}                       | ids
            {"ids":[],"project":"p"}         | ids
            {"kind":"summary"}               | ids
            {"projct":"p","session":"s"}     | projct
            {"project":""}                   | project
            {"project":"p","dryRun":"yes"}   | dryRun
            {"project":"p","from":"x"}       | from
            {"ids":[1],"kind":"cat"}         | kind
            []                               | body
            """)
    void refusesAForget(String body, String field) {
        Reply reply = http.post("/api/forget", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.field()).isEqualTo(field);
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void figures() {
        assertThat(http.get("/api/stats").json()).isEqualTo(new JsonObject("""
                        {"sessions":1,"prompts":2,"toolUses":3,"observations":4,"summaries":5,
                         "queue":{"pending":6,"claimed":7,"parked":8},"vectors":{"mode":"embedded","indexed":9,"total":11},
                         "database":{"path":"cairn.db","bytes":4096},"events":{"SessionEnd":1,"Stop":2}}
                        """));
        assertThat(http.get("/api/projects").json()).isEqualTo(new JsonObject("""
                        {"projects":[{"project":"/home/dev/kestrel","projectName":"kestrel","sessions":1,"observations":2,
                          "summaries":3,"prompts":4,"lastAt":5}]}
                        """));
        Reply metrics = http.get("/metrics");
        assertThat(metrics.body()).isEqualTo("up 1\n");
        assertThat(metrics.header("content-type")).startsWith("text/plain; version=0.0.4");
    }

    @Test
    void mcpIsPassedOnAndAnsweredAsTheEndpointSays() {
        assertThat(http.post("/mcp", "{\"id\":1}").body()).isEqualTo("{\"jsonrpc\":\"2.0\"}");
        assertThat(http.mcpBodies).contains("{\"id\":1}");
        http.post("/mcp?structured=true", "{\"id\":2}");
        assertThat(http.mcpBodies).contains("structured {\"id\":2}");
        assertThat(http.post("/mcp?structured=perhaps", "{\"id\":3}").status()).isEqualTo(400);
        http.mcpReply = new McpEndpoint.Reply(202, null);
        Reply accepted = http.post("/mcp", "{}");
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.body()).isEmpty();
        assertThat(accepted.header("content-type")).isNull();
    }
}
