package dev.cairn.http.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.WireFormat;
import dev.cairn.http.json.Fields;
import dev.cairn.http.json.StrictJson;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.EventKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClaudeCodeEventsTest {
    private static final Path RECORDINGS = Path.of("src/test/resources/claude-code-hooks");
    private static final Path GOLDEN = Path.of("src/test/resources/claude-code-events.txt");
    private static final StrictJson JSON = new StrictJson(100, 1 << 20);

    private static List<AgentEvent> events(String body) {
        Fields fields = Fields.of(JSON.parse(body.getBytes(StandardCharsets.UTF_8)));
        String name = fields.text("hook_event_name");
        return ClaudeCodeEvents.of(name, "claude-code", fields, 0);
    }

    @Test
    void everyRecordingMeansWhatItMeant() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(RECORDINGS)) {
            for (Path file : files.sorted().toList()) {
                lines.add(file.getFileName().toString());
                events(Files.readString(file)).forEach(event -> lines.add("  " + WireFormat.encode(event)));
            }
        }
        assertThat(lines).containsExactlyElementsOf(Files.readAllLines(GOLDEN));
    }

    @Test
    void everyRecordedNameIsCountedByItsName() throws IOException {
        try (Stream<Path> files = Files.list(RECORDINGS)) {
            for (Path file : files.toList()) {
                assertThat(ClaudeCodeEvents.NAMES)
                        .contains(events(Files.readString(file)).get(0).name());
            }
        }
    }

    @Test
    void aCallThatFailedValidationIsAToolUseWithItsError() {
        List<AgentEvent> events = events("""
                {"session_id":"s","hook_event_name":"PostToolBatch","tool_calls":[
                  {"tool_name":"Edit","tool_use_id":"t1","tool_input":{"file_path":"/no"},
                   "tool_response":"<tool_use_error>File does not exist.</tool_use_error>"},
                  {"tool_name":"Read","tool_use_id":"t2","tool_input":{},"tool_response":"1\\tline"},
                  {"tool_name":"Odd","tool_use_id":"t3","tool_response":"<tool_use_error>"}]}
                """);

        assertThat(events).extracting(AgentEvent::kind).containsOnly(EventKind.TOOL_USE);
        assertThat(events).extracting(AgentEvent::error).containsExactly("File does not exist.", null, "");
        assertThat(events).extracting(AgentEvent::toolResponse).containsExactly(null, "\"1\\tline\"", null);
    }

    @Test
    void anEmptyBatchIsStillAnEvent() {
        assertThat(events("{\"session_id\":\"s\",\"hook_event_name\":\"PostToolBatch\",\"tool_calls\":[]}"))
                .extracting(AgentEvent::kind)
                .containsExactly(EventKind.OTHER);
    }

    @Test
    void aFailureWithoutWordsIsStillAFailure() {
        assertThat(events("{\"session_id\":\"s\",\"hook_event_name\":\"PostToolUseFailure\",\"tool_name\":\"T\"}"))
                .extracting(AgentEvent::error)
                .containsExactly("failed");
    }

    @Test
    void aSubAgentsToolUseNamesTheSubAgent() {
        assertThat(events("""
                        {"session_id":"s","agent_id":"a-1","hook_event_name":"PostToolUse","tool_name":"T","duration_ms":7.9}
                        """)).singleElement().satisfies(event -> {
            assertThat(event.agentId()).isEqualTo("a-1");
            assertThat(event.durationMs()).isEqualTo(7);
        });
    }

    @Test
    void aWindowsDirectoryIsAbsoluteToo() {
        assertThat(events("{\"session_id\":\"s\",\"cwd\":\"C:\\\\work\\\\x\",\"hook_event_name\":\"Stop\"}"))
                .extracting(AgentEvent::cwd)
                .containsExactly("C:\\work\\x");
    }
}
