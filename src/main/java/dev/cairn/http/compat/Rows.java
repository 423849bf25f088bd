package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.Observation;
import dev.cairn.model.Prompt;
import dev.cairn.model.Session;
import dev.cairn.model.Summary;
import dev.cairn.model.ToolUse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Rows with the columns of the contract's tables; those of version 6 stand beside them under their own names. Lists are JSON in a
 * text, and a project is told by its name, as there.
 */
final class Rows {
    /** What stands for the session of a memory that was saved by hand. */
    static final String BY_HAND = "manual";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Rows() {}

    static ObjectNode observation(Observation row) {
        String session = row.sessionId() == null ? BY_HAND : row.sessionId();
        ObjectNode json = Reply.object()
                .put("id", row.id())
                .put("memory_session_id", session)
                .put("sdk_session_id", session)
                .put("session_id", session)
                .put("project", row.project().name())
                .putNull("merged_into_project")
                .put("platform_source", Platforms.theirs(row.platform()))
                .putNull("text")
                .put("type", row.type())
                .put("title", row.title())
                .put("subtitle", row.subtitle())
                .put("facts", list(row.facts()))
                .put("narrative", row.narrative())
                .put("concepts", list(row.concepts()))
                .put("files_read", list(row.filesRead()))
                .put("files_modified", list(row.filesModified()))
                .put("prompt_number", row.turn());
        created(json, row.createdAt());
        json.put("discovery_tokens", 0)
                .putNull("content_hash")
                .putNull("generated_by_model")
                .put("relevance_count", 0)
                .putNull("agent_type")
                .putNull("agent_id")
                .putNull("metadata");
        return synced(json);
    }

    static ObjectNode summary(Summary row) {
        ObjectNode json = Reply.object()
                .put("id", row.id())
                .put("session_id", row.sessionId())
                .put("memory_session_id", row.sessionId())
                .put("sdk_session_id", row.sessionId())
                .put("project", row.project().name())
                .putNull("merged_into_project")
                .put("platform_source", Platforms.theirs(row.platform()))
                .put("request", row.request())
                .put("investigated", row.investigated())
                .put("learned", row.learned())
                .put("completed", row.completed())
                .put("next_steps", row.nextSteps())
                .put("notes", row.notes())
                .put("files_read", list(row.filesRead()))
                .put("files_edited", list(row.filesModified()))
                .put("prompt_number", row.turn());
        created(json, row.createdAt());
        return synced(json.put("discovery_tokens", 0));
    }

    /** @param session the worker's own id of its session; null when it is not known */
    static ObjectNode prompt(Prompt row, @Nullable Long session) {
        ObjectNode json = Reply.object()
                .put("id", row.id())
                .put("session_db_id", session)
                .put("content_session_id", row.sessionId())
                .put("claude_session_id", row.sessionId())
                .put("memory_session_id", row.sessionId())
                .put("project", row.project().name())
                .put("platform_source", Platforms.theirs(row.platform()))
                .put("prompt_number", row.turn())
                .put("prompt_text", row.text());
        created(json, row.createdAt());
        return synced(json);
    }

    /** Without what went in and came out, of which only the sizes are told. */
    static ObjectNode toolUse(ToolUse row) {
        ObjectNode json = ofToolUse(row);
        return json.put("tool_input_bytes", bytes(row.input())).put("tool_response_bytes", bytes(row.response()));
    }

    /** @param session the worker's own id of its session; null when it is not known */
    static ObjectNode wholeToolUse(ToolUse row, @Nullable Long session) {
        return ofToolUse(row)
                .put("session_db_id", session)
                .put("tool_input", row.input())
                .put("tool_response", row.response() == null ? row.error() : row.response())
                .putNull("cwd")
                .putNull("content_hash");
    }

    private static ObjectNode ofToolUse(ToolUse row) {
        ObjectNode json = Reply.object()
                .put("id", row.id())
                .put("tool_use_id", row.toolUseId() == null ? "cairn-" + row.id() : row.toolUseId())
                .put("tool_name", row.toolName())
                .put("project", row.project().name())
                .put("content_session_id", row.sessionId())
                .put("memory_session_id", row.sessionId())
                .put("platform_source", Platforms.theirs(row.platform()))
                .put("agent_id", row.agentId())
                .putNull("agent_type")
                .put("observation_id", row.observationId())
                .putNull("or_generation_id")
                .putNull("or_session_id")
                .put("prompt_number", row.turn());
        created(json, row.createdAt());
        return json;
    }

    /** @param prompt what its user said first; null when nothing was said */
    static ObjectNode session(Session row, @Nullable String prompt) {
        Long ended = row.endedAt();
        return Reply.object()
                .put("id", row.id())
                .put("content_session_id", row.sessionId())
                .put("claude_session_id", row.sessionId())
                .put("memory_session_id", row.sessionId())
                .put("sdk_session_id", row.sessionId())
                .put("project", row.project().name())
                .put("platform_source", Platforms.theirs(row.platform()))
                .put("user_prompt", prompt)
                .putNull("custom_title")
                .put("started_at", iso(row.startedAt()))
                .put("started_at_epoch", row.startedAt())
                .put("completed_at", ended == null ? null : iso(ended))
                .put("completed_at_epoch", ended)
                .put("status", ended == null ? "active" : "completed");
    }

    /** Adds to a row what it lacks of another. */
    static void fill(ObjectNode row, ObjectNode more) {
        more.fields().forEachRemaining(field -> {
            if (!row.has(field.getKey())) {
                row.set(field.getKey(), field.getValue());
            }
        });
    }

    static String iso(long epochMillis) {
        return TIME.format(Instant.ofEpochMilli(epochMillis));
    }

    /** A list as the contract keeps it: JSON in a text. */
    static String list(List<String> items) {
        return WireFormat.encode(items);
    }

    static JsonNode tree(String json) {
        return WireFormat.decode(json, JsonNode.class);
    }

    private static void created(ObjectNode json, long at) {
        json.put("created_at", iso(at)).put("created_at_epoch", at);
    }

    /** What the contract keeps for its cloud, where nothing is. */
    private static ObjectNode synced(ObjectNode json) {
        return json.putNull("synced_at")
                .putNull("origin_device_id")
                .putNull("origin_local_id")
                .put("sync_rev", "1");
    }

    private static int bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
