package dev.cairn.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.RecordEvents;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.EventKind;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventRulesTest extends SessionsFixture {
    @Test
    @DisplayName("H7: bad input is refused by its field, and nothing is stored")
    void badInputIsRefusedByItsField() throws Exception {
        deploy(new JsonObject());
        AgentEvent good = event(EventKind.TOOL_USE, "s-1", "/a", null, "1");
        assertRefused("events", List.of());
        assertRefused("events", IntStream.range(0, 257).mapToObj(i -> good).toList());
        assertRefused("events[1].sessionId", List.of(good, event(EventKind.STOP, "s-2", "/a", null, null)));
        assertRefused("events[0].sessionId", List.of(event(EventKind.STOP, "", null, null, null)));
        assertRefused("events[0].sessionId", List.of(event(EventKind.STOP, "s".repeat(201), null, null, null)));
        assertRefused("events[0].sessionId", List.of(event(EventKind.STOP, "a\nb", null, null, null)));
        for (String cwd : List.of("", "relative/x", "C:x", "/" + "x".repeat(4096), "/a\u0000")) {
            assertRefused("events[0].cwd", List.of(event(EventKind.STOP, "s", cwd, null, null)));
        }
        assertRefused("events[1].toolResponse", List.of(good, event(EventKind.TOOL_USE, "s-1", "/a", null, "{oops")));
        assertRefused(
                "events[0].toolResponse", List.of(event(EventKind.TOOL_USE, "s-1", "/a", null, "[".repeat(100_000))));
        assertRefused("events[0].name", List.of(changed(json -> json.put("name", ""))));
        assertRefused("events[0].name", List.of(changed(json -> json.put("name", "n".repeat(65)))));
        assertRefused("events[0].platform", List.of(changed(json -> json.put("platform", "Claude Code"))));
        assertRefused("events[0].toolUseId", List.of(changed(json -> json.put("toolUseId", "t".repeat(201)))));
        assertRefused("events[0].toolName", List.of(changed(json -> json.put("toolName", "t".repeat(257)))));
        assertRefused("events[0].detail", List.of(changed(json -> json.put("detail", "t".repeat(201)))));
        assertRefused("events[0].durationMs", List.of(changed(json -> json.put("durationMs", -1))));
        assertRefused("events[0].at", List.of(changed(json -> json.put("at", -1))));
        assertThat(appended).isEmpty();
    }

    private static AgentEvent changed(UnaryOperator<JsonObject> change) {
        JsonObject json =
                new JsonObject(dev.cairn.bus.WireFormat.encode(event(EventKind.TOOL_USE, "s", "/a", null, "1")));
        return dev.cairn.bus.WireFormat.decode(change.apply(json).encode(), AgentEvent.class);
    }

    private void assertRefused(String field, List<AgentEvent> events) {
        assertThatThrownBy(() -> await(client.record(new RecordEvents(events))))
                .isInstanceOfSatisfying(CairnException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(refusal.field()).isEqualTo(field);
                    assertThat(refusal).hasMessageContaining(field);
                });
    }
}
