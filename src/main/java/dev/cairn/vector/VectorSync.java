package dev.cairn.vector;

import dev.cairn.bus.Bus;
import dev.cairn.bus.VectorStats;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the vector index in step with the store: says when the next {@link SyncStep} is due. It is woken by what was committed and goes
 * on until nothing is left; after a failure it pauses, longer each time, and does what may help.
 *
 * <p>Used on one event loop.
 */
final class VectorSync {
    private static final Logger LOG = LoggerFactory.getLogger(VectorSync.class);

    static final long FIRST_PAUSE_MS = 1_000;
    static final long LONGEST_PAUSE_MS = 60_000;

    /** So many failures in a row, with a Chroma that starts, mean that what it keeps is broken; more often it is hiccups. */
    static final int FAILURES_TO_REBUILD = 4;

    private final Vertx vertx;
    private final IndexDoor door;
    private final long firstPauseMs;
    private final SyncCursor cursor = new SyncCursor();
    private final SyncStep step;
    private boolean running;
    private boolean again;
    private boolean closed;
    private int failures;
    private @Nullable Long pause;
    private @Nullable String lastFailure;

    VectorSync(Vertx vertx, Bus bus, IndexDoor door) {
        this(vertx, bus, door, FIRST_PAUSE_MS);
    }

    /** @param firstPauseMs how long it waits after a first failure; doubled at each further one */
    VectorSync(Vertx vertx, Bus bus, IndexDoor door, long firstPauseMs) {
        this.vertx = vertx;
        this.door = door;
        this.firstPauseMs = firstPauseMs;
        step = new SyncStep(bus, door, cursor);
    }

    /** There may be work, with this memory or any. */
    void wake(long memoryId) {
        cursor.backBefore(memoryId);
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
        step.run().onComplete(result -> {
            running = false;
            if (result.succeeded()) {
                failures = 0;
                lastFailure = null;
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
        if (!step.verified(client)) {
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

    /** As of the last step. */
    VectorStats stats() {
        return step.stats();
    }

    /** The reason of the last failure; null when the last attempt succeeded. */
    @Nullable
    String lastFailure() {
        return lastFailure;
    }

    int rebuilds() {
        return step.rebuilds();
    }

    boolean working() {
        return running;
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
            step.distrust();
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
            step.distrust();
            return door.discard();
        }
        boolean silent = failure instanceof CairnException late && late.code() == ErrorCode.TIMEOUT;
        return silent ? door.recycle("it did not answer in time") : Future.succeededFuture();
    }
}
