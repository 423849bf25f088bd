package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import dev.cairn.bus.IngestEvents;
import dev.cairn.bus.IngestEvents.Item;
import dev.cairn.bus.Ingested;
import dev.cairn.bus.Ingested.Result;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.model.EventKind;
import dev.cairn.model.Project;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventRoutesTest {
    private static final String PATH = "/api/v1/events";
    private static final String HEAD = "\"platform\":\"aider\",\"session\":\"s-1\",\"cwd\":\"/home/dev/kestrel\"";

    @TempDir
    static Path dir;

    private static HttpHarness http;
    private static Schema schema;

    @BeforeAll
    static void start() {
        http = HttpHarness.start(dir);
        schema = JsonSchemas.of(http.get(PATH + "/schema").body());
    }

    @AfterAll
    static void stop() {
        http.close();
    }

    @AfterEach
    void reset() {
        http.rooms.asked.clear();
        http.rooms.ingest = new FakeRooms(List.of()).ingest;
    }

    private static String event(String more) {
        return "{" + HEAD + "," + more + "}";
    }

    @Test
    void theSchemaIsPublishedAsOne() {
        Reply reply = http.get(PATH + "/schema");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("content-type")).isEqualTo("application/schema+json");
        assertThat(reply.json().getString("$schema")).isEqualTo("https://json-schema.org/draft/2020-12/schema");
    }

    @Test
    @DisplayName("every type becomes an event of its kind, with all that it may bring")
    void everyType() {
        String body = new JsonArray()
                .add(json(event("\"type\":\"session_start\",\"detail\":\"startup\"")))
                .add(json(event("\"type\":\"prompt\",\"text\":\"Fix it\",\"prompt\":\"p-1\"")))
                .add(json(event("\"type\":\"tool_use\",\"agent\":\"a-1\",\"tool\":{\"name\":\"shell\",\"id\":\"t-1\","
                        + "\"input\":{\"cmd\":\"ls\"},\"output\":\"a\",\"error\":\"no\",\"durationMs\":7}")))
                .add(json(
                        event("\"type\":\"subagent_stop\",\"agent\":\"a-1\",\"text\":\"Done\",\"detail\":\"finder\"")))
                .add(json(event("\"type\":\"stop\",\"text\":\"Fixed\",\"at\":\"2026-11-22T09:30:00.5+01:00\"")))
                .add(json(event("\"type\":\"compaction\",\"text\":\"So far\",\"at\":5")))
                .add(json(event("\"type\":\"session_end\",\"name\":\"quit\"")))
                .add(json(event("\"type\":\"other\",\"name\":\"model changed\"")))
                .encode();

        Reply reply = http.post(PATH, body);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(JsonSchemas.faults(schema, body)).isEmpty();
        List<AgentEvent> events = http.rooms.last(IngestEvents.class).items().stream()
                .map(Item::event)
                .toList();
        assertThat(events)
                .extracting(AgentEvent::kind)
                .containsExactly(
                        EventKind.SESSION_START,
                        EventKind.PROMPT,
                        EventKind.TOOL_USE,
                        EventKind.SUBAGENT_STOP,
                        EventKind.STOP,
                        EventKind.COMPACT,
                        EventKind.SESSION_END,
                        EventKind.OTHER);
        assertThat(events).allSatisfy(event -> {
            assertThat(event.platform()).isEqualTo("aider");
            assertThat(event.sessionId()).isEqualTo("s-1");
            assertThat(event.cwd()).isEqualTo("/home/dev/kestrel");
        });
        assertThat(events.get(1).prompt()).isEqualTo("Fix it");
        assertThat(events.get(1).promptId()).isEqualTo("p-1");
        AgentEvent use = events.get(2);
        assertThat(List.of(
                        String.valueOf(use.agentId()),
                        String.valueOf(use.toolName()),
                        String.valueOf(use.toolUseId()),
                        String.valueOf(use.toolInput()),
                        String.valueOf(use.toolResponse()),
                        String.valueOf(use.error()),
                        String.valueOf(use.durationMs())))
                .containsExactly("a-1", "shell", "t-1", "{\"cmd\":\"ls\"}", "\"a\"", "no", "7");
        assertThat(events.get(3).text()).isEqualTo("Done");
        assertThat(events.get(3).detail()).isEqualTo("finder");
        assertThat(events.get(4).at()).isEqualTo(1_795_336_200_500L);
        assertThat(events.get(5).at()).isEqualTo(5);
        assertThat(events.get(6).name()).isEqualTo("quit");
        assertThat(events.get(0).name()).isEqualTo("session_start");
    }

    private static JsonObject json(String text) {
        return new JsonObject(text);
    }

    @Test
    void oneEventAListAndAListInAnObjectAreTaken() {
        String one = event("\"type\":\"stop\"");

        for (String body : List.of(one, "[" + one + "]", "{\"events\":[" + one + "]}")) {
            assertThat(http.post(PATH, body).body())
                    .isEqualTo("{\"stored\":1,\"duplicate\":0,\"counted\":0,\"excluded\":0,\"results\":[\"stored\"]}");
        }
        assertThat(http.rooms.asked).hasSize(3);
    }

    @Test
    void keysAndProjectGoAlong() {
        http.post(PATH, event("\"type\":\"stop\",\"idempotencyKey\":\"k-1\""));
        assertThat(http.rooms.last(IngestEvents.class).items().get(0).key()).isEqualTo("k-1");
        assertThat(http.rooms.last(IngestEvents.class).items().get(0).project()).isNull();

        Reply reply = http.post(
                PATH,
                "{\"platform\":\"aider\",\"session\":\"s-1\",\"project\":\"kestrel\",\"type\":\"stop\"}",
                Map.of("Idempotency-Key", "batch-9"));

        assertThat(reply.status()).isEqualTo(200);
        IngestEvents last = http.rooms.last(IngestEvents.class);
        assertThat(last.key()).isEqualTo("batch-9");
        assertThat(last.items().get(0).project()).isEqualTo(new Project("kestrel", "kestrel"));
        assertThat(last.items().get(0).named()).isTrue();
    }

    @Test
    @DisplayName("D6: a replay has the same bytes, and says that it is one in a header")
    void aReplayIsTold() {
        String body = event("\"type\":\"stop\"");
        http.rooms.ingest = any ->
                Future.succeededFuture(new Ingested(List.of(Result.DUPLICATE, Result.COUNTED, Result.EXCLUDED), true));

        Reply reply = http.post(PATH, body);

        assertThat(reply.header("idempotency-replayed")).isEqualTo("true");
        assertThat(reply.body())
                .isEqualTo("{\"stored\":0,\"duplicate\":1,\"counted\":1,\"excluded\":1,"
                        + "\"results\":[\"duplicate\",\"counted\",\"excluded\"]}");
    }

    @Test
    void aRefusalOfTheStoreIsToldWithItsCode() {
        http.rooms.ingest = any -> Future.failedFuture(CairnException.unavailable("too many writes wait; try again"));

        Reply reply = http.post(PATH, event("\"type\":\"stop\""));

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.code()).isEqualTo("unavailable");
    }

    @Test
    void aKeyInTheHeaderMustBePrintable() {
        String body = event("\"type\":\"stop\"");

        assertThat(http.post(PATH, body, Map.of("Idempotency-Key", "x".repeat(201)))
                        .field())
                .isEqualTo("Idempotency-Key");
        assertThat(http.post(PATH, body, Map.of("Idempotency-Key", "caf\u00e9")).field())
                .isEqualTo("Idempotency-Key");
        assertThat(http.rooms.asked).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("what is accepted, the schema accepts too")
    @ValueSource(
            strings = {
                "\"type\":\"stop\",\"text\":null,\"tool\":null,\"at\":null,\"project\":null",
                "\"type\":\"prompt\",\"text\":\"\"",
                "\"type\":\"compaction\"",
                "\"type\":\"stop\",\"at\":0",
                "\"type\":\"stop\",\"at\":253402300799999",
                "\"type\":\"stop\",\"at\":5.0",
                "\"type\":\"stop\",\"at\":\"1970-01-01T00:00:00Z\"",
                "\"type\":\"tool_use\",\"tool\":{\"name\":\"t\",\"input\":[1],\"output\":null,\"durationMs\":3.0}",
                "\"type\":\"other\",\"detail\":\"any thing\",\"name\":\"Some Event\"",
                "\"type\":\"stop\",\"project\":\"kestrel\",\"prompt\":\"p\",\"agent\":\"a\"",
            })
    void accepted(String more) {
        String body = event(more);

        assertThat(http.post(PATH, body).status()).isEqualTo(200);
        assertThat(JsonSchemas.faults(schema, body)).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("H7: what is refused, the schema refuses too; the field is named, and nothing is written")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "type":"stopped"                                              | type
                    "type":"STOP"                                                 | type
                    "type":7                                                      | type
                    "text":"x"                                                    | type
                    "type":"stop","sesion":"x"                                    | sesion
                    "type":"stop","platform":"Aider"                              | platform
                    "type":"stop","platform":""                                   | platform
                    "type":"stop","session":null                                  | session
                    "type":"stop","session":"  "                                  | session
                    "type":"stop","session":"a\\u0000"                            | session
                    "type":"stop","cwd":"relative"                                | cwd
                    "type":"stop","cwd":""                                        | cwd
                    "type":"stop","cwd":null                                      | cwd
                    "type":"stop","cwd":"/a\\u0000b"                              | cwd
                    "type":"stop","project":" "                                   | project
                    "type":"stop","at":-1                                         | at
                    "type":"stop","at":253402300800000                            | at
                    "type":"stop","at":1.5                                        | at
                    "type":"stop","at":"2026-11-22"                               | at
                    "type":"stop","at":"2026-11-22T09:30:00"                      | at
                    "type":"stop","at":"1969-12-31T00:00:00Z"                     | at
                    "type":"stop","at":"2026-02-31T09:30:00Z"                     | at
                    "type":"stop","at":true                                       | at
                    "type":"stop","idempotencyKey":""                             | idempotencyKey
                    "type":"stop","idempotencyKey":5                              | idempotencyKey
                    "type":"prompt"                                               | text
                    "type":"prompt","text":null                                   | text
                    "type":"prompt","text":["x"]                                  | text
                    "type":"session_start","text":"x"                             | text
                    "type":"tool_use"                                             | tool
                    "type":"tool_use","tool":"shell"                              | tool
                    "type":"tool_use","tool":{}                                   | tool.name
                    "type":"tool_use","tool":{"name":"t","in":1}                  | tool.in
                    "type":"tool_use","tool":{"name":"t","error":{}}              | tool.error
                    "type":"tool_use","tool":{"name":"t","durationMs":-1}         | tool.durationMs
                    "type":"tool_use","tool":{"name":"t","durationMs":"5"}        | tool.durationMs
                    "type":"tool_use","text":"x","tool":{"name":"t"}              | text
                    "type":"stop","tool":{"name":"t"}                             | tool
                    """)
    void refused(String more, String field) {
        JsonObject event = json("{" + HEAD + "}").mergeIn(json("{" + more + "}"));
        String good = event("\"type\":\"stop\"");

        Map<String, String> bodies = Map.of(
                event.encode(),
                field,
                "[" + good + "," + event.encode() + "]",
                "[1]." + field,
                "{\"events\":[" + good + "," + good + "," + event.encode() + "]}",
                "events[2]." + field);

        bodies.forEach((body, named) -> {
            Reply reply = http.post(PATH, body);
            assertThat(reply.status()).as(reply.body()).isEqualTo(400);
            assertThat(reply.code()).isEqualTo("invalid_argument");
            assertThat(reply.field()).isEqualTo(named);
            assertThat(JsonSchemas.faults(schema, body)).as(body).isNotEmpty();
        });
        assertThat(http.rooms.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"events\":[]}", "{\"events\":null}", "{\"events\":{}}", "{}", "7", "[7]", "[[]]"})
    void refusedBodies(String body) {
        assertThat(http.post(PATH, body).status()).isEqualTo(400);
        assertThat(JsonSchemas.faults(schema, body)).isNotEmpty();
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void aBatchIsBounded() {
        JsonArray events = new JsonArray();
        for (int i = 0; i < 256; i++) {
            events.add(json(event("\"type\":\"other\"")));
        }
        assertThat(http.post(PATH, events.encode()).status()).isEqualTo(200);
        assertThat(JsonSchemas.faults(schema, events.encode())).isEmpty();

        events.add(json(event("\"type\":\"other\"")));
        for (String body :
                List.of(events.encode(), new JsonObject().put("events", events).encode())) {
            Reply reply = http.post(PATH, body);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.message()).contains("1 to 256 events, not 257");
            assertThat(JsonSchemas.faults(schema, body)).isNotEmpty();
        }
    }
}
