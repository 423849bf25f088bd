package dev.cairn.vector;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.LoadVectors;
import dev.cairn.bus.ReadVectors;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.bus.VectorRows;
import dev.cairn.bus.VectorSpaces;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The vectors of one model: all of them in memory, a byte a dimension, and as they are in the store. A query scans those in memory
 * and reads the best as they are, to rank them exactly.
 *
 * <p>The matrix is used on the one thread of the executor alone.
 */
final class EmbeddedSpace {
    /** So many of the best are ranked exactly; with 50 nothing of the first ten was missed among a million. */
    private static final int EXACT = 100;

    private static final Comparator<VectorHits.Hit> NEAREST = Comparator.comparingDouble(VectorHits.Hit::distance)
            .thenComparing(Comparator.comparingLong(VectorHits.Hit::id).reversed());

    private static final int PAGE = 2_000;
    private static final int STEP = 1_000;

    private final Bus bus;
    private final WorkerExecutor thread;
    private final VectorSpaces.Space space;
    private final VectorMatrix matrix;
    private volatile int size;

    EmbeddedSpace(Bus bus, WorkerExecutor thread, VectorSpaces.Space space) {
        this.bus = bus;
        this.thread = thread;
        this.space = space;
        matrix = new VectorMatrix(space.dimensions(), Dot.best());
    }

    VectorSpaces.Space space() {
        return space;
    }

    /** How many vectors there are in memory. */
    int size() {
        return size;
    }

    /** Reads what the store has. */
    Future<EmbeddedSpace> load() {
        return load(0).map(this);
    }

    private Future<Void> load(long after) {
        return bus.request(Addresses.STORE_VECTOR_LOAD, new LoadVectors(space.id(), after, PAGE))
                .compose(page -> put(page.rows())
                        .compose(put -> page.rows().size() < PAGE
                                ? Future.succeededFuture()
                                : load(page.rows().get(PAGE - 1).id())));
    }

    Future<Void> put(List<VectorRows.Row> rows) {
        return change(() -> rows.forEach(matrix::put));
    }

    Future<Void> remove(List<Long> ids) {
        return change(() -> ids.forEach(matrix::remove));
    }

    /** Some of the ids, for one step of many; empty when there are none. */
    Future<List<Long>> some() {
        return thread.executeBlocking(() -> matrix.some(STEP));
    }

    private Future<Void> change(Runnable change) {
        return thread.executeBlocking(() -> {
            change.run();
            size = matrix.size();
            return null;
        });
    }

    Future<List<VectorHits.Hit>> nearest(float[] vector, VectorQuery query) {
        return thread.executeBlocking(() -> hits(matrix.nearest(vector, query, query.limit())))
                .compose(rough -> exact(vector, rough));
    }

    private static List<VectorHits.Hit> hits(Best best) {
        List<VectorHits.Hit> hits = new ArrayList<>(best.size());
        for (int place : best.ranked()) {
            hits.add(new VectorHits.Hit(best.id(place), 2 - 2.0 * best.score(place)));
        }
        return hits;
    }

    private Future<List<VectorHits.Hit>> exact(float[] vector, List<VectorHits.Hit> rough) {
        List<Long> best =
                rough.stream().limit(EXACT).map(VectorHits.Hit::id).sorted().toList();
        return bus.request(Addresses.STORE_VECTOR_READ, new ReadVectors(space.id(), best))
                .map(read -> {
                    Map<Long, Double> distances = new HashMap<>();
                    read.rows().forEach(row -> distances.put(row.id(), distance(vector, row.vector())));
                    List<VectorHits.Hit> hits = new ArrayList<>(rough.size());
                    for (VectorHits.Hit hit : rough) {
                        hits.add(new VectorHits.Hit(hit.id(), distances.getOrDefault(hit.id(), hit.distance())));
                    }
                    // What was not read exactly stays behind what was.
                    hits.subList(0, best.size()).sort(NEAREST);
                    return List.copyOf(hits);
                });
    }

    private static double distance(float[] one, float[] other) {
        double cosine = 0;
        for (int i = 0; i < one.length; i++) {
            cosine += (double) one[i] * other[i];
        }
        return Math.max(0, 2 - 2 * cosine);
    }
}
