package dev.cairn.store;

import dev.cairn.bus.Coverage;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.MemoryRows;
import dev.cairn.bus.NeighbourQuery;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Memories around one, or around a time. */
final class NeighbourReads {
    private static final int MAX_ROWS = 1_000;

    /** The middle: everything up to it counts as before. {@code id} is 0 when it is a time. */
    record Anchor(long at, long id, long projectId) {
        static Anchor ofTime(long at) {
            return new Anchor(at, 0, 0);
        }
    }

    private final Reads reads;
    private final Filters filters;
    private final MemoryTally tally;

    NeighbourReads(Reads reads, Filters filters, MemoryTally tally) {
        this.reads = reads;
        this.filters = filters;
        this.tally = tally;
    }

    Future<MemoryRows> neighbours(NeighbourQuery query) {
        check(query);
        return anchor(query).compose(anchor -> {
            List<Long> projects = filters.projects(query.project());
            if (projects == null && anchor.id() != 0) {
                projects = List.of(anchor.projectId());
            }
            return reads.all(
                            sql(anchor, projects, query.platform(), query.before(), query.after()),
                            row -> new MemoryColumns(row).memory(0))
                    .map(this::rows);
        });
    }

    private Future<Anchor> anchor(NeighbourQuery query) {
        if (query.anchorTime() != null) {
            return Future.succeededFuture(Anchor.ofTime(query.anchorTime()));
        }
        Sql sql = new Sql()
                .add("SELECT json_array(created_at, id, project_id) FROM memory WHERE id = ?", query.anchorId());
        return reads.first(
                        sql,
                        row -> new Anchor(
                                row.get(0).asLong(),
                                row.get(1).asLong(),
                                row.get(2).asLong()))
                .compose(anchor -> anchor == null
                        ? Future.failedFuture(CairnException.notFound("no memory has the id " + query.anchorId()))
                        : Future.succeededFuture(anchor));
    }

    static Sql sql(Anchor anchor, @Nullable List<Long> projects, @Nullable String platform, int before, int after) {
        // A time stands behind every memory of its own millisecond.
        long id = anchor.id() == 0 ? Long.MAX_VALUE : anchor.id();
        Sql sql = new Sql().add("WITH around (near_id) AS (SELECT * FROM (SELECT m.id FROM memory m WHERE 1");
        side(sql, projects, platform, "<", "DESC", anchor.at(), id, before);
        sql.add(") UNION ALL SELECT * FROM (SELECT m.id FROM memory m WHERE 1");
        side(sql, projects, platform, ">", "ASC", anchor.at(), id, after);
        return sql.add(") UNION ALL SELECT ? WHERE ? > 0)", anchor.id(), anchor.id())
                .add(" SELECT json_array(" + MemoryColumns.COLUMNS
                        + ") FROM around CROSS JOIN memory m ON m.id = near_id")
                .add(MemoryColumns.JOINS + " ORDER BY m.created_at, m.id");
    }

    private static void side(
            Sql sql,
            @Nullable List<Long> projects,
            @Nullable String platform,
            String side,
            String order,
            long at,
            long id,
            int limit) {
        if (projects != null && projects.isEmpty()) {
            sql.add(" AND 0");
        } else if (projects != null) {
            sql.add(" AND ").in("m.project_id", projects);
        }
        if (platform != null) {
            // Not by the index on platforms: time's order ends the search early.
            sql.add(" AND +m.platform = ?", platform);
        }
        sql.add(" AND (m.created_at, m.id) " + side + " (?, ?)", at, id)
                .add(" ORDER BY m.created_at " + order + ", m.id " + order + " LIMIT ?", limit);
    }

    private MemoryRows rows(List<MemoryRow> rows) {
        long all = tally.count();
        return new MemoryRows(rows, rows.size(), new Coverage(all, all));
    }

    private static void check(NeighbourQuery query) {
        if ((query.anchorId() == null) == (query.anchorTime() == null)) {
            throw CairnException.invalid("anchor", "give one anchor: an id or a time");
        }
        if (query.before() < 0 || query.before() > MAX_ROWS) {
            throw CairnException.invalid("before", "before must be 0 to " + MAX_ROWS + ", not " + query.before());
        }
        if (query.after() < 0 || query.after() > MAX_ROWS) {
            throw CairnException.invalid("after", "after must be 0 to " + MAX_ROWS + ", not " + query.after());
        }
    }
}
