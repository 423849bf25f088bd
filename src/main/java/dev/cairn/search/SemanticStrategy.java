package dev.cairn.search;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.MemoryRows;
import dev.cairn.bus.SelectMemories;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Memories near in meaning, by the vector index. The index filters by what it knows; the store reads the rows, which applies
 * every filter and passes over what was forgotten.
 */
final class SemanticStrategy implements RetrievalStrategy {
    /** A search that waits longer answers by words alone, in milliseconds. */
    static final long TIMEOUT_MS = 1_500;

    /**
     * The nearest are always some, however far. 1.5 is a cosine of 0.25: in a few queries tried by hand texts that share a subject
     * were nearer, those that share nothing farther. Not tuned on more than these.
     */
    static final double MAX_DISTANCE = 1.5;

    /** More than a page, as the store may drop some. */
    private static final int SPARE = 50;

    private final Bus bus;

    SemanticStrategy(Bus bus) {
        this.bus = bus;
    }

    @Override
    public String name() {
        return "semantic";
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public Future<MemoryRows> retrieve(SearchQuery query) {
        VectorQuery nearest = new VectorQuery(
                String.valueOf(query.text()),
                query.project(),
                query.kinds(),
                query.types(),
                query.from(),
                query.to(),
                query.limit() + SPARE);
        return bus.request(Addresses.VECTOR_QUERY, nearest, TIMEOUT_MS).compose(found -> rows(query, found));
    }

    private Future<MemoryRows> rows(SearchQuery query, VectorHits found) {
        Map<Long, Double> similarity = new HashMap<>();
        for (VectorHits.Hit hit : found.hits()) {
            if (hit.distance() <= MAX_DISTANCE) {
                similarity.put(hit.id(), 1 - hit.distance() / 2);
            }
        }
        List<Long> ids = found.hits().stream()
                .map(VectorHits.Hit::id)
                .filter(similarity::containsKey)
                .toList();
        Coverage coverage = found.coverage();
        if (ids.isEmpty()) {
            return Future.succeededFuture(new MemoryRows(List.of(), 0, coverage));
        }
        return bus.request(Addresses.STORE_SELECT, new SelectMemories(query, ids), TIMEOUT_MS)
                .map(selected -> {
                    List<MemoryRow> rows = selected.rows().stream()
                            .limit(query.limit())
                            .map(row -> row.scored(similarity.getOrDefault(row.id(), 0.0)))
                            .toList();
                    return new MemoryRows(rows, rows.size(), coverage);
                });
    }
}
