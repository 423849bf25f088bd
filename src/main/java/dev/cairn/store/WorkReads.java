package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.TurnNote;
import dev.cairn.bus.TurnWork;
import dev.cairn.model.EventKind;
import dev.cairn.model.Observation;
import dev.cairn.model.Project;
import dev.cairn.model.Prompt;
import dev.cairn.model.ToolUse;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a claimed turn by one statement and so at one moment: whole, unless it is longer than a claim may be. Then the oldest of
 * what no observer has seen comes first, and what was seen only as far as there is room.
 */
final class WorkReads {
    /** Of the texts of tool uses and of notes each, in UTF-8. A longer one comes alone. */
    static final long MAX_BYTES = 32L * 1024 * 1024;

    static final long MAX_NOTE_BYTES = 4L * 1024 * 1024;
    static final int MAX_TOOL_USES = 2_000;
    static final int MAX_NOTES = 1_000;
    /** So many observations of the session are told. */
    static final int EARLIER = 20;

    private static final String BYTES =
            "ifnull(octet_length(input), 0) + ifnull(octet_length(response), 0) + ifnull(octet_length(error), 0)";

    /** Ids with the bytes up to each and its place, the first ones first. */
    private static final String SUMMED =
            "SELECT id, sum(bytes) OVER w AS upto, row_number() OVER w AS place FROM (SELECT id, %s AS bytes FROM %s"
                    + " WHERE turn_id = ?1%s ORDER BY id%s LIMIT %s) WINDOW w AS (ORDER BY id%4$s)";

    private static final String ROOM = "(" + MAX_TOOL_USES + " - (SELECT count(*) FROM given))";

    /**
     * {@code fresh} is cut one behind the end, to tell whether there is more. {@code seen} is not looked for when there is no room
     * for it: in a long turn that would be all of the turn again.
     */
    private static final String PARTS = "WITH fresh AS MATERIALIZED ("
            + SUMMED.formatted(
                    BYTES, "tool_use INDEXED BY tool_use_by_turn", " AND observed = 0", "", MAX_TOOL_USES + 1)
            + "), given AS MATERIALIZED (SELECT id, upto FROM fresh WHERE place = 1 OR (place <= " + MAX_TOOL_USES
            + " AND upto <= " + MAX_BYTES + ")), seen AS ("
            + SUMMED.formatted(BYTES, "tool_use INDEXED BY tool_use_by_turn", " AND observed = 1", " DESC", ROOM)
            + "), notes AS ("
            + SUMMED.formatted("ifnull(octet_length(text), 0)", "turn_note", "", " DESC", MAX_NOTES)
            + ") ";

    private static final String TOOL_USES = "(SELECT json_group_array(json_array(" + ToolUseColumns.COLUMNS
            + ")) FROM (SELECT * FROM tool_use WHERE id IN (SELECT id FROM given UNION ALL SELECT id FROM seen"
            + " WHERE upto <= " + MAX_BYTES
            + " - (SELECT ifnull(max(upto), 0) FROM given)) ORDER BY id) u"
            + ToolUseColumns.JOINS.replace(" turn t ON t.id", " turn tu ON tu.id") + ")";

    private static final String NOTES =
            "(SELECT json_group_array(json_array(n.kind, n.agent_id, n.detail, n.text, n.created_at))"
                    + " FROM (SELECT * FROM turn_note WHERE id IN (SELECT id FROM notes WHERE place = 1 OR upto <= "
                    + MAX_NOTE_BYTES + ") ORDER BY id) n)";

    private static final String MORE = "(SELECT count(*) FROM fresh) > (SELECT count(*) FROM given)";

    private static final String LATEST = "(SELECT json_group_array(json_array(" + MemoryColumns.COLUMNS
            + ")) FROM (SELECT * FROM memory INDEXED BY memory_by_session WHERE session_id = (SELECT session_id FROM turn"
            + " WHERE id = ?1) AND kind = 1 ORDER BY created_at DESC, id DESC LIMIT " + EARLIER + ") m"
            + MemoryColumns.JOINS + ")";

    private static final String WAITING = "(SELECT count(*) FROM (SELECT 1 FROM turn INDEXED BY turn_ready"
            + " WHERE state = 'pending' AND not_before = 0 LIMIT " + TurnWork.MOST_WAITING + "))";

    private final Reads reads;

    WorkReads(Reads reads) {
        this.reads = reads;
    }

    /** Null when the turn was forgotten meanwhile. */
    Future<@Nullable TurnWork> work(long turnId) {
        return reads.first(sql(turnId), WorkReads::read);
    }

    /** The parts are joined as texts: within another array SQLite would parse each of them again. */
    static Sql sql(long turnId) {
        return new Sql()
                .add(PARTS + "SELECT '[' || json_array(t.id, p.key, p.name, s.platform, s.session_id, t.number,")
                .add(" t.attempts, t.started_at, t.last_event_at, " + MORE + ", " + WAITING + ")")
                .add(" || ',' || ifnull((SELECT json_array(p.key, p.name, m.id, m.text, m.created_at) FROM memory m"
                        + " JOIN project p ON p.id = m.project_id WHERE m.turn_id = t.id AND m.kind = 3"
                        + " ORDER BY m.id LIMIT 1), 'null')")
                .add(" || ',' || " + NOTES + " || ',' || " + LATEST + " || ',' || " + TOOL_USES + " || ']'")
                .add(
                        " FROM turn t CROSS JOIN session s ON s.id = t.session_id"
                                + " CROSS JOIN project p ON p.id = t.project_id WHERE t.id = ?1",
                        turnId);
    }

    private static TurnWork read(JsonNode row) {
        JsonNode turn = row.get(0);
        String platform = turn.get(3).asText();
        String sessionId = turn.get(4).asText();
        int number = turn.get(5).asInt();
        List<TurnNote> notes = new ArrayList<>();
        for (JsonNode each : row.get(2)) {
            notes.add(new TurnNote(
                    EventKind.valueOf(each.get(0).asText()),
                    Json.text(each.get(1)),
                    Json.text(each.get(2)),
                    Json.text(each.get(3)),
                    each.get(4).asLong()));
        }
        List<Observation> earlier = new ArrayList<>();
        row.get(3).forEach(each -> earlier.add(new MemoryColumns(each).observation()));
        Collections.reverse(earlier);
        List<ToolUse> toolUses = new ArrayList<>();
        List<Long> fresh = new ArrayList<>();
        for (JsonNode each : row.get(4)) {
            ToolUse use = ToolUseColumns.read(each);
            toolUses.add(use);
            if (!ToolUseColumns.observed(each)) {
                fresh.add(use.id());
            }
        }
        return new TurnWork(
                turn.get(0).asLong(),
                new Project(turn.get(1).asText(), turn.get(2).asText()),
                platform,
                sessionId,
                number,
                turn.get(6).asInt() + 1,
                prompt(row.get(1), platform, sessionId, number),
                toolUses,
                fresh,
                notes,
                turn.get(9).asInt() != 0,
                earlier,
                turn.get(10).asInt(),
                turn.get(7).asLong(),
                turn.get(8).asLong());
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
