package dev.cairn.http.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.http.json.Fields;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.EventKind;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The hook events of Codex CLI, as its page "Hooks" (learn.chatgpt.com/docs/hooks) and the generated schemas of its repository
 * (codex-rs/hooks/schema/generated) have them; read in November 2026, when 0.169.0 was the newest release.
 *
 * <p>A turn is told by {@code turn_id}. Shell commands come as {@code Bash}, edits as {@code apply_patch}; both have their text in
 * {@code tool_input.command}. A command that failed comes like any other: its exit code stands in the answer's first lines.
 */
final class CodexEvents implements Host {
    private static final Set<String> NAMES = Set.of(
            "SessionStart",
            "SessionEnd",
            "UserPromptSubmit",
            "PreToolUse",
            "PermissionRequest",
            "PostToolUse",
            "PreCompact",
            "PostCompact",
            "SubagentStart",
            "SubagentStop",
            "Stop",
            "StopFailure",
            "Interrupt");

    /** What stands before a command's output, when anything does: {@code Exit code: 1}, {@code Process exited with code 1}. */
    private static final Pattern EXIT = Pattern.compile("(?m)^(?:Exit code: |Process exited with code )(\\d{1,9})$");

    private static final int HEADER = 300;

    @Override
    public Set<String> names() {
        return NAMES;
    }

    @Override
    public boolean hearsPrompts() {
        return true;
    }

    @Override
    public List<AgentEvent> read(String name, String platform, Fields fields, long now) {
        EventDraft event = new EventDraft(name, platform, fields, now)
                .session("session_id")
                .directory(fields.optionalText("cwd"))
                .promptId("turn_id");
        return List.of(
                switch (name) {
                    case "SessionStart" -> event.detail("source").as(EventKind.SESSION_START);
                    case "SessionEnd" -> event.detail("reason").as(EventKind.SESSION_END);
                    case "UserPromptSubmit" -> event.prompt("prompt").as(EventKind.PROMPT);
                    case "PostToolUse" -> toolUse(event, fields.raw("tool_input"), fields.raw("tool_response"));
                    case "PostCompact" -> event.detail("trigger").as(EventKind.COMPACT);
                    case "SubagentStop" ->
                        event.agentId("agent_id")
                                .detail("agent_type")
                                .text("last_assistant_message")
                                .as(EventKind.SUBAGENT_STOP);
                    case "Stop" -> event.text("last_assistant_message").as(EventKind.STOP);
                    // No Stop follows it: the turn is over.
                    case "Interrupt" -> event.as(EventKind.STOP);
                    case "PreCompact" -> event.detail("trigger").as(EventKind.OTHER);
                    case "SubagentStart" -> event.detail("agent_type").as(EventKind.OTHER);
                    default -> event.as(EventKind.OTHER);
                });
    }

    private static AgentEvent toolUse(EventDraft event, @Nullable JsonNode input, @Nullable JsonNode response) {
        return event.tool("tool_name", "tool_use_id")
                .input(input)
                .response(response)
                .error(failure(response))
                .as(EventKind.TOOL_USE);
    }

    /** What went wrong: a command's output under its exit code, or the text of an MCP result that is an error. */
    private static @Nullable String failure(@Nullable JsonNode response) {
        if (response == null) {
            return null;
        }
        if (response.path("isError").asBoolean(false)) {
            String text = ToolAnswers.texts(response.path("content"));
            return text.isBlank() ? "failed" : text;
        }
        if (!response.isTextual()) {
            return null;
        }
        String text = response.textValue();
        Matcher exit = EXIT.matcher(text.substring(0, Math.min(text.length(), HEADER)));
        if (!exit.find() || exit.group(1).equals("0")) {
            return null;
        }
        int output = text.indexOf("Output:\n");
        return ToolAnswers.exitCode(exit.group(1), output < 0 ? text : text.substring(output + "Output:\n".length()));
    }
}
