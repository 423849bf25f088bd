package dev.cairn.store;

import dev.cairn.bus.Forget;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import dev.cairn.model.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which rows a request to forget is about. */
record ForgetTargets(List<Long> ids, @Nullable String match, MemoryFilter filter) implements Forgetter.Targets {

    /**
     * @param projects numbers of the named project, null when none is named
     * @param sessions numbers of the named session, null when none is named
     * @throws CairnException INVALID_ARGUMENT when nothing, or too much, is asked for
     */
    static ForgetTargets of(Forget request, @Nullable List<Long> projects, @Nullable List<Long> sessions) {
        boolean conditions = request.project() != null
                || request.session() != null
                || request.query() != null
                || request.from() != null
                || request.to() != null;
        if (!conditions && request.ids().isEmpty()) {
            throw CairnException.invalid(
                    "ids", "say what to forget: ids, or at least one of project, session, query, from, to");
        }
        if (conditions && !request.ids().isEmpty()) {
            throw CairnException.invalid("ids", "give either ids or conditions, not both");
        }
        if (request.from() != null && request.to() != null && request.from() > request.to()) {
            throw CairnException.invalid("from", "from is after to; swap them");
        }
        MemoryFilter filter = new MemoryFilter(
                projects,
                sessions,
                request.kind() == null ? List.<Kind>of() : List.of(request.kind()),
                List.of(),
                List.of(),
                null,
                null,
                request.from(),
                request.to());
        String match = null;
        if (request.query() != null) {
            String words = FtsQuery.all(request.query());
            if (words == null) {
                throw CairnException.invalid("query", "query has no word to look for");
            }
            match = filter.match(Scope.exactly(words));
        }
        return new ForgetTargets(request.ids(), match, filter);
    }

    /** Whether raw events go as well: when the conditions are such that raw events have them too. */
    @Override
    public boolean rawToo() {
        return ids.isEmpty() && match == null && filter.kinds().isEmpty();
    }

    /** Whether whole sessions go: not when only a time span of them does. */
    @Override
    public boolean sessionsToo() {
        return rawToo()
                && filter.from() == null
                && filter.to() == null
                && (filter.projects() != null || filter.sessions() != null);
    }

    /** What follows a {@code SELECT} of columns of {@code memory m}. */
    @Override
    public Sql memories() {
        if (!ids.isEmpty()) {
            return new Sql()
                    .add(" FROM memory m WHERE m.id IN (SELECT value FROM json_each(?))", WireFormat.encode(ids))
                    .add(filter.conditions());
        }
        if (match != null) {
            return new Sql()
                    .add(" FROM memory_fts CROSS JOIN memory m ON m.id = memory_fts.rowid")
                    .add(" WHERE memory_fts MATCH ?", match)
                    .add(filter.rowConditions());
        }
        return new Sql().add(" FROM memory m WHERE 1").add(filter.conditions());
    }

    /** The same for {@code tool_use m}, which has the columns that {@link #rawToo} conditions are on. */
    @Override
    public Sql toolUses() {
        return new Sql().add(" FROM tool_use m WHERE 1").add(filter.conditions());
    }

    /** The same for {@code turn_note m}; its project and session are its turn's. */
    @Override
    public Sql notes() {
        Sql sql = new Sql().add(" FROM turn_note m CROSS JOIN turn t ON t.id = m.turn_id WHERE 1");
        if (filter.projects() != null) {
            sql.add(" AND ").in("t.project_id", filter.projects());
        }
        if (filter.sessions() != null) {
            sql.add(" AND ").in("t.session_id", filter.sessions());
        }
        if (filter.from() != null) {
            sql.add(" AND m.created_at >= ?", filter.from());
        }
        if (filter.to() != null) {
            sql.add(" AND m.created_at <= ?", filter.to());
        }
        return sql;
    }

    /** The same for {@code session m}. */
    @Override
    public Sql sessions() {
        Sql sql = new Sql().add(" FROM session m WHERE 1");
        if (filter.projects() != null) {
            sql.add(" AND ").in("m.project_id", filter.projects());
        }
        if (filter.sessions() != null) {
            sql.add(" AND ").in("m.id", filter.sessions());
        }
        return sql;
    }
}
