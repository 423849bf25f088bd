package dev.cairn.http.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.http.json.Fields;
import dev.cairn.http.json.Surrogates;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.model.EventKind;
import org.jspecify.annotations.Nullable;

/** A host's event in the making: what all hosts give, then what the one event adds. For one event and one thread. */
final class EventDraft {
    static final int MAX_ID = 200;
    static final int MAX_NAME = 256;
    static final int MAX_PATH = 4_096;
    private static final int MAX_DETAIL = 200;

    private final String name;
    private final String platform;
    private final Fields fields;
    private final long now;
    private String sessionId = "";
    private @Nullable String cwd;
    private @Nullable String promptId;
    private @Nullable String agentId;
    private @Nullable String prompt;
    private @Nullable String toolName;
    private @Nullable String toolUseId;
    private @Nullable String toolInput;
    private @Nullable String toolResponse;
    private @Nullable String error;
    private @Nullable Long durationMs;
    private @Nullable String text;
    private @Nullable String detail;

    EventDraft(String name, String platform, Fields fields, long now) {
        this.name = name;
        this.platform = platform;
        this.fields = fields;
        this.now = now;
    }

    /** The session's id, which must be given. */
    EventDraft session(String field) {
        sessionId = Texts.id(fields.at(field), fields.text(field), MAX_ID);
        return this;
    }

    /** An absolute directory, if it is given. */
    EventDraft directory(@Nullable String path) {
        cwd = Texts.directory(path, MAX_PATH);
        return this;
    }

    EventDraft promptId(String field) {
        promptId = id(field);
        return this;
    }

    EventDraft agentId(String field) {
        agentId = id(field);
        return this;
    }

    /** The user's words, which must be given. */
    EventDraft prompt(String field) {
        prompt = fields.optionalText(field);
        if (prompt == null) {
            throw CairnException.invalid(fields.at(field), fields.at(field) + " is missing; give a text");
        }
        return this;
    }

    /** The tool's name, which must be given. */
    EventDraft tool(String nameField, @Nullable String idField) {
        toolName = Texts.id(fields.at(nameField), fields.text(nameField), MAX_NAME);
        toolUseId = idField == null ? null : id(idField);
        return this;
    }

    /** A tool that the event stands for without naming it. */
    EventDraft toolNamed(String tool) {
        toolName = tool;
        return this;
    }

    /** The id of the use, from another object than the event itself. */
    EventDraft toolUseId(Fields from, String field) {
        toolUseId = id(from, field);
        return this;
    }

    EventDraft input(@Nullable JsonNode value) {
        toolInput = compact(value);
        return this;
    }

    EventDraft response(@Nullable JsonNode value) {
        toolResponse = compact(value);
        return this;
    }

    /** Null or blank for a use that succeeded. */
    EventDraft error(@Nullable String message) {
        error = message == null || message.isBlank() ? null : Surrogates.repair(message);
        return this;
    }

    /** Milliseconds, if they are given; clocks of some hosts give fractions of one. */
    EventDraft duration(String field) {
        JsonNode value = fields.raw(field);
        if (value != null && value.isFloatingPointNumber() && value.canConvertToLong()) {
            durationMs = value.longValue();
        } else {
            durationMs = fields.optionalLong(field);
        }
        return this;
    }

    EventDraft text(String field) {
        text = fields.optionalText(field);
        return this;
    }

    /** The variety of the event; what is longer than a word should be is cut. */
    EventDraft detail(String field) {
        String given = fields.optionalText(field);
        if (given != null && !given.isEmpty()) {
            detail = Surrogates.repair(given.substring(0, Math.min(given.length(), MAX_DETAIL)));
        }
        return this;
    }

    AgentEvent as(EventKind kind) {
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

    private @Nullable String id(String field) {
        return id(fields, field);
    }

    private static @Nullable String id(Fields from, String field) {
        String id = from.optionalText(field);
        return id == null || id.isEmpty() ? null : Texts.id(from.at(field), id, MAX_ID);
    }

    private static @Nullable String compact(@Nullable JsonNode value) {
        return value == null || value.isNull() || value.isMissingNode() ? null : Surrogates.repair(value.toString());
    }
}
