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
 * The hook events of Gemini CLI, as docs/hooks/reference.md of its repository has them (0.56.0, August 2026); tools as in
 * docs/tools.
 *
 * <p>There is no id of a prompt or of a tool call: an event belongs to the session's latest prompt. {@code run_shell_command} says
 * a command's output and, if it is not 0, its exit code in {@code llmContent}.
 */
final class GeminiEvents implements Host {
    private static final Set<String> NAMES = Set.of(
            "SessionStart",
            "SessionEnd",
            "BeforeAgent",
            "AfterAgent",
            "BeforeModel",
            "AfterModel",
            "BeforeToolSelection",
            "BeforeTool",
            "AfterTool",
            "PreCompress",
            "Notification");

    private static final Pattern EXIT = Pattern.compile("(?m)^Exit Code: (\\d{1,9})$");
    /** The exit code stands behind the output, before a few short lines. */
    private static final int FOOTER = 500;

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
                .directory(fields.optionalText("cwd"));
        return List.of(
                switch (name) {
                    case "SessionStart" -> event.detail("source").as(EventKind.SESSION_START);
                    case "SessionEnd" -> event.detail("reason").as(EventKind.SESSION_END);
                    case "BeforeAgent" -> event.prompt("prompt").as(EventKind.PROMPT);
                    case "AfterAgent" -> event.text("prompt_response").as(EventKind.STOP);
                    case "AfterTool" -> toolUse(event, fields.raw("tool_input"), fields.raw("tool_response"));
                    case "PreCompress" -> event.detail("trigger").as(EventKind.OTHER);
                    case "Notification" -> event.detail("notification_type").as(EventKind.OTHER);
                    default -> event.as(EventKind.OTHER);
                });
    }

    private static AgentEvent toolUse(EventDraft event, @Nullable JsonNode input, @Nullable JsonNode response) {
        return event.tool("tool_name", null)
                .input(input)
                .response(said(response))
                .error(failure(response))
                .as(EventKind.TOOL_USE);
    }

    /** What the model was told; the display's form of the same is left out. */
    private static @Nullable JsonNode said(@Nullable JsonNode response) {
        return response != null && response.hasNonNull("llmContent") ? response.get("llmContent") : response;
    }

    private static @Nullable String failure(@Nullable JsonNode response) {
        if (response == null) {
            return null;
        }
        String said = ToolAnswers.texts(response.path("llmContent"));
        JsonNode error = response.path("error");
        Matcher exit = EXIT.matcher(said.substring(Math.max(0, said.length() - FOOTER)));
        if (exit.find() && !exit.group(1).equals("0")) {
            return ToolAnswers.exitCode(
                    exit.group(1), said.startsWith("Output: ") ? said.substring("Output: ".length()) : said);
        }
        if (error.isMissingNode() || error.isNull()) {
            return null;
        }
        String message =
                error.isTextual() ? error.textValue() : error.path("message").asText("");
        return message.isBlank() ? "failed" : message;
    }
}
