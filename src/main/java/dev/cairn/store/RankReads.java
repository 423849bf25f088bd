package dev.cairn.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.RankQuery;
import dev.cairn.bus.Ranked;
import dev.cairn.model.CairnException;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import java.util.List;

/** Keyword search for a ranking that joins several: more matches than anybody is shown, and no rows. */
final class RankReads {
    private record Found(Ranked.Hit hit, long total) {}

    private final Reads reads;
    private final Filters filters;
    private final MemoryTally tally;

    RankReads(Reads reads, Filters filters, MemoryTally tally) {
        this.reads = reads;
        this.filters = filters;
        this.tally = tally;
    }

    Future<Ranked> rank(RankQuery request) {
        if (request.limit() < 1 || request.limit() > RankQuery.MAX_LIMIT) {
            throw CairnException.invalid(
                    "limit", "limit must be 1 to " + RankQuery.MAX_LIMIT + ", not " + request.limit());
        }
        SearchQuery query = request.query();
        return filters.sessions(query.session()).compose(sessions -> {
            MemoryFilter filter = SearchReads.filter(query, filters.projects(query.project()), sessions);
            String words = query.text() == null ? null : FtsQuery.any(query.text());
            if (filter.fitsNothing() || words == null) {
                return Future.succeededFuture(ranked(List.of()));
            }
            SearchReads.Match match = SearchReads.Match.of(filter, words, tally);
            return reads.all(sql(match, request.limit()), RankReads::found).map(this::ranked);
        });
    }

    static Sql sql(SearchReads.Match match, int limit) {
        return new Sql()
                .add("WITH hit (hit_id, score) AS MATERIALIZED (SELECT memory_fts.rowid, " + SearchReads.RANK)
                .add(SearchReads.matching(match, false))
                .add(") SELECT json_array(hit_id, -score, (SELECT count(*) FROM hit)) FROM hit")
                .add(" ORDER BY score, hit_id DESC LIMIT ?", limit);
    }

    private static Found found(JsonNode row) {
        return new Found(
                new Ranked.Hit(row.get(0).asLong(), row.get(1).asDouble()),
                row.get(2).asLong());
    }

    private Ranked ranked(List<Found> found) {
        long all = tally.count();
        return new Ranked(
                found.stream().map(Found::hit).toList(),
                found.isEmpty() ? 0 : found.get(0).total(),
                new Coverage(all, all));
    }
}
