package dev.cairn.http.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.RecordEvents;
import dev.cairn.http.json.Fields;
import dev.cairn.http.json.Surrogates;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.model.EventKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The hook events of Claude Code, as recorded from version 2.1.330. An event of another name is accepted as OTHER: a newer
 * host must not be refused.
 */
final class ClaudeCodeEvents {
    /** The names the host is known to use, for counting. */
    static final Set<String> NAMES = Set.of(
            "SessionStart",
            "UserPromptSubmit",
            "UserPromptExpansion",
            "PreToolUse",
            "PostToolUse",
            "PostToolUseFailure",
            "PostToolBatch",
            "PermissionRequest",
            "Notification",
            "SubagentStart",
            "SubagentStop",
            "Stop",
            "PreCompact",
            "PostCompact",
            "InstructionsLoaded",
            "SessionEnd");

    private static final int MAX_ID = 256;
    private static final int MAX_PATH = 4_096;
    private static final String TOOL_ERROR = "<tool_use_error>";
    private static final String TOOL_ERROR_END = "</tool_use_error>";

    private final String name;
    private final String platform;
    private final Fields fields;
    private final long now;
    private final String sessionId;
    private final @Nullable String cwd;
    private final @Nullable String promptId;
    private final @Nullable String agentId;

    private ClaudeCodeEvents(String name, String platform, Fields fields, long now) {
        this.name = name;
        this.platform = platform;
        this.fields = fields;
        this.now = now;
        sessionId = Texts.id("session_id", fields.text("session_id"), MAX_ID);
        cwd = Texts.directory(fields.optionalText("cwd"), MAX_PATH);
        promptId = optionalId("prompt_id");
        agentId = optionalId("agent_id");
    }

    /**
     * What an event means to the memory.
     *
     * @param now when it was received, in epoch milliseconds
     * @throws CairnException INVALID_ARGUMENT naming a field that is missing or of the wrong type
     */
    static List<AgentEvent> of(String name, String platform, Fields fields, long now) {
        return new ClaudeCodeEvents(name, platform, fields, now).events();
    }

    private List<AgentEvent> events() {
        return switch (name) {
            case "SessionStart" -> one(said(EventKind.SESSION_START, null, "source"));
            case "UserPromptSubmit" -> one(prompt());
            case "PostToolUse" -> one(toolUse(fields, compact(fields.raw("tool_response")), null));
            case "PostToolUseFailure" -> one(toolUse(fields, null, failure()));
            case "PostToolBatch" -> batch();
            case "SubagentStop" -> one(said(EventKind.SUBAGENT_STOP, "last_assistant_message", "agent_type"));
            case "Stop" -> one(said(EventKind.STOP, "last_assistant_message", null));
            case "PostCompact" -> one(said(EventKind.COMPACT, "compact_summary", "trigger"));
            case "SessionEnd" -> one(said(EventKind.SESSION_END, null, "reason"));
            case "PreCompact" -> one(said(EventKind.OTHER, null, "trigger"));
            case "Notification" -> one(said(EventKind.OTHER, null, "notification_type"));
            case "SubagentStart" -> one(said(EventKind.OTHER, null, "agent_type"));
            // A UserPromptExpansion is followed by the UserPromptSubmit of the same prompt, a PreToolUse by its
            // PostToolUse.
            default -> one(said(EventKind.OTHER, null, null));
        };
    }

    private AgentEvent prompt() {
        String prompt = fields.optionalText("prompt");
        if (prompt == null) {
            throw CairnException.invalid("prompt", "prompt is missing; give a text");
        }
        return event(EventKind.PROMPT, prompt, null, null, null, null, null, null, null, null);
    }

    /** The only trace of a call that failed validation; the others were or will be recorded by their own events too. */
    private List<AgentEvent> batch() {
        List<AgentEvent> events = new ArrayList<>();
        for (Fields.Item item : fields.items("tool_calls", RecordEvents.MAX_EVENTS)) {
            Fields call = Fields.of(item.value(), item.path());
            JsonNode response = call.raw("tool_response");
            String error = response != null && response.isTextual() ? validationError(response.textValue()) : null;
            events.add(toolUse(call, error == null ? compact(response) : null, error));
        }
        return events.isEmpty() ? one(said(EventKind.OTHER, null, null)) : events;
    }

    private AgentEvent toolUse(Fields call, @Nullable String response, @Nullable String error) {
        String useId = call.optionalText("tool_use_id");
        return event(
                EventKind.TOOL_USE,
                null,
                Texts.id(call.at("tool_name"), call.text("tool_name"), MAX_ID),
                useId == null ? null : Texts.id(call.at("tool_use_id"), useId, MAX_ID),
                compact(call.raw("tool_input")),
                response,
                error,
                duration(call.raw("duration_ms"), call),
                null,
                null);
    }

    private static @Nullable Long duration(@Nullable JsonNode value, Fields call) {
        // Clocks of some hosts give fractions of a millisecond.
        if (value != null && value.isFloatingPointNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        return call.optionalLong("duration_ms");
    }

    private String failure() {
        String error = fields.optionalText("error");
        return error == null || error.isBlank() ? "failed" : error;
    }

    private static @Nullable String validationError(String response) {
        if (!response.startsWith(TOOL_ERROR)) {
            return null;
        }
        int end = response.endsWith(TOOL_ERROR_END) ? response.length() - TOOL_ERROR_END.length() : response.length();
        return Surrogates.repair(response.substring(TOOL_ERROR.length(), Math.max(TOOL_ERROR.length(), end)));
    }

    private AgentEvent said(EventKind kind, @Nullable String textField, @Nullable String detailField) {
        String detail = detailField == null ? null : fields.optionalText(detailField);
        return event(
                kind,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                textField == null ? null : fields.optionalText(textField),
                detail == null || detail.isEmpty() ? null : detail);
    }

    private AgentEvent event(
            EventKind kind,
            @Nullable String prompt,
            @Nullable String toolName,
            @Nullable String toolUseId,
            @Nullable String toolInput,
            @Nullable String toolResponse,
            @Nullable String error,
            @Nullable Long durationMs,
            @Nullable String text,
            @Nullable String detail) {
        return new AgentEvent(
                kind,
                name,
                platform,
                sessionId,
                cwd,
                promptId,
                agentId,
                prompt,
                toolName,
                toolUseId,
                toolInput,
                toolResponse,
                error,
                durationMs,
                text,
                detail,
                now);
    }

    private @Nullable String optionalId(String field) {
        String id = fields.optionalText(field);
        return id == null || id.isEmpty() ? null : Texts.id(field, id, MAX_ID);
    }

    private static @Nullable String compact(@Nullable JsonNode value) {
        return value == null ? null : Surrogates.repair(value.toString());
    }

    private static List<AgentEvent> one(AgentEvent event) {
        return List.of(event);
    }
}
