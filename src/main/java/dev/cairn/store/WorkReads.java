package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.TurnNote;
import dev.cairn.bus.TurnWork;
import dev.cairn.model.EventKind;
import dev.cairn.model.Project;
import dev.cairn.model.Prompt;
import dev.cairn.model.ToolUse;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a claimed turn whole, by one statement and so at one moment. */
final class WorkReads {
    private final Reads reads;

    WorkReads(Reads reads) {
        this.reads = reads;
    }

    /** Null when the turn was forgotten meanwhile. */
    Future<@Nullable TurnWork> work(long turnId) {
        return reads.first(sql(turnId), WorkReads::read);
    }

    static Sql sql(long turnId) {
        return new Sql()
                .add("SELECT json_array(t.id, p.key, p.name, s.platform, s.session_id, t.number, t.attempts,")
                .add(" t.started_at, t.last_event_at,")
                .add(" json((SELECT json_array(p.key, p.name, m.id, m.text, m.created_at) FROM memory m"
                        + " JOIN project p ON p.id = m.project_id WHERE m.turn_id = t.id AND m.kind = 3"
                        + " ORDER BY m.id LIMIT 1)),")
                .add(" json((SELECT json_group_array(json_array(" + ToolUseColumns.COLUMNS
                        + ")) FROM (SELECT * FROM tool_use" + " WHERE turn_id = t.id ORDER BY id) u"
                        + ToolUseColumns.JOINS.replace(" turn t ON t.id", " turn tu ON tu.id") + ")),")
                .add(" json((SELECT json_group_array(json_array(n.kind, n.agent_id, n.detail, n.text, n.created_at))"
                        + " FROM (SELECT * FROM turn_note WHERE turn_id = t.id ORDER BY id) n)))")
                .add(
                        " FROM turn t CROSS JOIN session s ON s.id = t.session_id"
                                + " CROSS JOIN project p ON p.id = t.project_id WHERE t.id = ?",
                        turnId);
    }

    private static TurnWork read(JsonNode row) {
        String platform = row.get(3).asText();
        String sessionId = row.get(4).asText();
        int number = row.get(5).asInt();
        List<ToolUse> toolUses = new ArrayList<>();
        List<Long> fresh = new ArrayList<>();
        for (JsonNode each : row.get(10)) {
            ToolUse use = ToolUseColumns.read(each);
            toolUses.add(use);
            if (!ToolUseColumns.observed(each)) {
                fresh.add(use.id());
            }
        }
        List<TurnNote> notes = new ArrayList<>();
        for (JsonNode each : row.get(11)) {
            notes.add(new TurnNote(
                    EventKind.valueOf(each.get(0).asText()),
                    Json.text(each.get(1)),
                    Json.text(each.get(2)),
                    Json.text(each.get(3)),
                    each.get(4).asLong()));
        }
        return new TurnWork(
                row.get(0).asLong(),
                new Project(row.get(1).asText(), row.get(2).asText()),
                platform,
                sessionId,
                number,
                row.get(6).asInt() + 1,
                prompt(row.get(9), platform, sessionId, number),
                toolUses,
                fresh,
                notes,
                row.get(7).asLong(),
                row.get(8).asLong());
    }

    private static @Nullable Prompt prompt(JsonNode row, String platform, String sessionId, int number) {
        if (row.isNull()) {
            return null;
        }
        return new Prompt(
                row.get(2).asLong(),
                new Project(row.get(0).asText(), row.get(1).asText()),
                platform,
                sessionId,
                number,
                row.get(3).asText(),
                row.get(4).asLong());
    }
}
