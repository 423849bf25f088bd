package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.Projects;
import dev.cairn.bus.Stats;
import dev.cairn.model.Project;
import io.vertx.core.Future;
import java.util.TreeMap;

/** The figures of the whole store and of each project. */
final class StatsReads {
    static final String STATS = "SELECT json_array((SELECT count(*) FROM session),"
            + " (SELECT count(*) FROM memory WHERE kind = 3), (SELECT count(*) FROM tool_use),"
            + " (SELECT count(*) FROM memory WHERE kind = 1), (SELECT count(*) FROM memory WHERE kind = 2),"
            + " (SELECT count(*) FROM turn WHERE state = 'pending'),"
            + " (SELECT count(*) FROM turn WHERE state = 'claimed'),"
            + " (SELECT count(*) FROM turn WHERE state = 'parked'),"
            + " json((SELECT json_group_array(json_array(name, count)) FROM event_count)))";

    static final String PROJECTS = "SELECT json_array(key, name, sessions, observations, summaries, prompts, last_at)"
            + " FROM (SELECT p.key, p.name,"
            + " (SELECT count(*) FROM session s WHERE s.project_id = p.id) AS sessions,"
            + " (SELECT count(*) FROM memory m WHERE m.project_id = p.id AND m.kind = 1) AS observations,"
            + " (SELECT count(*) FROM memory m WHERE m.project_id = p.id AND m.kind = 2) AS summaries,"
            + " (SELECT count(*) FROM memory m WHERE m.project_id = p.id AND m.kind = 3) AS prompts,"
            + " max(coalesce((SELECT max(m.created_at) FROM memory m WHERE m.project_id = p.id), 0),"
            + " coalesce((SELECT max(u.created_at) FROM tool_use u WHERE u.project_id = p.id), 0),"
            + " coalesce((SELECT max(s.started_at) FROM session s WHERE s.project_id = p.id), 0)) AS last_at"
            + " FROM project p) ORDER BY last_at DESC, key";

    private final Reads reads;
    private final Database database;

    StatsReads(Reads reads, Database database) {
        this.reads = reads;
        this.database = database;
    }

    Future<Stats> stats() {
        return reads.all(new Sql().add(STATS), this::stats).map(rows -> rows.get(0));
    }

    private Stats stats(JsonNode row) {
        TreeMap<String, Long> events = new TreeMap<>();
        row.get(8).forEach(each -> events.put(each.get(0).asText(), each.get(1).asLong()));
        return new Stats(
                row.get(0).asLong(),
                row.get(1).asLong(),
                row.get(2).asLong(),
                row.get(3).asLong(),
                row.get(4).asLong(),
                row.get(5).asLong(),
                row.get(6).asLong(),
                row.get(7).asLong(),
                events,
                database.file().toString(),
                database.bytes());
    }

    Future<Projects> projects() {
        return reads.all(
                        new Sql().add(PROJECTS),
                        row -> new Projects.Row(
                                new Project(row.get(0).asText(), row.get(1).asText()),
                                row.get(2).asLong(),
                                row.get(3).asLong(),
                                row.get(4).asLong(),
                                row.get(5).asLong(),
                                row.get(6).asLong()))
                .map(Projects::new);
    }
}
