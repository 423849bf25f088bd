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
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the vector index in step with the store: one bounded batch at a time, woken by what was committed. The store's database is the
 * truth: it knows of each memory whether the index has it, and the index is rebuilt from it when it holds something else.
 *
 * <p>Used on one event loop.
 */
final class VectorSync {
    private static final Logger LOG = LoggerFactory.getLogger(VectorSync.class);

    /**
     * Chroma does one call at a time, and a search waits for a batch that is being embedded: 128 documents took 5.6 to 8.5 s on
     * two shared cores.
     */
    static final int BATCH = 32;

    static final long FIRST_PAUSE_MS = 1_000;
    static final long LONGEST_PAUSE_MS = 60_000;

    /** So many failures in a row, with a Chroma that starts, mean that what it keeps is broken; more often it is hiccups. */
    static final int FAILURES_TO_REBUILD = 4;

    private final Vertx vertx;
    private final Bus bus;
    private final IndexDoor door;
    private final long firstPauseMs;
    private @Nullable VectorIndex verified;
    private VectorStats stats = new VectorStats(null, 0, 0, 0, 0, 0);
    private long after;
    private long refusedFrom = Long.MAX_VALUE;
    private boolean running;
    private boolean again;
    private boolean closed;
    private int failures;
    private int rebuilds;
    private @Nullable Long pause;
    private @Nullable String lastFailure;

    VectorSync(Vertx vertx, Bus bus, IndexDoor door) {
        this(vertx, bus, door, FIRST_PAUSE_MS);
    }

    /** @param firstPauseMs how long it waits after a first failure; doubled at each further one */
    VectorSync(Vertx vertx, Bus bus, IndexDoor door, long firstPauseMs) {
        this.vertx = vertx;
        this.bus = bus;
        this.door = door;
        this.firstPauseMs = firstPauseMs;
    }

    /** There may be work, with this memory or any. */
    void wake(long memoryId) {
        after = Math.min(after, memoryId - 1);
        wake();
    }

    /** There may be work: goes on when it rests, and once more when it is at work. While it pauses it stays paused. */
    void wake() {
        if (closed || pause != null) {
            return;
        }
        if (running) {
            again = true;
            return;
        }
        running = true;
        again = false;
        step().onComplete(result -> {
            running = false;
            if (result.succeeded()) {
                if (result.result() || again) {
                    wake();
                }
            } else {
                failed(result.cause());
            }
        });
    }

    /** Another index than the one that was looked at last has come up: looks at it. */
    void seen(VectorIndex client) {
        if (client != verified) {
            wake();
        }
    }

    /** The index is back: what waited for it goes on at once. */
    void back(VectorIndex client) {
        if (pause != null) {
            vertx.cancelTimer(pause);
            pause = null;
            wake();
        } else {
            seen(client);
        }
    }

    void close() {
        closed = true;
        if (pause != null) {
            vertx.cancelTimer(pause);
            pause = null;
        }
    }

    /** As of the last batch. */
    VectorStats stats() {
        return stats;
    }

    /** The reason of the last failure; null when the last attempt succeeded. */
    @Nullable
    String lastFailure() {
        return lastFailure;
    }

    int rebuilds() {
        return rebuilds;
    }

    boolean working() {
        return running;
    }

    /** @return whether there may be more to do */
    private Future<Boolean> step() {
        long from = after;
        return bus.request(Addresses.STORE_VECTOR_PENDING, new VectorPending(from, BATCH))
                .compose(batch -> batch.isEmpty() && !door.state().equals("up")
                        ? refreshed()
                                .compose(now -> door.opensEarly() && now.total() > 0
                                        ? take(batch, from)
                                        : Future.succeededFuture(false))
                        : take(batch, from))
                .onFailure(failure -> after = Math.min(after, from))
                .onSuccess(more -> {
                    failures = 0;
                    lastFailure = null;
                });
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
                    after = 0;
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
                        () -> client.delete(batch.deletions()).compose(deleted -> upsert(client, documents)))
                .compose(refused -> {
                    List<VectorDone.Written> written = documents.stream()
                            .filter(document -> !refused.contains(document.id()))
                            .map(document -> new VectorDone.Written(document.id(), document.revision()))
                            .toList();
                    return bus.request(Addresses.STORE_VECTOR_DONE, new VectorDone(written, refused, batch.deletions()))
                            .compose(noted -> refreshed())
                            .compose(now -> {
                                if (!documents.isEmpty() && after == from) {
                                    after = documents.get(documents.size() - 1).id();
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
            refusedFrom = Math.min(refusedFrom, refused.get(0));
        }
        if (documents == BATCH || deletions == BATCH) {
            return true;
        }
        boolean retry = refusedFrom != Long.MAX_VALUE;
        after = Math.min(after, refusedFrom - 1);
        refusedFrom = Long.MAX_VALUE;
        return retry;
    }

    /**
     * Writes the batch; when the index refuses it, each document alone, so that one bad document keeps no other back.
     *
     * @return the documents that were refused; fails when all were, or when the index does not answer
     */
    private static Future<List<Long>> upsert(VectorIndex client, List<VectorDocument> documents) {
        return client.upsert(documents)
                .map(done -> List.<Long>of())
                .recover(failure -> failure instanceof IndexException refusal
                                && refusal.kind() != IndexException.Kind.MISSING_COLLECTION
                        ? oneByOne(client, documents, 0, new ArrayList<>())
                                .compose(refused -> refused.size() == documents.size() && refused.size() > 1
                                        ? Future.failedFuture(failure)
                                        : Future.succeededFuture(refused))
                        : Future.failedFuture(failure));
    }

    private static Future<List<Long>> oneByOne(
            VectorIndex client, List<VectorDocument> documents, int next, List<Long> refused) {
        if (next == documents.size()) {
            return Future.succeededFuture(refused);
        }
        VectorDocument document = documents.get(next);
        return client.upsert(List.of(document))
                .recover(failure -> {
                    if (failure instanceof IndexException) {
                        LOG.warn("The vector index refused memory {}: {}", document.id(), failure.getMessage());
                        refused.add(document.id());
                        return Future.succeededFuture();
                    }
                    return Future.failedFuture(failure);
                })
                .compose(done -> oneByOne(client, documents, next + 1, refused));
    }

    private Future<VectorStats> refreshed() {
        return bus.request(Addresses.STORE_VECTOR_STATS, Nothing.NOTHING).onSuccess(now -> stats = now);
    }

    private void failed(Throwable failure) {
        if (closed) {
            return;
        }
        failures++;
        lastFailure = String.valueOf(failure.getMessage());
        boolean refused = failure instanceof IndexException;
        if (refused) {
            // It may be another collection than the one that was looked at.
            verified = null;
        }
        long pauseMs = Math.min(LONGEST_PAUSE_MS, firstPauseMs << Math.min(failures - 1, 10));
        LOG.warn("The vector index waits {} ms: {}", pauseMs, lastFailure);
        pause = vertx.setTimer(pauseMs, timer -> {
            pause = null;
            recovered(refused, failure).onComplete(any -> wake());
        });
    }

    /** What may help before the next attempt. */
    private Future<?> recovered(boolean refused, Throwable failure) {
        boolean certain = failure instanceof BrokenStoreException broken && broken.certain();
        boolean often = failures % FAILURES_TO_REBUILD == 0 && (refused || failure instanceof BrokenStoreException);
        if (certain || often) {
            LOG.warn("What the vector index keeps is put aside after {} failures", failures);
            verified = null;
            return door.discard();
        }
        boolean silent = failure instanceof CairnException late && late.code() == ErrorCode.TIMEOUT;
        return silent ? door.recycle("it did not answer in time") : Future.succeededFuture();
    }
}
