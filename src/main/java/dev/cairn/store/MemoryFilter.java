package dev.cairn.store;

import dev.cairn.model.Kind;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which memories a query is about, with projects and sessions by their numbers. A list that is null does not filter; an empty
 * one means that what was asked for is unknown, and nothing fits.
 */
record MemoryFilter(
        @Nullable List<Long> projects,
        @Nullable List<Long> sessions,
        List<Kind> kinds,
        List<String> types,
        List<String> concepts,
        @Nullable String file,
        @Nullable String platform,
        @Nullable Long from,
        @Nullable Long to) {

    boolean fitsNothing() {
        return (projects != null && projects.isEmpty()) || (sessions != null && sessions.isEmpty());
    }

    boolean fitsAll() {
        return !cutsInIndex() && !needsRow();
    }

    /** Whether the full-text index alone can apply a part of it. */
    private boolean cutsInIndex() {
        return projects != null || !kinds.isEmpty() || !types.isEmpty();
    }

    /** Whether a part of it needs the memory's own row. */
    boolean needsRow() {
        return sessions != null
                || !concepts.isEmpty()
                || file != null
                || platform != null
                || from != null
                || to != null;
    }

    /** The full-text expression, by {@link Scope}, with the parts that the index can apply. */
    String match(String expression) {
        return Scope.around(
                expression,
                projects == null ? List.of() : projects,
                kinds.stream().map(Kinds::code).toList(),
                types);
    }

    /** The parts that {@link #match} cannot apply, each behind an {@code AND}, on {@code memory m}. */
    Sql rowConditions() {
        Sql sql = new Sql();
        if (sessions != null) {
            sql.add(" AND ").in("m.session_id", sessions);
        }
        if (platform != null) {
            sql.add(" AND m.platform = ?", platform);
        }
        if (from != null) {
            sql.add(" AND m.created_at >= ?", from);
        }
        if (to != null) {
            sql.add(" AND m.created_at <= ?", to);
        }
        if (!concepts.isEmpty()) {
            sql.add(" AND m.id IN (SELECT c.memory_id FROM memory_concept c WHERE ")
                    .in("c.concept", concepts)
                    .add(")");
        }
        if (file != null) {
            sql.add(
                    " AND m.id IN (SELECT mf.memory_id FROM file f CROSS JOIN memory_file mf ON mf.file_id = f.id"
                            + " WHERE instr(lower(f.path), ?) > 0)",
                    file.toLowerCase(Locale.ROOT));
        }
        return sql;
    }

    /** All parts, each behind an {@code AND}, on {@code memory m}. */
    Sql conditions() {
        Sql sql = new Sql();
        if (projects != null) {
            sql.add(" AND ").in("m.project_id", projects);
        }
        if (!kinds.isEmpty()) {
            sql.add(" AND ").in("m.kind", kinds.stream().map(Kinds::code).toList());
        }
        if (!types.isEmpty()) {
            sql.add(" AND ").in("m.type", types);
        }
        return sql.add(rowConditions());
    }
}
