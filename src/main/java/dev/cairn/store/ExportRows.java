package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.ExportLine.ObservationKey;
import dev.cairn.bus.ExportLine.TurnKey;
import dev.cairn.model.Project;
import org.jspecify.annotations.Nullable;

/** What an export reads of the tables, and the lines it makes of it. */
final class ExportRows {
    static final String SESSION =
            "SELECT json_array(s.id, s.platform, s.session_id, p.key, p.name, s.cwd, s.started_at,"
                    + " s.ended_at, s.end_reason, " + ImportedRecords.OF_SESSION
                    + ") FROM session s CROSS JOIN project p ON p.id = s.project_id";

    static final String TURN =
            "SELECT json_array(s.platform, s.session_id, t.number, t.prompt_id, p.key, p.name, t.state,"
                    + " t.last_error, t.started_at, t.last_event_at) FROM turn t CROSS JOIN session s ON s.id = t.session_id"
                    + " CROSS JOIN project p ON p.id = t.project_id";

    private static final String MEMORY = "SELECT json_array(" + MemoryColumns.COLUMNS
            + ", t.prompt_id, t.started_at, CASE m.kind WHEN 2 THEN 0 ELSE (SELECT count(*) FROM memory o"
            + " WHERE o.id < m.id AND " + SameRows.memory("o", "m") + ") END, "
            + ImportedRecords.OF_MEMORY + ", json((";

    static final String NOTE =
            "SELECT json_array(s.platform, s.session_id, t.number, t.prompt_id, t.started_at, n.kind,"
                    + " n.agent_id, n.detail, n.text, n.created_at) FROM turn_note n CROSS JOIN turn t ON t.id = n.turn_id"
                    + " CROSS JOIN session s ON s.id = t.session_id";

    private ExportRows() {}

    /**
     * What is corrected and not in the export is not referred to.
     *
     * @param observations conditions on the observation {@code e}
     */
    static Sql memories(Sql observations) {
        return new Sql()
                .add(MEMORY)
                .add(Supersession.corrected(observations))
                .add("))) FROM memory m" + MemoryColumns.JOINS);
    }

    /**
     * An observation that is not in the export is not referred to; and a tool use of one that was made since the export began
     * is not observed yet, as far as the export goes.
     *
     * @param observations conditions on the observation {@code o}
     */
    static Sql toolUses(Sql observations, long lastMemory) {
        return new Sql()
                .add(
                        "SELECT json_array(" + ToolUseColumns.COLUMNS
                                + ", t.prompt_id, t.started_at, o.id, o.created_at, o.title,"
                                + " CASE WHEN u.tool_use_id IS NULL THEN (SELECT count(*) FROM tool_use e"
                                + " WHERE e.id < u.id AND " + SameRows.toolUse("e", "u")
                                + ") ELSE 0 END, u.observation_id > ?, " + ImportedRecords.OF_TOOL_USE
                                + ") FROM tool_use u" + ToolUseColumns.JOINS,
                        lastMemory)
                .add(" LEFT JOIN memory o ON o.id = u.observation_id AND o.id <= ?", lastMemory)
                .add(observations);
    }

    static ExportLine session(JsonNode row) {
        return new ExportLine.SessionLine(
                ExportLine.SessionLine.NAME,
                row.get(0).asLong(),
                row.get(1).asText(),
                row.get(2).asText(),
                project(row, 3),
                Json.text(row.get(5)),
                row.get(6).asLong(),
                Json.number(row.get(7)),
                Json.text(row.get(8)),
                Json.text(row.get(9)));
    }

    static ExportLine turn(JsonNode row) {
        String state = row.get(6).asText();
        boolean parked = state.equals("parked");
        return new ExportLine.TurnLine(
                ExportLine.TurnLine.NAME,
                row.get(0).asText(),
                row.get(1).asText(),
                row.get(2).asInt(),
                Json.text(row.get(3)),
                project(row, 4),
                parked
                        ? ExportLine.TurnLine.PARKED
                        : state.equals("done") ? ExportLine.TurnLine.DONE : ExportLine.TurnLine.WAITING,
                parked ? Json.text(row.get(7)) : null,
                row.get(8).asLong(),
                row.get(9).asLong());
    }

    static ExportLine memory(JsonNode row) {
        int at = MemoryColumns.COUNT;
        TurnKey turn = row.get(6).isNull() ? null : turn(row.get(6), row.get(at), row.get(at + 1));
        return new MemoryColumns(row)
                .exported(turn, copy(row.get(at + 2)), Supersession.keys(row.get(at + 4)), Json.text(row.get(at + 3)));
    }

    static ExportLine toolUse(JsonNode row) {
        int at = ToolUseColumns.COUNT;
        boolean later = row.get(at + 6).asInt() != 0;
        ObservationKey observation = row.get(at + 2).isNull()
                ? null
                : new ObservationKey(row.get(at + 2).asLong(), row.get(at + 3).asLong(), Json.text(row.get(at + 4)));
        return ToolUseColumns.exported(
                row,
                turn(row.get(5), row.get(at), row.get(at + 1)),
                ToolUseColumns.observed(row) && !later,
                observation,
                copy(row.get(at + 5)),
                Json.text(row.get(at + 7)));
    }

    static ExportLine note(JsonNode row) {
        return new ExportLine.NoteLine(
                ExportLine.NoteLine.NAME,
                row.get(0).asText(),
                row.get(1).asText(),
                turn(row.get(2), row.get(3), row.get(4)),
                row.get(5).asText(),
                Json.text(row.get(6)),
                Json.text(row.get(7)),
                Json.text(row.get(8)),
                row.get(9).asLong());
    }

    private static TurnKey turn(JsonNode number, JsonNode promptId, JsonNode startedAt) {
        return new TurnKey(number.asInt(), Json.text(promptId), promptId.isNull() ? startedAt.asLong() : null);
    }

    private static Project project(JsonNode row, int at) {
        return new Project(row.get(at).asText(), row.get(at + 1).asText());
    }

    private static @Nullable Integer copy(JsonNode count) {
        return count.asInt() == 0 ? null : count.asInt();
    }
}
