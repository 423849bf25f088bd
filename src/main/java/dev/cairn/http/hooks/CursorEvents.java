package dev.cairn.http.hooks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.http.json.Fields;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.model.EventKind;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The hook events of Cursor, as its page "Hooks" (cursor.com/docs/hooks) had them in 2026, for versions with {@code postToolUse}
 * and {@code sessionStart}.
 *
 * <p>A session is the {@code conversation_id}, a prompt the {@code generation_id}, the directory the first of
 * {@code workspace_roots}. Several hooks tell of one thing; what is kept is the one that says most: an edit from
 * {@code afterFileEdit}, which has the texts, a command from {@code postToolUse}, which has the exit code, the last words from
 * {@code afterAgentResponse}.
 */
final class CursorEvents implements Host {
    private static final Set<String> NAMES = Set.of(
            "sessionStart",
            "sessionEnd",
            "beforeSubmitPrompt",
            "preToolUse",
            "postToolUse",
            "postToolUseFailure",
            "subagentStart",
            "subagentStop",
            "beforeShellExecution",
            "afterShellExecution",
            "beforeMCPExecution",
            "afterMCPExecution",
            "beforeReadFile",
            "afterFileEdit",
            "beforeTabFileRead",
            "afterTabFileEdit",
            "preCompact",
            "afterAgentResponse",
            "afterAgentThought",
            "stop",
            "workspaceOpen");

    private static final String WRITE = "Write";

    @Override
    public Set<String> names() {
        return NAMES;
    }

    /** The answer to beforeSubmitPrompt can stop the prompt, not add to it. */
    @Override
    public boolean hearsPrompts() {
        return false;
    }

    @Override
    public String confirm(String name) {
        return name.equals("beforeSubmitPrompt") ? "{\"continue\":true}" : NOTHING_TO_SAY;
    }

    @Override
    public String tell(String name, String context) {
        ObjectNode json = WireFormat.mapper().createObjectNode();
        return json.put("additional_context", context).toString();
    }

    @Override
    public List<AgentEvent> read(String name, String platform, Fields fields, long now) {
        boolean session = name.equals("sessionStart") || name.equals("sessionEnd");
        EventDraft event = new EventDraft(name, platform, fields, now)
                .session(session && fields.raw("conversation_id") == null ? "session_id" : "conversation_id")
                .directory(directory(fields));
        if (!session) {
            event.promptId("generation_id");
        }
        return List.of(
                switch (name) {
                    case "sessionStart" -> event.detail("composer_mode").as(EventKind.SESSION_START);
                    case "sessionEnd" -> event.detail("reason").as(EventKind.SESSION_END);
                    case "beforeSubmitPrompt" -> event.prompt("prompt").as(EventKind.PROMPT);
                    case "postToolUse" -> toolUse(event, fields);
                    case "postToolUseFailure" -> failedToolUse(event, fields);
                    case "afterFileEdit" -> edit(event, fields);
                    case "subagentStop" ->
                        event.text("summary").detail("subagent_type").as(EventKind.SUBAGENT_STOP);
                    case "afterAgentResponse" -> event.text("text").as(EventKind.STOP);
                    case "stop" -> event.detail("status").as(EventKind.STOP);
                    case "preCompact" -> event.detail("trigger").as(EventKind.OTHER);
                    case "subagentStart" -> event.detail("subagent_type").as(EventKind.OTHER);
                    default -> event.as(EventKind.OTHER);
                });
    }

    private static @Nullable String directory(Fields fields) {
        List<Fields.Item> roots = fields.items("workspace_roots", 1_000);
        if (roots.isEmpty()) {
            return fields.optionalText("cwd");
        }
        JsonNode first = roots.get(0).value();
        if (!first.isTextual()) {
            throw CairnException.invalid(
                    roots.get(0).path(), roots.get(0).path() + " must be a text, the path of a directory");
        }
        return first.textValue();
    }

    private static AgentEvent toolUse(EventDraft event, Fields fields) {
        if (WRITE.equals(fields.optionalText("tool_name"))) {
            return event.as(EventKind.OTHER);
        }
        return event.tool("tool_name", "tool_use_id")
                .input(fields.raw("tool_input"))
                .response(unpacked(fields.optionalText("tool_output")))
                .duration("duration")
                .as(EventKind.TOOL_USE);
    }

    private static AgentEvent failedToolUse(EventDraft event, Fields fields) {
        String message = fields.optionalText("error_message");
        String type = fields.optionalText("failure_type");
        boolean stopped = fields.flag("is_interrupt");
        String why = message == null || message.isBlank() ? type == null ? "failed" : type : message;
        return event.tool("tool_name", "tool_use_id")
                .input(fields.raw("tool_input"))
                .error(stopped ? "Interrupted by user: " + why : why)
                .duration("duration")
                .as(EventKind.TOOL_USE);
    }

    private static AgentEvent edit(EventDraft event, Fields fields) {
        ObjectNode input = WireFormat.mapper().createObjectNode();
        input.put("file_path", fields.text("file_path"));
        JsonNode edits = fields.raw("edits");
        if (edits != null) {
            input.set("edits", edits);
        }
        return event.toolNamed("Edit").input(input).as(EventKind.TOOL_USE);
    }

    /** The result is JSON within a text. */
    private static @Nullable JsonNode unpacked(@Nullable String output) {
        if (output == null) {
            return null;
        }
        try {
            JsonNode value = WireFormat.mapper().readTree(output);
            return value.isContainerNode() ? value : TextNode.valueOf(output);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(output);
        }
    }
}
