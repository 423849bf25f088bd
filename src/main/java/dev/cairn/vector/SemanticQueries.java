package dev.cairn.vector;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.bus.VectorStats;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers semantic queries while the index is up, and refuses at once while it is not: a search has other ways and does not wait
 * for a start. The first query starts it, for those that follow. Used on one event loop.
 */
final class SemanticQueries {
    private static final Logger LOG = LoggerFactory.getLogger(SemanticQueries.class);

    /** A search answers without it after that, in milliseconds. */
    static final long TIMEOUT_MS = 1_500;

    /** Chroma does one call at a time: more would only wait past their time. */
    static final int MAX_OPEN = 4;

    /** So many unanswered in a row while nothing else keeps Chroma busy: it hangs. */
    static final int UNANSWERED_TO_RECYCLE = 3;

    private static final int MAX_LIMIT = 1_000;

    private final IndexDoor door;
    private final Keeper keeper;
    private int open;
    private int unanswered;

    /** Whoever writes the index. */
    interface Keeper {
        /** The index that is asked now. */
        void seen(VectorIndex index);

        /** Whether it keeps the index busy: then a query may be late. */
        boolean working();

        /** How far the index is. */
        Future<VectorStats> known();
    }

    SemanticQueries(IndexDoor door, Keeper keeper) {
        this.door = door;
        this.keeper = keeper;
    }

    SemanticQueries(IndexDoor door, VectorSync sync) {
        this(door, new Keeper() {
            @Override
            public void seen(VectorIndex index) {
                sync.seen(index);
            }

            @Override
            public boolean working() {
                return sync.working();
            }

            @Override
            public Future<VectorStats> known() {
                return Future.succeededFuture(sync.stats());
            }
        });
    }

    /** For a process that only reads what another writes. */
    static SemanticQueries reading(Bus bus, IndexDoor door) {
        return new SemanticQueries(door, new Keeper() {
            @Override
            public void seen(VectorIndex index) {}

            @Override
            public boolean working() {
                return false;
            }

            @Override
            public Future<VectorStats> known() {
                return bus.request(Addresses.STORE_VECTOR_STATS, Nothing.NOTHING);
            }
        });
    }

    Future<VectorHits> query(VectorQuery query) {
        requireLimit(query);
        if (open >= door.concurrency()) {
            return Future.failedFuture(CairnException.unavailable("the vector index is busy; try again"));
        }
        boolean up = door.state().equals("up");
        Future<VectorIndex> client = door.open().onSuccess(keeper::seen);
        if (!up) {
            client.onFailure(failure -> LOG.debug("The vector index does not open: {}", failure.getMessage()));
            return Future.failedFuture(CairnException.unavailable("the vector index is " + door.state()));
        }
        open++;
        return client.compose(there -> there.query(query, TIMEOUT_MS)
                        .compose(hits -> keeper.known()
                                .map(stats -> new VectorHits(
                                        hits,
                                        new Coverage(stats.indexed(), stats.total()),
                                        there.noise(),
                                        there.bearing()))))
                .onComplete(answer -> {
                    open--;
                    if (answer.succeeded() || answer.cause() instanceof IndexException) {
                        unanswered = 0;
                    } else if (!keeper.working() && ++unanswered >= UNANSWERED_TO_RECYCLE) {
                        unanswered = 0;
                        door.recycle(UNANSWERED_TO_RECYCLE + " queries were not answered");
                    }
                })
                .recover(failure -> Future.failedFuture(refusal(failure)));
    }

    static void requireLimit(VectorQuery query) {
        if (query.limit() < 1 || query.limit() > MAX_LIMIT) {
            throw CairnException.invalid("limit", "limit must be 1 to " + MAX_LIMIT + ", not " + query.limit());
        }
    }

    static CairnException refusal(Throwable failure) {
        return failure instanceof CairnException already
                ? already
                : CairnException.unavailable("the vector index refused: " + failure.getMessage());
    }
}
