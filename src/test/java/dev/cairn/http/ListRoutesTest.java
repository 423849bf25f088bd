package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Fetch;
import dev.cairn.bus.Page;
import dev.cairn.bus.PageQuery;
import dev.cairn.bus.What;
import dev.cairn.model.Correction;
import dev.cairn.model.Observation;
import dev.cairn.model.ToolUse;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListRoutesTest extends ApiFixture {
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
}
