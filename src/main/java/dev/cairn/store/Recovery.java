package dev.cairn.store;

import dev.cairn.model.DatabaseReport;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings the rows of a damaged database into an empty one. What is made from rows is made anew: the full-text index, files and
 * concepts. What the vector index has is not taken over, so that is built anew as well; what a session was told of is not either, and may be
 * told once more.
 */
final class Recovery {
    private static final List<String> TABLES = List.of("project", "session", "turn", "memory", "tool_use", "turn_note");
    private static final List<String> BY_NAME =
            List.of("event_count", "process_sample", "supersession", "imported", "model_usage");

    private final Connection from;
    private final Connection to;

    Recovery(Connection from, Connection to) {
        this.from = from;
        this.to = to;
    }

    List<DatabaseReport.Table> run() throws SQLException {
        // Parents of what was recovered may be lost.
        Database.execute(to, "PRAGMA foreign_keys = OFF");
        List<DatabaseReport.Table> tables = new ArrayList<>();
        for (String table : TABLES) {
            Long expected = count(table);
            long recovered = new TableSalvage(from, to, table).copyById();
            tables.add(report(table, expected, recovered));
        }
        for (String table : BY_NAME) {
            Long expected = count(table);
            tables.add(report(table, expected, new TableSalvage(from, to, table).copyAll()));
        }
        Database.execute(to, "BEGIN IMMEDIATE");
        for (String statement : MEND) {
            Database.execute(to, statement);
        }
        Database.execute(to, "COMMIT");
        keepIds();
        Transaction tx = new Transaction(to);
        new Reindex(tx).run();
        Database.execute(to, "PRAGMA foreign_keys = ON");
        return tables;
    }

    private static DatabaseReport.Table report(String table, @Nullable Long expected, long recovered) {
        return new DatabaseReport.Table(table, recovered, expected == null ? null : Math.max(0, expected - recovered));
    }

    /** Mostly an index says it, even when the table itself is damaged; null when neither can. */
    private @Nullable Long count(String table) {
        try (Statement statement = from.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            return row.next() ? row.getLong(1) : null;
        } catch (SQLException damaged) {
            return null;
        }
    }

    /** What stands in for lost parents, and what must not refer to the lost. */
    private static final List<String> MEND = List.of(
            "INSERT OR IGNORE INTO project (id, key, name) SELECT DISTINCT project_id, 'recovered-' || project_id,"
                    + " 'recovered-' || project_id FROM (SELECT project_id FROM session UNION SELECT project_id FROM turn"
                    + " UNION SELECT project_id FROM memory UNION SELECT project_id FROM tool_use)"
                    + " WHERE project_id NOT IN (SELECT id FROM project)",
            "INSERT OR IGNORE INTO session (id, session_id, platform, project_id, started_at)"
                    + " SELECT session_id, 'recovered-' || session_id, 'recovered', min(project_id), min(at) FROM"
                    + " (SELECT session_id, project_id, created_at AS at FROM memory WHERE session_id IS NOT NULL"
                    + " UNION ALL SELECT session_id, project_id, created_at FROM tool_use"
                    + " UNION ALL SELECT session_id, project_id, started_at FROM turn)"
                    + " WHERE session_id NOT IN (SELECT id FROM session) GROUP BY session_id",
            "UPDATE memory SET turn_id = NULL WHERE session_id IS NULL AND turn_id IS NOT NULL AND kind <> 2",
            "DELETE FROM memory WHERE kind = 2 AND (session_id IS NULL OR turn_id IS NULL)",
            "INSERT OR IGNORE INTO turn (id, session_id, project_id, number, state, started_at, last_event_at)"
                    + " SELECT turn_id, session_id, project_id, coalesce((SELECT max(number) FROM turn t"
                    + " WHERE t.session_id = lost.session_id), 0) + row_number() OVER (PARTITION BY session_id"
                    + " ORDER BY turn_id), CASE waits WHEN 0 THEN 'done' ELSE 'pending' END, began, ended FROM"
                    + " (SELECT turn_id, min(session_id) AS session_id, min(project_id) AS project_id,"
                    + " sum(waits) AS waits, min(at) AS began, max(at) AS ended FROM"
                    + " (SELECT turn_id, session_id, project_id, created_at AS at, 0 AS waits FROM memory"
                    + " WHERE turn_id IS NOT NULL"
                    + " UNION ALL SELECT turn_id, session_id, project_id, created_at, 1 - observed FROM tool_use)"
                    + " WHERE turn_id NOT IN (SELECT id FROM turn) GROUP BY turn_id) AS lost",
            "DELETE FROM turn_note WHERE turn_id NOT IN (SELECT id FROM turn)",
            "UPDATE tool_use SET observation_id = NULL WHERE observation_id NOT IN (SELECT id FROM memory)",
            "DELETE FROM supersession WHERE earlier NOT IN (SELECT id FROM memory)"
                    + " OR later NOT IN (SELECT id FROM memory)",
            "UPDATE model_usage SET project_id = NULL WHERE project_id NOT IN (SELECT id FROM project)",
            "UPDATE model_usage SET session_id = NULL WHERE session_id NOT IN (SELECT id FROM session)",
            "UPDATE imported SET session_id = NULL WHERE session_id NOT IN (SELECT id FROM session)",
            "UPDATE imported SET memory_id = NULL WHERE memory_id NOT IN (SELECT id FROM memory)",
            "UPDATE imported SET tool_use_id = NULL WHERE tool_use_id NOT IN (SELECT id FROM tool_use)");

    /** An id that was given once is not given again, even when its row is lost. */
    private void keepIds() throws SQLException {
        for (String table : TABLES) {
            if (table.equals("turn_note")) {
                continue;
            }
            long last = 0;
            try (Statement statement = from.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT max(seq) FROM sqlite_sequence WHERE name = '" + table + "'")) {
                last = row.next() ? row.getLong(1) : 0;
            } catch (SQLException damaged) {
                // The largest recovered id is then the best there is, and that SQLite knows.
                continue;
            }
            Database.execute(
                    to,
                    "INSERT INTO sqlite_sequence (name, seq) SELECT '" + table
                            + "', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = '" + table + "')");
            Database.execute(
                    to, "UPDATE sqlite_sequence SET seq = max(seq, " + last + ") WHERE name = '" + table + "'");
        }
    }
}
