package dev.cairn.http.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.cairn.bus.WireFormat;
import dev.cairn.http.json.Fields;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.model.EventKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each host's documented bodies, one session each, against a schema written from its documentation, and what is read from them.
 * The schemas say where they are from.
 */
class HostContractTest {
    private static final Path HOSTS = Path.of("src/test/resources/hosts");
    private static final String REQUEST =
            "The cart shows the wrong total when an item is taxed at 8 %. Please find out why and fix it.";

    private static List<Path> bodies(String host) throws IOException {
        try (Stream<Path> files = Files.list(HOSTS.resolve(host))) {
            return files.sorted().toList();
        }
    }

    private static JsonNode json(Path file) throws IOException {
        return WireFormat.mapper().readTree(Files.readString(file));
    }

    private static List<AgentEvent> read(String host, JsonNode body) {
        return Hosts.of(host).read(body.path("hook_event_name").asText(), host, Fields.of(body), 7);
    }

    private static List<AgentEvent> session(String host) throws IOException {
        List<AgentEvent> events = new ArrayList<>();
        for (Path body : bodies(host)) {
            events.addAll(read(host, json(body)));
        }
        return events;
    }

    private static AgentEvent first(List<AgentEvent> events, EventKind kind) {
        return events.stream()
                .filter(event -> event.kind() == kind)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind));
    }

    @ParameterizedTest
    @DisplayName("the bodies are what the host documents")
    @ValueSource(strings = {"codex", "cursor", "gemini", "opencode"})
    void bodiesFitTheSchema(String host) throws IOException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(HOSTS.resolve(host + ".schema.json")), InputFormat.JSON);

        for (Path body : bodies(host)) {
            assertThat(schema.validate(Files.readString(body), InputFormat.JSON))
                    .as(body.toString())
                    .isEmpty();
            ObjectNode other = (ObjectNode) json(body);
            other.put("hook_event_name", "other");
            assertThat(schema.validate(other.toString(), InputFormat.JSON))
                    .as("the schema tells events apart")
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @DisplayName("every body is read: the kinds of a session, in its order")
    @CsvSource(delimiter = '|', textBlock = """
                    codex    | session_start prompt tool_use tool_use tool_use tool_use subagent_stop compact stop session_end
                    cursor   | session_start prompt tool_use other tool_use other tool_use tool_use subagent_stop other stop stop session_end
                    gemini   | session_start prompt tool_use tool_use tool_use tool_use tool_use tool_use other stop session_end
                    opencode | session_start prompt tool_use tool_use tool_use tool_use subagent_stop compact stop session_end
                    """)
    void kinds(String host, String kinds) throws IOException {
        List<AgentEvent> events = session(host);

        assertThat(events.stream().map(event -> event.kind().toString()).toList())
                .containsExactly(kinds.split(" ", -1));
        assertThat(events).allSatisfy(event -> {
            assertThat(event.platform()).isEqualTo(host);
            assertThat(event.sessionId()).isEqualTo(events.get(0).sessionId());
            assertThat(event.cwd()).isEqualTo("/home/dev/shop");
            assertThat(event.at()).isEqualTo(7);
            assertThat(Hosts.eventNames()).contains(event.name());
        });
        assertThat(first(events, EventKind.PROMPT).prompt()).isEqualTo(REQUEST);
        assertThat(events.stream()
                        .filter(event -> event.kind() == EventKind.STOP && event.text() != null)
                        .map(AgentEvent::text))
                .singleElement()
                .asString()
                .startsWith("The total was wrong");
    }

    @ParameterizedTest
    @DisplayName("the failing test run is a failure, with its exit code on top; the passing one is none")
    @ValueSource(strings = {"codex", "cursor", "gemini", "opencode"})
    void failures(String host) throws IOException {
        List<AgentEvent> commands = session(host).stream()
                .filter(event -> event.kind() == EventKind.TOOL_USE)
                .filter(event -> String.valueOf(event.toolInput()).contains("mvn"))
                .toList();

        assertThat(commands).hasSize(2);
        assertThat(commands.get(0).error())
                .startsWith("Exit code 1\n[ERROR] Tests run: 12, Failures: 1")
                .contains("expected: <10.80> but was: <10.79>");
        assertThat(commands.get(1).error()).isNull();
        assertThat(commands.get(1).toolResponse()).contains("Tests run: 12, Failures: 0");
    }

    @ParameterizedTest
    @DisplayName("only a turn that the host names is named")
    @CsvSource({"codex,0199a213-9d2e-7c70", "cursor,f0d7b9a4-20de-4f43-8f9e-cc3a9b0d2b11", "gemini,", "opencode,"})
    void prompts(String host, String promptId) throws IOException {
        for (AgentEvent event : session(host)) {
            boolean ofSession = event.kind() == EventKind.SESSION_START || event.kind() == EventKind.SESSION_END;
            assertThat(event.promptId()).isEqualTo(ofSession ? null : promptId);
        }
    }

    @Test
    void codexSaysWhatFailedInAnMcpResult() throws IOException {
        AgentEvent use = session("codex").get(4);

        assertThat(use.toolName()).isEqualTo("mcp__docs__lookup");
        assertThat(use.error()).isEqualTo("no such page");
    }

    @Test
    @DisplayName("Cursor: an edit is told once, by the hook that has its texts; a result is unpacked from its text")
    void cursorTellsEachThingOnce() throws IOException {
        List<AgentEvent> uses = session("cursor").stream()
                .filter(event -> event.kind() == EventKind.TOOL_USE)
                .toList();

        assertThat(uses).extracting(AgentEvent::toolName).containsExactly("Shell", "Edit", "MCP:lookup", "Shell");
        assertThat(uses.get(1).toolInput()).contains("\"file_path\"", "\"old_string\"", "HALF_UP");
        assertThat(uses.get(3).toolResponse()).startsWith("{\"exitCode\":0,");
        assertThat(uses.get(0).durationMs()).isEqualTo(4_100);
    }

    @Test
    void geminiKeepsWhatTheModelWasTold() throws IOException {
        List<AgentEvent> events = session("gemini");

        assertThat(events.get(6).error()).isEqualTo("no such page");
        assertThat(events.get(5).toolResponse()).doesNotContain("returnDisplay");
    }

    @Test
    @DisplayName("OpenCode: what a session does that another one started belongs to that one")
    void openCodeChildren() throws IOException {
        ObjectNode body = (ObjectNode) json(HOSTS.resolve("opencode/02-chat.message.json"));
        body.put("agent_id", "ses_child");
        assertThat(read("opencode", body))
                .singleElement()
                .extracting(AgentEvent::kind)
                .isEqualTo(EventKind.OTHER);

        AgentEvent stop = first(session("opencode"), EventKind.SUBAGENT_STOP);
        assertThat(stop.agentId()).isEqualTo("ses_59a8d2b1child");
        assertThat(stop.text()).isEqualTo("The rounding is right now.");
    }

    @ParameterizedTest
    @DisplayName("an event that is not known is counted, never refused")
    @ValueSource(strings = {"codex", "cursor", "gemini", "opencode", "claude-code", "somebody-else"})
    void unknownEvents(String host) {
        ObjectNode body = WireFormat.mapper().createObjectNode();
        body.put("hook_event_name", "SomethingNew").put("session_id", "s").put("conversation_id", "s");

        assertThat(read(host, body))
                .singleElement()
                .extracting(AgentEvent::kind)
                .isEqualTo(EventKind.OTHER);
    }

    @ParameterizedTest
    @DisplayName("a body that cannot be read is refused by the field's name")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    codex    | {"hook_event_name":"Stop"}                                                          | session_id
                    codex    | {"hook_event_name":"Stop","session_id":"s","turn_id":7}                             | turn_id
                    codex    | {"hook_event_name":"UserPromptSubmit","session_id":"s"}                             | prompt
                    codex    | {"hook_event_name":"PostToolUse","session_id":"s"}                                  | tool_name
                    codex    | {"hook_event_name":"Stop","session_id":"s","last_assistant_message":{}}             | last_assistant_message
                    cursor   | {"hook_event_name":"stop","session_id":"s"}                                         | conversation_id
                    cursor   | {"hook_event_name":"stop","conversation_id":"s","workspace_roots":[7]}              | workspace_roots[0]
                    cursor   | {"hook_event_name":"stop","conversation_id":"s","workspace_roots":["a"]}            | cwd
                    cursor   | {"hook_event_name":"afterFileEdit","conversation_id":"s"}                           | file_path
                    cursor   | {"hook_event_name":"postToolUse","conversation_id":"s"}                             | tool_name
                    cursor   | {"hook_event_name":"postToolUse","conversation_id":"s","tool_name":"Read","tool_output":{}} | tool_output
                    gemini   | {"hook_event_name":"AfterTool","session_id":"s"}                                    | tool_name
                    gemini   | {"hook_event_name":"BeforeAgent","session_id":"s","prompt":7}                       | prompt
                    opencode | {"hook_event_name":"tool.execute.after","session_id":"s"}                           | input.tool
                    opencode | {"hook_event_name":"tool.execute.after","session_id":"s","input":7}                 | input
                    opencode | {"hook_event_name":"chat.message","session_id":"s"}                                 | text
                    """)
    void refused(String host, String body, String field) throws IOException {
        JsonNode json = WireFormat.mapper().readTree(body);

        CairnException refusal = catchThrowableOfType(CairnException.class, () -> read(host, json));

        assertThat(refusal).as(body).isNotNull();
        assertThat(refusal.field()).isEqualTo(field);
    }

    @ParameterizedTest
    @DisplayName("context is told in the host's own form")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    claude-code | SessionStart       | {"hookSpecificOutput":{"hookEventName":"SessionStart","additionalContext":"K"}}     | {}
                    codex       | UserPromptSubmit   | {"hookSpecificOutput":{"hookEventName":"UserPromptSubmit","additionalContext":"K"}} | {}
                    gemini      | BeforeAgent        | {"hookSpecificOutput":{"hookEventName":"BeforeAgent","additionalContext":"K"}}      | {}
                    cursor      | sessionStart       | {"additional_context":"K"}                                                          | {}
                    cursor      | beforeSubmitPrompt | {"additional_context":"K"}                                                          | {"continue":true}
                    opencode    | session.created    | {"context":"K"}                                                                     | {}
                    """)
    void answers(String host, String event, String told, String confirmed) {
        assertThat(Hosts.of(host).tell(event, "K")).isEqualTo(told);
        assertThat(Hosts.of(host).confirm(event)).isEqualTo(confirmed);
        assertThat(Hosts.of(host).hearsPrompts()).isEqualTo(!host.equals("cursor"));
    }
}
