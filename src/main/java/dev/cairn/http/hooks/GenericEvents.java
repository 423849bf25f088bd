package dev.cairn.http.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.IngestEvents;
import dev.cairn.bus.IngestEvents.Item;
import dev.cairn.bus.Parameters;
import dev.cairn.bus.RecordEvents;
import dev.cairn.http.json.Fields;
import dev.cairn.http.json.Surrogates;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.model.EventKind;
import dev.cairn.model.Project;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Events of any agent in a form of our own. Their JSON schema is the resource {@code dev/cairn/http/events.schema.json}; both
 * accept the same, lengths of characters beyond the Basic Multilingual Plane and lone surrogates aside.
 */
public final class GenericEvents {
    private static final int MAX_ID = 200;
    private static final int MAX_NAME = 64;
    private static final int MAX_TOOL_NAME = 256;
    private static final int MAX_PATH = 4_096;
    private static final int MAX_PROJECT = 200;
    /** The end of the year 9999, in epoch milliseconds. */
    private static final long LAST_TIME = 253_402_300_799_999L;

    /** The largest number that every JSON reader takes for a whole one. */
    private static final long LONGEST = (1L << 53) - 1;

    private static final Pattern PLATFORM = Pattern.compile("[a-z0-9-]{1,32}");
    private static final Pattern RFC_3339 = Pattern.compile(
            "(?:19[7-9]\\d|[2-9]\\d{3})-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})");

    private static final Set<String> EVENT = Set.of(
            "platform",
            "session",
            "type",
            "cwd",
            "project",
            "at",
            "idempotencyKey",
            "prompt",
            "agent",
            "name",
            "text",
            "detail",
            "tool");
    private static final Set<String> TOOL = Set.of("name", "id", "input", "output", "error", "durationMs");

    /** The words of {@code type}, in the order of a session. */
    static final Map<String, EventKind> TYPES = new LinkedHashMap<>();

    static {
        TYPES.put("session_start", EventKind.SESSION_START);
        TYPES.put("prompt", EventKind.PROMPT);
        TYPES.put("tool_use", EventKind.TOOL_USE);
        TYPES.put("subagent_stop", EventKind.SUBAGENT_STOP);
        TYPES.put("stop", EventKind.STOP);
        TYPES.put("compaction", EventKind.COMPACT);
        TYPES.put("session_end", EventKind.SESSION_END);
        TYPES.put("other", EventKind.OTHER);
    }

    private GenericEvents() {}

    /**
     * Reads one event, a list of them, or {@code {"events": […]}}.
     *
     * @param key of the whole batch; null for none
     * @param now when it was received, in epoch milliseconds
     * @throws CairnException INVALID_ARGUMENT naming the item and the field at fault
     */
    public static IngestEvents read(JsonNode body, @Nullable String key, long now, String requestId) {
        List<Item> items = new ArrayList<>();
        if (body.isArray()) {
            if (body.isEmpty() || body.size() > RecordEvents.MAX_EVENTS) {
                throw size("body", "the list", body.size());
            }
            for (int i = 0; i < body.size(); i++) {
                items.add(item(Fields.of(body.get(i), "[" + i + "]"), now));
            }
        } else if (body.isObject() && body.has("events")) {
            Fields fields = Fields.of(body).only(Set.of("events"));
            List<Fields.Item> events = fields.items("events", Integer.MAX_VALUE);
            if (events.isEmpty() || events.size() > RecordEvents.MAX_EVENTS) {
                throw size("events", "events", events.size());
            }
            events.forEach(event -> items.add(item(Fields.of(event.value(), event.path()), now)));
        } else {
            items.add(item(Fields.of(body), now));
        }
        return new IngestEvents(items, key, now, requestId);
    }

    private static CairnException size(String field, String name, int size) {
        return CairnException.invalid(
                field, name + " must have 1 to " + RecordEvents.MAX_EVENTS + " events, not " + size);
    }

    private static Item item(Fields fields, long now) {
        fields.only(EVENT);
        AgentEvent event = event(fields, now);
        String name = fields.optionalText("project");
        if (name == null && event.cwd() == null) {
            throw CairnException.invalid(
                    fields.at("cwd"), fields.at("cwd") + " is missing; give the directory, or the project");
        }
        Project project = name == null ? null : project(required(fields, "project", MAX_PROJECT));
        return new Item(event, word(fields, "idempotencyKey", IngestEvents.MAX_KEY), project, project != null);
    }

    /** Its name is not known here; the store knows. */
    private static Project project(String keyOrName) {
        return new Project(keyOrName, keyOrName);
    }

    private static AgentEvent event(Fields fields, long now) {
        String word = fields.text("type");
        EventKind kind = TYPES.get(word);
        if (kind == null) {
            throw CairnException.invalid(
                    fields.at("type"),
                    fields.at("type") + " must be one of " + String.join(", ", TYPES.keySet()) + ", not '"
                            + Parameters.shown(word) + "'");
        }
        Fields tool = tool(fields, kind);
        String text = text(fields, kind);
        String name = word(fields, "name", MAX_NAME);
        String cwd = fields.optionalText("cwd");
        return new AgentEvent(
                kind,
                name == null ? word : name,
                platform(fields),
                required(fields, "session", MAX_ID),
                cwd == null ? null : directory(fields, cwd),
                word(fields, "prompt", MAX_ID),
                word(fields, "agent", MAX_ID),
                kind == EventKind.PROMPT ? text : null,
                tool == null ? null : required(tool, "name", MAX_TOOL_NAME),
                tool == null ? null : word(tool, "id", MAX_ID),
                tool == null ? null : json(tool.raw("input")),
                tool == null ? null : json(tool.raw("output")),
                tool == null ? null : tool.optionalText("error"),
                tool == null ? null : duration(tool),
                kind == EventKind.PROMPT ? null : text,
                word(fields, "detail", MAX_ID),
                at(fields, now));
    }

    private static @Nullable Fields tool(Fields fields, EventKind kind) {
        JsonNode tool = fields.raw("tool");
        if (kind == EventKind.TOOL_USE) {
            if (tool == null) {
                throw CairnException.invalid(fields.at("tool"), fields.at("tool") + " is missing; a tool_use needs it");
            }
            return Fields.of(tool, fields.at("tool")).only(TOOL);
        }
        if (tool != null) {
            throw misplaced(fields, "tool", "tool_use");
        }
        return null;
    }

    private static @Nullable String text(Fields fields, EventKind kind) {
        String text = fields.optionalText("text");
        boolean speaks = kind == EventKind.PROMPT
                || kind == EventKind.STOP
                || kind == EventKind.SUBAGENT_STOP
                || kind == EventKind.COMPACT;
        if (text != null && !speaks) {
            throw misplaced(fields, "text", "prompt, subagent_stop, stop and compaction");
        }
        if (text == null && kind == EventKind.PROMPT) {
            throw CairnException.invalid(fields.at("text"), fields.at("text") + " is missing; give the user's words");
        }
        return text;
    }

    private static CairnException misplaced(Fields fields, String name, String types) {
        return CairnException.invalid(
                fields.at(name), fields.at(name) + " belongs to events of the type " + types + " only; leave it out");
    }

    private static String platform(Fields fields) {
        String platform = fields.text("platform");
        if (!PLATFORM.matcher(platform).matches()) {
            throw CairnException.invalid(
                    fields.at("platform"),
                    fields.at("platform") + " must be 1 to 32 lower-case letters, digits and hyphens, not '"
                            + Parameters.shown(platform) + "'");
        }
        return platform;
    }

    private static String directory(Fields fields, String path) {
        String directory = Texts.directory(path, MAX_PATH, fields.at("cwd"));
        if (directory == null) {
            throw CairnException.invalid(fields.at("cwd"), fields.at("cwd") + " is empty; leave it out");
        }
        return directory;
    }

    private static String required(Fields fields, String name, int max) {
        return Texts.id(fields.at(name), fields.text(name), max);
    }

    private static @Nullable String word(Fields fields, String name, int max) {
        String word = fields.optionalText(name);
        return word == null ? null : Texts.id(fields.at(name), word, max);
    }

    private static @Nullable Long duration(Fields tool) {
        JsonNode value = tool.raw("durationMs");
        if (value == null) {
            return null;
        }
        if (!isWithin(value, LONGEST)) {
            throw CairnException.invalid(
                    tool.at("durationMs"),
                    tool.at("durationMs") + " must be whole milliseconds from 0; leave it out if it is not known");
        }
        return value.longValue();
    }

    private static long at(Fields fields, long now) {
        JsonNode value = fields.raw("at");
        if (value == null) {
            return now;
        }
        if (isWithin(value, LAST_TIME)) {
            return value.longValue();
        }
        if (value.isTextual() && RFC_3339.matcher(value.textValue()).matches()) {
            long at = Parameters.instant(fields.at("at"), value.textValue(), false);
            if (at >= 0 && at <= LAST_TIME) {
                return at;
            }
        }
        throw CairnException.invalid(
                fields.at("at"),
                fields.at("at") + " must be epoch milliseconds or a time such as 2026-11-22T09:30:00Z");
    }

    /** Whether it is a whole number from 0 to {@code most}; 5.0 is one too. */
    private static boolean isWithin(JsonNode value, long most) {
        return value.isNumber()
                && value.canConvertToExactIntegral()
                && value.canConvertToLong()
                && value.longValue() >= 0
                && value.longValue() <= most;
    }

    private static @Nullable String json(@Nullable JsonNode value) {
        return value == null ? null : Surrogates.repair(value.toString());
    }
}
