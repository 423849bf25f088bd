package dev.cairn.store;

import dev.cairn.bus.Coverage;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.MemoryRows;
import dev.cairn.bus.SelectMemories;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keyword search.
 *
 * <p>One statement finds, ranks, counts and reads: the matches are kept once they are ranked, so that their number comes with
 * them, and only the rows of the page are read. In a small project the filters by project, kind and type cut inside the
 * index; otherwise they join the memory's row, like all others, before its rank is computed. Without a text the memories are
 * listed by time.
 */
final class SearchReads {
    /** A word of the title weighs twice one of the body, a part of a joined name half; the scope column only filters. */
    static final String RANK = "bm25(memory_fts, 2.0, 1.0, 0.5, 0.0)";

    private record Found(MemoryRow row, long total) {}

    /** Below this part of all memories the index applies a project's filter, above it the row does. */
    private static final double SMALL_PROJECT = 0.125;

    /**
     * The words with the filters: what the index applies, and what the rows do.
     *
     * <p>A word of the scope column costs the index a walk over all that carry it, matching or not, to weigh it. For a project
     * of a few memories that saves ranking the rest; for one of most memories it was measured to take several times as long as
     * the search itself.
     *
     * @param needsRow whether the conditions need {@code memory m}
     */
    record Match(String expression, Sql conditions, boolean needsRow) {
        static Match of(MemoryFilter filter, String words, MemoryTally tally) {
            List<Long> projects = filter.projects();
            boolean small = projects != null && tally.count(projects) < SMALL_PROJECT * tally.count();
            return small
                    ? new Match(filter.match(Scope.none(words)), filter.rowConditions(), filter.needsRow())
                    : new Match(Scope.none(words), filter.conditions(), !filter.fitsAll());
        }
    }

    private final Reads reads;
    private final Filters filters;
    private final MemoryTally tally;

    SearchReads(Reads reads, Filters filters, MemoryTally tally) {
        this.reads = reads;
        this.filters = filters;
        this.tally = tally;
    }

    Future<MemoryRows> search(SearchQuery query) {
        return filters.sessions(query.session()).compose(sessions -> {
            MemoryFilter filter = filter(query, filters.projects(query.project()), sessions);
            boolean listing = query.text() == null || query.text().isBlank();
            String expression = query.text() == null || listing ? null : FtsQuery.any(query.text());
            if (filter.fitsNothing() || (!listing && expression == null)) {
                return Future.succeededFuture(rows(List.of(), 0));
            }
            Match match = expression == null ? null : Match.of(filter, expression, tally);
            Sql page = match == null ? listing(filter, query) : ranked(query, match);
            return reads.all(
                            page,
                            row -> new Found(
                                    new MemoryColumns(row)
                                            .memory(row.get(MemoryColumns.COUNT).asDouble()),
                                    row.get(MemoryColumns.COUNT + 1).asLong()))
                    .compose(found -> found.isEmpty() && query.offset() > 0
                            ? count(filter, match).map(total -> rows(List.of(), total))
                            : Future.succeededFuture(rows(
                                    found.stream().map(Found::row).toList(),
                                    found.isEmpty() ? 0 : found.get(0).total())));
        });
    }

    /** Rows by id that pass the query's filters, in the order of the ids. */
    Future<MemoryRows> select(SelectMemories request) {
        if (request.ids().size() > SelectMemories.MAX_IDS) {
            throw CairnException.invalid(
                    "ids", "ids has more than " + SelectMemories.MAX_IDS + " items; ask for fewer");
        }
        SearchQuery query = request.query();
        return filters.sessions(query.session()).compose(sessions -> {
            MemoryFilter filter = filter(query, filters.projects(query.project()), sessions);
            if (filter.fitsNothing() || request.ids().isEmpty()) {
                return Future.succeededFuture(rows(List.of(), 0));
            }
            return reads.all(selected(filter, request.ids()), row -> new MemoryColumns(row).memory(0))
                    .map(found -> rows(found, found.size()));
        });
    }

    static Sql selected(MemoryFilter filter, List<Long> ids) {
        return new Sql()
                .add(
                        "SELECT json_array(" + MemoryColumns.COLUMNS + ") FROM json_each(?) wanted",
                        WireFormat.encode(ids))
                .add(" CROSS JOIN memory m ON m.id = wanted.value" + MemoryColumns.JOINS + " WHERE 1 ")
                .add(filter.conditions())
                .add(" ORDER BY wanted.key");
    }

    static MemoryFilter filter(SearchQuery query, @Nullable List<Long> projects, @Nullable List<Long> sessions) {
        return new MemoryFilter(
                projects,
                sessions,
                query.kinds(),
                query.types(),
                query.concepts(),
                query.file() == null || query.file().isBlank()
                        ? null
                        : query.file().strip(),
                query.platform(),
                query.from(),
                query.to());
    }

    static Sql ranked(SearchQuery query, Match match) {
        boolean byTime = query.order() != SearchOrder.RELEVANCE;
        String order = switch (query.order()) {
            case RELEVANCE -> "score, hit_id DESC";
            case NEWEST -> "hit_at DESC, hit_id DESC";
            case OLDEST -> "hit_at, hit_id";
        };
        Sql sql = new Sql()
                .add("WITH hit (hit_id, score, hit_at) AS MATERIALIZED (SELECT memory_fts.rowid, " + RANK)
                .add(byTime ? ", m.created_at" : ", 0")
                .add(matching(match, byTime));
        return sql.add(
                        "), page AS (SELECT hit_id, score, hit_at, (SELECT count(*) FROM hit) AS total FROM hit ORDER BY "
                                + order)
                .add(" LIMIT ? OFFSET ?)", query.limit(), query.offset())
                .add(" SELECT json_array(" + MemoryColumns.COLUMNS + ", -page.score, page.total) FROM page")
                .add(" CROSS JOIN memory m ON m.id = page.hit_id" + MemoryColumns.JOINS)
                .add(" ORDER BY " + order);
    }

    static Sql matching(Match match, boolean joined) {
        Sql sql = new Sql().add(" FROM memory_fts");
        if (joined || match.needsRow()) {
            sql.add(" CROSS JOIN memory m ON m.id = memory_fts.rowid");
        }
        return sql.add(" WHERE memory_fts MATCH ?", match.expression()).add(match.conditions());
    }

    static Sql listing(MemoryFilter filter, SearchQuery query) {
        Sql conditions = filter.conditions();
        String from = filter.projects() != null
                        && filter.sessions() == null
                        && filter.kinds().size() == 1
                ? "FROM memory m INDEXED BY memory_by_project_kind"
                : "FROM memory m";
        String order = query.order() == SearchOrder.OLDEST ? "m.created_at, m.id" : "m.created_at DESC, m.id DESC";
        return new Sql()
                .add("SELECT json_array(" + MemoryColumns.COLUMNS + ", 0, (SELECT count(*) " + from + " WHERE 1 ")
                .add(conditions)
                .add(")) " + from + MemoryColumns.JOINS + " WHERE 1 ")
                .add(conditions)
                .add(" ORDER BY " + order + " LIMIT ? OFFSET ?", query.limit(), query.offset());
    }

    private Future<Long> count(MemoryFilter filter, @Nullable Match match) {
        Sql sql = new Sql().add("SELECT json_array(count(*))");
        if (match == null) {
            sql.add(" FROM memory m WHERE 1 ").add(filter.conditions());
        } else {
            sql.add(matching(match, false));
        }
        return reads.all(sql, row -> row.get(0).asLong()).map(rows -> rows.get(0));
    }

    private MemoryRows rows(List<MemoryRow> rows, long total) {
        long all = tally.count();
        return new MemoryRows(rows, total, new Coverage(all, all));
    }
}
