package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.ExportLine;
import dev.cairn.model.Project;
import dev.cairn.model.ToolUse;
import org.jspecify.annotations.Nullable;

/** A tool use as queries answer it. */
final class ToolUseColumns {
    static final String COLUMNS = "u.id, p.key, p.name, s.platform, s.session_id, t.number, u.agent_id, u.tool_name,"
            + " u.tool_use_id, u.input, u.response, u.error, u.duration_ms, u.observation_id, u.created_at, u.observed";

    /** How many columns there are: what a query adds stands behind them. */
    static final int COUNT = 16;

    /** What follows {@code FROM tool_use u}. */
    static final String JOINS =
            " CROSS JOIN project p ON p.id = u.project_id CROSS JOIN session s ON s.id = u.session_id"
                    + " CROSS JOIN turn t ON t.id = u.turn_id";

    private ToolUseColumns() {}

    static ToolUse read(JsonNode row) {
        return new ToolUse(
                row.get(0).asLong(),
                new Project(row.get(1).asText(), row.get(2).asText()),
                row.get(3).asText(),
                row.get(4).asText(),
                row.get(5).asInt(),
                Json.text(row.get(6)),
                row.get(7).asText(),
                Json.text(row.get(8)),
                Json.text(row.get(9)),
                Json.text(row.get(10)),
                Json.text(row.get(11)),
                Json.number(row.get(12)),
                Json.number(row.get(13)),
                row.get(14).asLong());
    }

    /** Whether an observer has seen it. */
    static boolean observed(JsonNode row) {
        return row.get(15).asInt() != 0;
    }

    /** Its line in an export. */
    static ExportLine exported(
            JsonNode row,
            ExportLine.TurnKey turn,
            boolean observed,
            ExportLine.@Nullable ObservationKey observation,
            @Nullable Integer copy,
            @Nullable String source) {
        ToolUse use = read(row);
        return new ExportLine.ToolUseLine(
                ExportLine.ToolUseLine.NAME,
                use.id(),
                use.project(),
                use.platform(),
                use.sessionId(),
                turn,
                use.agentId(),
                use.toolName(),
                use.toolUseId(),
                use.input(),
                use.response(),
                use.error(),
                use.durationMs(),
                observed,
                observation,
                use.createdAt(),
                copy,
                source);
    }
}
