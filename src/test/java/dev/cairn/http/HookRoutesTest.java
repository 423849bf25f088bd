package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.ContextQuery;
import dev.cairn.bus.ContextText;
import dev.cairn.bus.RecordEvents;
import dev.cairn.bus.Recorded;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.model.EventKind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HookRoutesTest {
    private static final Path RECORDINGS = Path.of("src/test/resources/claude-code-hooks");

    @TempDir
    static Path dir;

    private static HttpHarness http;

    @BeforeAll
    static void start() {
        http = HttpHarness.start(dir);
    }

    @AfterAll
    static void stop() {
        http.close();
    }

    @AfterEach
    void reset() {
        http.rooms.asked.clear();
        FakeRooms fresh = new FakeRooms(List.of());
        http.rooms.record = fresh.record;
        http.rooms.contextOf = fresh.contextOf;
    }

    static Stream<String> recordings() throws IOException {
        try (Stream<Path> files = Files.list(RECORDINGS)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    @DisplayName("every recorded event is recorded the same through both doors and answered with valid JSON")
    void everyRecordingThroughBothDoors(String file) throws IOException {
        String body = Files.readString(RECORDINGS.resolve(file));
        String name = new JsonObject(body).getString("hook_event_name");

        Reply named = http.post("/hooks/" + name, body);
        Reply unnamed = http.post("/hooks", body);

        assertThat(named.status()).isEqualTo(200);
        assertThat(named.header("content-type")).isEqualTo("application/json");
        assertThat(unnamed.body()).isEqualTo(named.body());
        assertThat(unnamed.status()).isEqualTo(named.status());
        if (name.equals("SessionStart")) {
            assertThat(named.json().getJsonObject("hookSpecificOutput").getString("additionalContext"))
                    .isEqualTo("Known about kestrel.");
        } else {
            assertThat(named.body()).isEqualTo("{}");
        }
        List<RecordEvents> recorded = http.rooms.recorded();
        assertThat(recorded).hasSize(2);
        assertThat(withoutTimes(recorded.get(0))).isEqualTo(withoutTimes(recorded.get(1)));
        assertThat(recorded.get(0).events()).allSatisfy(event -> {
            assertThat(event.name()).isEqualTo(name);
            assertThat(event.platform()).isEqualTo("claude-code");
            assertThat(event.sessionId()).isEqualTo(new JsonObject(body).getString("session_id"));
            assertThat(event.cwd()).isEqualTo(new JsonObject(body).getString("cwd"));
            assertThat(event.promptId()).isEqualTo(new JsonObject(body).getString("prompt_id"));
            assertThat(event.at()).isBetween(System.currentTimeMillis() - 10_000, System.currentTimeMillis());
        });
    }

    private static List<AgentEvent> withoutTimes(RecordEvents events) {
        return events.events().stream()
                .map(e -> new AgentEvent(
                        e.kind(),
                        e.name(),
                        e.platform(),
                        e.sessionId(),
                        e.cwd(),
                        e.promptId(),
                        e.agentId(),
                        e.prompt(),
                        e.toolName(),
                        e.toolUseId(),
                        e.toolInput(),
                        e.toolResponse(),
                        e.error(),
                        e.durationMs(),
                        e.text(),
                        e.detail(),
                        0))
                .toList();
    }

    @Test
    @DisplayName("D1: a hook is answered only after its commit")
    void answeredOnlyAfterTheCommit() throws Exception {
        Promise<Recorded> commit = Promise.promise();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        http.rooms.record = events -> {
            asked.complete(null);
            return commit.future();
        };
        try (RawClient client = http.client()) {
            client.post("/hooks/Stop", Files.readAllBytes(RECORDINGS.resolve("Stop.json")));
            CompletableFuture<Reply> reply = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.read();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            asked.get(5, TimeUnit.SECONDS);
            assertThat(http.get("/health/live").status()).isEqualTo(200);
            assertThat(reply).isNotDone();

            commit.complete(new Recorded(FakeRooms.PROJECT, 1, 0));

            assertThat(reply.get(5, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
    }

    @Test
    void aRefusalOfTheStoreIsToldWithItsCode() {
        http.rooms.record =
                events -> Future.failedFuture(CairnException.unavailable("too many writes wait; try again"));

        Reply reply = http.post("/hooks", "{\"session_id\":\"s\",\"hook_event_name\":\"Stop\"}");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.code()).isEqualTo("unavailable");
        assertThat(reply.message()).isEqualTo("too many writes wait; try again");
        assertThat(reply.header("retry-after")).isEqualTo("1");
    }

    @Test
    void sessionStartAsksForTheContextOfTheProjectThatWasRecorded() throws IOException {
        Reply reply = http.post("/hooks", Files.readAllBytes(RECORDINGS.resolve("command-SessionStart-startup.json")));

        assertThat(http.rooms.last(ContextQuery.class)).isEqualTo(new ContextQuery("/home/dev/kestrel", null));
        assertThat(reply.body())
                .isEqualTo("{\"hookSpecificOutput\":{\"hookEventName\":\"SessionStart\","
                        + "\"additionalContext\":\"Known about kestrel.\"}}");
    }

    @Test
    @DisplayName("F2: an excluded project is given no context")
    void excludedProjectIsGivenNoContext() throws IOException {
        http.rooms.record = events -> Future.succeededFuture(new Recorded(null, 0, 0));

        Reply reply = http.post("/hooks", Files.readAllBytes(RECORDINGS.resolve("command-SessionStart-startup.json")));

        assertThat(reply.body()).isEqualTo("{}");
        assertThat(http.rooms.asked).noneMatch(ContextQuery.class::isInstance);
    }

    @Test
    void emptyContextIsNotInjected() throws IOException {
        http.rooms.contextOf =
                query -> Future.succeededFuture(new ContextText(query.project(), "", 0, List.of(), List.of()));

        assertThat(http.post("/hooks", Files.readAllBytes(RECORDINGS.resolve("command-SessionStart-clear.json")))
                        .body())
                .isEqualTo("{}");
    }

    @Test
    @DisplayName("C1: a session starts though its context fails or hangs")
    void contextThatFailsOrHangsDoesNotFailTheHook() throws IOException {
        byte[] body = Files.readAllBytes(RECORDINGS.resolve("command-SessionStart-resume.json"));
        http.rooms.contextOf = query -> Future.failedFuture(new IllegalStateException("broken"));
        Reply failed = http.post("/hooks", body);
        http.rooms.contextOf = query -> Promise.<ContextText>promise().future();
        long begin = System.nanoTime();
        Reply hung = http.post("/hooks", body);

        assertThat(failed).satisfies(HookRoutesTest::isEmptyOk);
        assertThat(hung).satisfies(HookRoutesTest::isEmptyOk);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isBetween(1_500L, 4_000L);
    }

    private static void isEmptyOk(Reply reply) {
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("{}");
    }

    @Test
    @DisplayName("E2: a hook of the worker's own agent says so by a header, which is empty from all others")
    void aHookOfTheWorkersOwnAgentIsToldApart() throws IOException {
        String body = "{\"session_id\":\"s\",\"hook_event_name\":\"PostToolUse\",\"tool_name\":\"Bash\"}";
        for (String header : List.of("", " ", "1")) {
            http.post("/hooks/PostToolUse", body, Map.of("X-Cairn-Observer", header));
        }
        http.post("/hooks/PostToolUse", body);
        assertThat(http.rooms.recorded()).extracting(RecordEvents::own).containsExactly(null, null, true, null);
    }

    @Test
    @DisplayName("C4: SessionEnd is answered inside 1.5 s, even when recording hangs")
    void sessionEndIsAnsweredInTime() throws IOException {
        byte[] body = Files.readAllBytes(RECORDINGS.resolve("SessionEnd.json"));
        assertThat(http.post("/hooks/SessionEnd", body)).satisfies(HookRoutesTest::isEmptyOk);

        http.rooms.record = events -> Promise.<Recorded>promise().future();
        long begin = System.nanoTime();
        Reply hung = http.post("/hooks/SessionEnd", body);

        assertThat(hung.status()).isEqualTo(504);
        assertThat(hung.code()).isEqualTo("timeout");
        // Its own deadline is 1.2 s, that of every other hook 5 s; a busy machine may add to either.
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isBetween(1_200L, 4_500L);
    }

    @Test
    void anUnknownEventIsAcceptedAsOtherAndCounted() {
        double before = count("other");

        Reply reply =
                http.post("/hooks/WorktreeRemoved?platform=gemini-cli", "{\"session_id\":\"s-1\",\"anything\":[1]}");

        assertThat(reply).satisfies(HookRoutesTest::isEmptyOk);
        AgentEvent event = http.rooms.recorded().get(0).events().get(0);
        assertThat(event.kind()).isEqualTo(EventKind.OTHER);
        assertThat(event.name()).isEqualTo("WorktreeRemoved");
        assertThat(event.platform()).isEqualTo("gemini-cli");
        assertThat(count("other")).isEqualTo(before + 1);
    }

    private static double count(String event) {
        return http.meters.get("cairn.hooks").tag("event", event).counter().count();
    }

    @ParameterizedTest
    @DisplayName("H7: a hook that cannot be read is refused by the field's name, and nothing of it is recorded")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    /hooks/Stop              | []                                                        | body
                    /hooks/Stop              | "text"                                                    | body
                    /hooks/Stop              | null                                                      | body
                    /hooks/Stop              | {}                                                        | session_id
                    /hooks/Stop              | {"session_id":null}                                       | session_id
                    /hooks/Stop              | {"session_id":""}                                         | session_id
                    /hooks/Stop              | {"session_id":7}                                          | session_id
                    /hooks/Stop              | {"session_id":["s"]}                                      | session_id
                    /hooks/Stop              | {"session_id":"a\\u0000b"}                                | session_id
                    /hooks/Stop              | {"session_id":"s","session_id":"t"}                       | body
                    /hooks/Stop              | {"session_id":"s","cwd":5}                                | cwd
                    /hooks/Stop              | {"session_id":"s","cwd":"relative/dir"}                   | cwd
                    /hooks/Stop              | {"session_id":"s","cwd":"/a\\u0000b"}                     | cwd
                    /hooks/Stop              | {"session_id":"s","prompt_id":{}}                         | prompt_id
                    /hooks/Stop              | {"session_id":"s","last_assistant_message":1}             | last_assistant_message
                    /hooks/Stop              | {"session_id":"s","hook_event_name":"SessionEnd"}         | hook_event_name
                    /hooks/Stop              | {"session_id":"s","hook_event_name":[]}                   | hook_event_name
                    /hooks                   | {"session_id":"s"}                                        | hook_event_name
                    /hooks                   | {"session_id":"s","hook_event_name":"a b"}                | hook_event_name
                    /hooks/a%20b             | {"session_id":"s"}                                        | event
                    /hooks/..                | {"session_id":"s"}                                        | event
                    /hooks/Stop?platform=A/B | {"session_id":"s"}                                        | platform
                    /hooks/Stop?plattform=a  | {"session_id":"s"}                                        | plattform
                    /hooks/UserPromptSubmit  | {"session_id":"s"}                                        | prompt
                    /hooks/UserPromptSubmit  | {"session_id":"s","prompt":{"a":1}}                       | prompt
                    /hooks/PostToolUse       | {"session_id":"s"}                                        | tool_name
                    /hooks/PostToolUse       | {"session_id":"s","tool_name":3}                          | tool_name
                    /hooks/PostToolUse       | {"session_id":"s","tool_name":"T","tool_use_id":1}        | tool_use_id
                    /hooks/PostToolUse       | {"session_id":"s","tool_name":"T","duration_ms":"5"}      | duration_ms
                    /hooks/PostToolUse       | {"session_id":"s","tool_name":"T","duration_ms":1e99}     | duration_ms
                    /hooks/PostToolBatch     | {"session_id":"s","tool_calls":{}}                        | tool_calls
                    /hooks/PostToolBatch     | {"session_id":"s","tool_calls":[{"tool_name":"T"},7]}     | tool_calls[1]
                    /hooks/PostToolBatch     | {"session_id":"s","tool_calls":[{"tool_name":"T"},{}]}    | tool_calls[1].tool_name
                    """)
    void refusesByTheFieldsName(String path, String body, String field) {
        Reply reply = http.post(path, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("invalid_argument");
        assertThat(reply.field()).isEqualTo(field);
        assertThat(http.rooms.asked).isEmpty();
    }
}
