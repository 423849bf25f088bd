package dev.cairn.vector;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.VectorBatch;
import dev.cairn.bus.VectorDocument;
import dev.cairn.bus.VectorDone;
import dev.cairn.bus.VectorPending;
import dev.cairn.bus.VectorReset;
import dev.cairn.bus.VectorStats;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One step of the vector index towards the store: a bounded batch from the store into the index, and back what became of it. The
 * store's database is the truth: it knows of each memory whether the index has it, and the index is rebuilt from it when it holds
 * something else. One step at a time, on one event loop.
 */
final class SyncStep {
    private static final Logger LOG = LoggerFactory.getLogger(SyncStep.class);

    /**
     * Chroma does one call at a time, and a search waits for a batch that is being embedded: 128 documents took 5.6 to 8.5 s on
     * two shared cores.
     */
    static final int BATCH = 32;

    private final Bus bus;
    private final IndexDoor door;
    private final SyncCursor cursor;
    private @Nullable VectorIndex verified;
    private VectorStats stats = new VectorStats(null, 0, 0, 0, 0, 0);
    private int rebuilds;

    /** @param cursor where the next step begins; moved on by it */
    SyncStep(Bus bus, IndexDoor door, SyncCursor cursor) {
        this.bus = bus;
        this.door = door;
        this.cursor = cursor;
    }

    /** As of the last step. */
    VectorStats stats() {
        return stats;
    }

    /** How often the index was built anew. */
    int rebuilds() {
        return rebuilds;
    }

    /** Whether this index was found to hold what the store says it does. */
    boolean verified(VectorIndex client) {
        return client == verified;
    }

    /** The next step looks at its index anew. */
    void distrust() {
        verified = null;
    }

    /**
     * Writes the next batch, if there is one and the index is in step; brings it in step if not.
     *
     * @return whether there may be more to do; fails when the store or the index does
     */
    Future<Boolean> run() {
        long from = cursor.after();
        return bus.request(Addresses.STORE_VECTOR_PENDING, new VectorPending(from, BATCH))
                .compose(batch -> batch.isEmpty() && !door.state().equals("up")
                        ? refreshed()
                                .compose(now -> door.opensEarly() && now.total() > 0
                                        ? take(batch, from)
                                        : Future.succeededFuture(false))
                        : take(batch, from))
                .onFailure(failure -> cursor.backTo(from));
    }

    private Future<Boolean> take(VectorBatch batch, long from) {
        return door.open()
                .compose(client -> inStep(client)
                        .compose(same -> same ? write(client, batch, from) : Future.succeededFuture(true)));
    }

    /** Whether this index holds what the store says it does; asked once of each, and rebuilt when not. */
    private Future<Boolean> inStep(VectorIndex client) {
        if (client == verified) {
            return Future.succeededFuture(true);
        }
        return refreshed().compose(known -> {
            if (!client.collection().equals(known.collection())) {
                return rebuild(
                                client,
                                known.collection() == null ? "first use" : "it was another model, or in another place")
                        .map(false);
            }
            return client.count()
                    .map(count -> count >= known.indexed() && count <= known.possible()
                            ? ""
                            : "it holds " + count + " documents, and " + known.indexed() + " to " + known.possible()
                                    + " are expected")
                    .recover(failure -> failure instanceof IndexException refusal
                                    && refusal.kind() == IndexException.Kind.MISSING_COLLECTION
                            ? Future.succeededFuture("its collection is missing")
                            : Future.failedFuture(failure))
                    .compose(wrong -> {
                        if (wrong.isEmpty()) {
                            verified = client;
                            return Future.succeededFuture(true);
                        }
                        return rebuild(client, wrong).map(false);
                    });
        });
    }

    /** The database first: a crash between the two is noticed at the next start, by the missing or overfull collection. */
    private Future<Void> rebuild(VectorIndex client, String reason) {
        LOG.info("The vector index is built anew: {}", reason);
        return bus.request(Addresses.STORE_VECTOR_RESET, new VectorReset(client.collection()))
                .compose(reset -> door.alone(
                        SharedIndex.Change.REPLACED, () -> client.drop().compose(dropped -> client.create())))
                .compose(created -> refreshed())
                .<Void>mapEmpty()
                .onSuccess(done -> {
                    verified = client;
                    cursor.restart();
                    rebuilds++;
                });
    }

    private Future<Boolean> write(VectorIndex client, VectorBatch batch, long from) {
        List<VectorDocument> documents = batch.documents();
        if (batch.isEmpty()) {
            return refreshed().compose(now -> through(client, now));
        }
        return door.alone(
                        SharedIndex.Change.WRITTEN,
                        () -> client.delete(batch.deletions())
                                .compose(deleted -> IsolatingUpsert.upsert(client, documents)))
                .compose(refused -> {
                    List<VectorDone.Written> written = documents.stream()
                            .filter(document -> !refused.contains(document.id()))
                            .map(document -> new VectorDone.Written(document.id(), document.revision()))
                            .toList();
                    return bus.request(Addresses.STORE_VECTOR_DONE, new VectorDone(written, refused, batch.deletions()))
                            .compose(noted -> refreshed())
                            .compose(now -> {
                                if (!documents.isEmpty()) {
                                    cursor.advance(
                                            from,
                                            documents.get(documents.size() - 1).id());
                                }
                                return more(documents.size(), batch.deletions().size(), refused)
                                        ? Future.succeededFuture(true)
                                        : through(client, now);
                            });
                });
    }

    /** Nothing is left to write, for now. */
    private static Future<Boolean> through(VectorIndex client, VectorStats now) {
        return now.indexed() + now.parked() >= now.total()
                ? client.complete().map(false)
                : Future.succeededFuture(false);
    }

    /** What was refused is tried again when all others are through. */
    private boolean more(int documents, int deletions, List<Long> refused) {
        if (!refused.isEmpty()) {
            cursor.refused(refused.get(0));
        }
        return documents == BATCH || deletions == BATCH || cursor.backToRefused();
    }

    private Future<VectorStats> refreshed() {
        return bus.request(Addresses.STORE_VECTOR_STATS, Nothing.NOTHING).onSuccess(now -> stats = now);
    }
}
