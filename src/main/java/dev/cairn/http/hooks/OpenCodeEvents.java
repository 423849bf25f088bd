package dev.cairn.http.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.http.json.Fields;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.EventKind;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The hooks and events of OpenCode, named and filled as the types of {@code @opencode-ai/plugin} 1.18.33 and
 * {@code @opencode-ai/sdk} 1.18.33 have them. OpenCode calls functions, not URLs: our plugin (deploy/opencode) posts their
 * arguments, {@code input} and {@code output} as they are, or {@code event} for what comes by the event bus, and beside them
 * {@code hook_event_name}, {@code session_id}, {@code cwd}, the text where OpenCode has it in parts, and {@code agent_id} for a
 * session that another one started.
 */
final class OpenCodeEvents implements Host {
    private static final Set<String> NAMES = Set.of(
            "session.created",
            "session.deleted",
            "session.idle",
            "session.compacted",
            "session.error",
            "chat.message",
            "tool.execute.before",
            "tool.execute.after");

    private static final String BASH = "bash";

    @Override
    public Set<String> names() {
        return NAMES;
    }

    @Override
    public boolean hearsPrompts() {
        return true;
    }

    /** The plugin's own form: it puts the text into the system prompt. */
    @Override
    public String tell(String name, String context) {
        ObjectNode json = WireFormat.mapper().createObjectNode();
        return json.put("context", context).toString();
    }

    @Override
    public List<AgentEvent> read(String name, String platform, Fields fields, long now) {
        EventDraft event = new EventDraft(name, platform, fields, now)
                .session("session_id")
                .directory(fields.optionalText("cwd"))
                .agentId("agent_id");
        boolean child = fields.raw("agent_id") != null;
        return List.of(
                switch (name) {
                    case "session.created" -> event.as(child ? EventKind.OTHER : EventKind.SESSION_START);
                    case "session.deleted" -> event.as(child ? EventKind.OTHER : EventKind.SESSION_END);
                    // A child's prompt is the parent's words, which its tool use has.
                    case "chat.message" ->
                        child ? event.as(EventKind.OTHER) : event.prompt("text").as(EventKind.PROMPT);
                    case "tool.execute.after" -> toolUse(event, fields);
                    case "session.idle" -> event.text("text").as(child ? EventKind.SUBAGENT_STOP : EventKind.STOP);
                    case "session.compacted" -> event.text("text").as(child ? EventKind.OTHER : EventKind.COMPACT);
                    default -> event.as(EventKind.OTHER);
                });
    }

    private static AgentEvent toolUse(EventDraft event, Fields fields) {
        JsonNode given = fields.raw("input");
        Fields input = Fields.of(given == null ? WireFormat.mapper().createObjectNode() : given, "input");
        JsonNode output = fields.raw("output");
        return event.toolNamed(Texts.id(input.at("tool"), input.text("tool"), EventDraft.MAX_NAME))
                .toolUseId(input, "callID")
                .input(input.raw("args"))
                .response(answer(output))
                .error(failure(input, output))
                .as(EventKind.TOOL_USE);
    }

    /** The output; of the metadata only what commands and edits say about themselves. */
    private static @Nullable JsonNode answer(@Nullable JsonNode output) {
        if (output == null || !output.isObject()) {
            return output;
        }
        ObjectNode answer = WireFormat.mapper().createObjectNode();
        answer.put("output", output.path("output").asText(""));
        JsonNode exit = output.path("metadata").path("exit");
        if (exit.isIntegralNumber()) {
            answer.put("exitCode", exit.longValue());
        }
        return answer;
    }

    private static @Nullable String failure(Fields input, @Nullable JsonNode output) {
        if (output == null || !BASH.equals(input.optionalText("tool"))) {
            return null;
        }
        JsonNode exit = output.path("metadata").path("exit");
        boolean failed = exit.isIntegralNumber() && exit.longValue() != 0;
        return failed
                ? ToolAnswers.exitCode(exit.asText(), output.path("output").asText(""))
                : null;
    }
}
