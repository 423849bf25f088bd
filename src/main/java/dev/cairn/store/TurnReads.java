package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.Parameters;
import dev.cairn.bus.Turns;
import dev.cairn.bus.TurnsQuery;
import dev.cairn.model.CairnException;
import dev.cairn.model.Project;
import io.vertx.core.Future;
import java.util.Objects;

/** Pages of the queue. */
final class TurnReads {
    private static final int MAX_LIMIT = 100;

    private final Reads reads;

    TurnReads(Reads reads) {
        this.reads = reads;
    }

    Future<Turns> turns(TurnsQuery query) {
        if (query.limit() < 1 || query.limit() > MAX_LIMIT) {
            throw CairnException.invalid("limit", "limit must be 1 to " + MAX_LIMIT + ", not " + query.limit());
        }
        return reads.all(sql(query), TurnReads::item).map(Turns::new);
    }

    /** The state stands in the text, where the planner sees that the index of that state has all its rows. */
    static Sql sql(TurnsQuery query) {
        String state = query.state();
        if (!TurnsQuery.STATES.contains(state)) {
            throw CairnException.invalid(
                    "state",
                    "state must be " + String.join(", ", TurnsQuery.STATES) + ", not '" + Parameters.shown(state)
                            + "'");
        }
        return new Sql()
                .add("SELECT json_array(t.id, t.state, p.key, p.name, s.platform, s.session_id, t.number, t.attempts,"
                        + " t.last_error, t.not_before, (SELECT count(*) FROM tool_use u INDEXED BY tool_use_by_turn"
                        + " WHERE u.turn_id = t.id AND u.observed = 0), t.last_event_at) FROM turn t INDEXED BY turn_"
                        + state + " CROSS JOIN session s ON s.id = t.session_id"
                        + " CROSS JOIN project p ON p.id = t.project_id WHERE t.state = '" + state + "'")
                .add(
                        " AND t.id > ? ORDER BY t.id LIMIT ?",
                        Objects.requireNonNullElse(query.after(), 0L),
                        query.limit());
    }

    private static Turns.Item item(JsonNode row) {
        return new Turns.Item(
                row.get(0).asLong(),
                row.get(1).asText(),
                new Project(row.get(2).asText(), row.get(3).asText()),
                row.get(4).asText(),
                row.get(5).asText(),
                row.get(6).asInt(),
                row.get(7).asInt(),
                Json.text(row.get(8)),
                row.get(9).asLong(),
                row.get(10).asInt(),
                row.get(11).asLong());
    }
}
