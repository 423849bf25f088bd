package dev.cairn.http.compat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.WireFormat;
import dev.cairn.http.json.Fields;
import dev.cairn.model.CairnException;
import dev.cairn.model.Project;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rows of the contract's tables as lines of an export: sessions, then turns, then memories by their time. */
final class TableRows {
    private static final int MOST = 100_000;
    /** Rows of three tables share the ids of one here: each gets a new one. */
    private static final long ANY_ID = 1;

    private record Of(String platform, String session, Project project) {}

    private record Dated(long at, ExportLine line) {}

    private final Function<String, Project> projects;
    private final Map<String, Of> byMemorySession = new HashMap<>();
    private final Map<String, Of> byContentSession = new HashMap<>();
    private final List<ExportLine> sessions = new ArrayList<>();
    private final Map<String, ExportLine> turns = new LinkedHashMap<>();
    private final List<Dated> memories = new ArrayList<>();

    /**
     * @param projects the project that is meant by a name
     * @throws CairnException INVALID_ARGUMENT naming a field, such as {@code observations[3].type}
     */
    TableRows(JsonNode body, Function<String, Project> projects) {
        this.projects = projects;
        Fields fields = Fields.of(body);
        fields.items("sessions", MOST).forEach(this::session);
        fields.items("prompts", MOST).forEach(this::prompt);
        fields.items("observations", MOST).forEach(this::observation);
        fields.items("summaries", MOST).forEach(this::summary);
    }

    List<ExportLine> lines() {
        List<ExportLine> lines = new ArrayList<>(sessions);
        lines.addAll(turns.values());
        memories.stream()
                .sorted((a, b) -> Long.compare(a.at(), b.at()))
                .map(Dated::line)
                .forEach(lines::add);
        return lines;
    }

    int count(Class<? extends ExportLine> type) {
        return (int) lines().stream().filter(type::isInstance).count();
    }

    private void session(Fields.Item item) {
        Fields row = Fields.of(item.value(), item.path());
        String id = Sessions.checkedId(
                row.at("content_session_id"), either(row, "content_session_id", "claude_session_id"));
        String platform = Platforms.ours(row.optionalText("platform_source"));
        Of of = new Of(platform, id, project(row));
        byContentSession.put(id, of);
        for (String name : List.of("memory_session_id", "sdk_session_id")) {
            String memoryId = row.optionalText(name);
            if (memoryId != null) {
                byMemorySession.put(memoryId, of);
            }
        }
        long startedAt = time(row, "started_at");
        Long endedAt = row.raw("completed_at_epoch") == null && row.raw("completed_at") == null
                ? null
                : (Long) time(row, "completed_at");
        sessions.add(new ExportLine.SessionLine(
                ExportLine.SessionLine.NAME, ANY_ID, platform, id, of.project(), null, startedAt, endedAt, null, null));
    }

    private void prompt(Fields.Item item) {
        Fields row = Fields.of(item.value(), item.path());
        String id = either(row, "content_session_id", "claude_session_id");
        Of of = byContentSession.getOrDefault(
                id, new Of(Platforms.ours(row.optionalText("platform_source")), id, project(row)));
        long at = time(row, "created_at");
        memories.add(new Dated(
                at,
                new ExportLine.PromptLine(
                        ExportLine.PromptLine.NAME,
                        ANY_ID,
                        of.project(),
                        of.platform(),
                        of.session(),
                        turn(row, of, at),
                        row.text("prompt_text"),
                        at,
                        null,
                        null)));
    }

    private void observation(Fields.Item item) {
        Fields row = Fields.of(item.value(), item.path());
        Of of = ofMemory(row);
        long at = time(row, "created_at");
        String text = row.optionalText("narrative");
        memories.add(new Dated(
                at,
                new ExportLine.ObservationLine(
                        ExportLine.ObservationLine.NAME,
                        ANY_ID,
                        of.project(),
                        of.platform(),
                        of.session(),
                        turn(row, of, at),
                        row.text("type").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]+", "-"),
                        row.optionalText("title"),
                        row.optionalText("subtitle"),
                        text == null ? row.optionalText("text") : text,
                        list(row, "facts"),
                        list(row, "concepts"),
                        list(row, "files_read"),
                        list(row, "files_modified"),
                        List.of(),
                        at,
                        null,
                        null,
                        null,
                        null)));
    }

    private void summary(Fields.Item item) {
        Fields row = Fields.of(item.value(), item.path());
        Of of = ofMemory(row);
        long at = time(row, "created_at");
        memories.add(new Dated(
                at,
                new ExportLine.SummaryLine(
                        ExportLine.SummaryLine.NAME,
                        ANY_ID,
                        of.project(),
                        of.platform(),
                        of.session(),
                        turn(row, of, at),
                        row.optionalText("request"),
                        row.optionalText("investigated"),
                        row.optionalText("learned"),
                        row.optionalText("completed"),
                        row.optionalText("next_steps"),
                        row.optionalText("notes"),
                        list(row, "files_read"),
                        list(row, "files_edited"),
                        at,
                        null)));
    }

    /** The session of an observation or a summary: by what the contract calls its memory session, or by the host's own id. */
    private Of ofMemory(Fields row) {
        String id = either(row, "memory_session_id", "sdk_session_id");
        Of of = byMemorySession.get(id);
        of = of == null ? byContentSession.get(id) : of;
        Project project = project(row);
        Of known = of == null ? new Of(Platforms.ours(row.optionalText("platform_source")), id, project) : of;
        return new Of(known.platform(), known.session(), project);
    }

    /** A row's turn, which is made with the first row of it. */
    private ExportLine.TurnKey turn(Fields row, Of of, long at) {
        Long given = row.optionalLong("prompt_number");
        int number = given == null || given < 1 || given > 1_000_000 ? 1 : given.intValue();
        ExportLine.TurnLine line = new ExportLine.TurnLine(
                ExportLine.TurnLine.NAME,
                of.platform(),
                of.session(),
                number,
                "prompt-" + number,
                of.project(),
                ExportLine.TurnLine.DONE,
                null,
                at,
                at);
        turns.putIfAbsent(of.platform() + '/' + of.session() + '/' + number, line);
        if (!byContentSession.containsKey(of.session())) {
            byContentSession.put(of.session(), of);
            sessions.add(new ExportLine.SessionLine(
                    ExportLine.SessionLine.NAME,
                    ANY_ID,
                    of.platform(),
                    of.session(),
                    of.project(),
                    null,
                    at,
                    null,
                    null,
                    null));
        }
        return line.key();
    }

    private Project project(Fields row) {
        String name = row.optionalText("project");
        return name == null || name.isBlank() ? Project.UNKNOWN : projects.apply(name.strip());
    }

    private static String either(Fields row, String name, String older) {
        String text = row.optionalText(name);
        return text == null && row.raw(older) != null ? row.text(older) : row.text(name);
    }

    /** {@code NAME_epoch} in milliseconds, or {@code NAME} as ISO-8601. */
    private static long time(Fields row, String name) {
        Long epoch = row.optionalLong(name + "_epoch");
        if (epoch != null) {
            return epoch;
        }
        try {
            return Instant.parse(row.text(name)).toEpochMilli();
        } catch (DateTimeException e) {
            String at = row.at(name);
            throw CairnException.invalid(at, at + " must be a time such as 2026-11-22T09:30:00Z");
        }
    }

    /** A list, or JSON of one in a text; a text that is none is one item. */
    private static List<String> list(Fields row, String name) {
        JsonNode value = row.raw(name);
        if (value == null) {
            return List.of();
        }
        JsonNode list = value.isTextual() ? parsed(value.textValue()) : value;
        if (list == null || !list.isArray()) {
            return value.asText().isBlank() ? List.of() : List.of(value.asText());
        }
        List<String> items = new ArrayList<>();
        list.forEach(item -> items.add(item.isTextual() ? item.textValue() : item.toString()));
        return items;
    }

    private static @Nullable JsonNode parsed(String text) {
        try {
            return WireFormat.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
