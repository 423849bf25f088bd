package dev.cairn.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an export is about. A session or a turn belongs to it when it fits itself or anything of it does, so that no line
 * refers to one that is not there.
 *
 * @param projects null when none is named
 * @param sessions null when none is named
 * @param platform of sessions, and of memories that have none; null for all
 */
record ExportScope(
        @Nullable List<Long> projects,
        @Nullable List<Long> sessions,
        @Nullable Long from,
        @Nullable Long to,
        @Nullable String platform) {
    private static final String OF_PLATFORM = " IN (SELECT id FROM session WHERE platform = ?)";

    /** Of all platforms. */
    ExportScope(@Nullable List<Long> projects, @Nullable List<Long> sessions, @Nullable Long from, @Nullable Long to) {
        this(projects, sessions, from, to, null);
    }

    boolean fitsNothing() {
        return (projects != null && projects.isEmpty()) || (sessions != null && sessions.isEmpty());
    }

    private boolean fitsAll() {
        return projects == null && from == null && to == null;
    }

    /** On {@code memory m}, behind an {@code AND}. */
    Sql memories(String alias) {
        Sql sql = rows(alias);
        if (platform != null) {
            sql.add(" AND (+" + alias + ".session_id" + OF_PLATFORM, platform)
                    .add(" OR (" + alias + ".session_id IS NULL AND +" + alias + ".platform = ?))", platform);
        }
        return sql;
    }

    /** On {@code tool_use m}. */
    Sql toolUses(String alias) {
        return rows(alias).add(ofPlatform("+" + alias + ".session_id"));
    }

    private Sql ofPlatform(String session) {
        return platform == null ? new Sql() : new Sql().add(" AND " + session + OF_PLATFORM, platform);
    }

    private Sql rows(String alias) {
        Sql sql = new Sql();
        if (sessions != null) {
            sql.add(" AND ").in("+" + alias + ".session_id", sessions);
        }
        return sql.add(fits(alias + ".project_id", alias + ".created_at"));
    }

    /** On {@code turn_note n} with its {@code turn t}. */
    Sql notes() {
        Sql sql = new Sql();
        if (sessions != null) {
            sql.add(" AND ").in("+t.session_id", sessions);
        }
        return sql.add(ofPlatform("+t.session_id")).add(fits("t.project_id", "n.created_at"));
    }

    /** On {@code session s}. */
    Sql sessionRows() {
        Sql sql = new Sql();
        if (sessions != null) {
            sql.add(" AND ").in("s.id", sessions);
        }
        if (platform != null) {
            sql.add(" AND +s.platform = ?", platform);
        }
        if (fitsAll()) {
            return sql;
        }
        return sql.add(" AND ((1")
                .add(fits("s.project_id", "s.started_at"))
                .add(") OR EXISTS (SELECT 1 FROM turn t WHERE t.session_id = s.id")
                .add(turns("t"))
                .add(") OR EXISTS (SELECT 1 FROM memory o WHERE o.session_id = s.id")
                .add(fits("o.project_id", "o.created_at"))
                .add("))");
    }

    /** On {@code turn t}. */
    Sql turnRows() {
        Sql sql = new Sql();
        if (sessions != null) {
            sql.add(" AND ").in("+t.session_id", sessions);
        }
        return sql.add(ofPlatform("+t.session_id")).add(turns("t"));
    }

    private Sql turns(String alias) {
        if (fitsAll()) {
            return new Sql();
        }
        return new Sql()
                .add(" AND ((1")
                .add(fits(alias + ".project_id", alias + ".started_at"))
                .add(") OR EXISTS (SELECT 1 FROM memory o WHERE o.turn_id = " + alias + ".id")
                .add(fits("o.project_id", "o.created_at"))
                .add(") OR EXISTS (SELECT 1 FROM tool_use o WHERE o.turn_id = " + alias + ".id")
                .add(fits("o.project_id", "o.created_at"))
                .add(") OR EXISTS (SELECT 1 FROM turn_note o WHERE o.turn_id = " + alias + ".id")
                .add(fits(alias + ".project_id", "o.created_at"))
                .add("))");
    }

    /** A plus keeps the planner from an index that would lose the order of ids. */
    private Sql fits(String project, String time) {
        Sql sql = new Sql();
        if (projects != null) {
            sql.add(" AND ").in("+" + project, projects);
        }
        if (from != null) {
            sql.add(" AND +" + time + " >= ?", from);
        }
        if (to != null) {
            sql.add(" AND +" + time + " <= ?", to);
        }
        return sql;
    }
}
