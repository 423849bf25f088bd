package dev.cairn.store;

import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only one who writes. One thread owns the connection, takes what waits, and commits it as one group, so that a commit's
 * price is shared by everybody who waited for it.
 */
final class Writer {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

    static final int MAX_GROUP = 256;

    /** A command that waits, with the promise to keep on its caller's context. */
    private static final class Pending<T> {
        private final Command<T> command;
        private final Promise<T> promise = Promise.promise();
        private final Context context;
        private @Nullable T result;
        private @Nullable CairnException failure;

        Pending(Command<T> command, Context context) {
            this.command = command;
            this.context = context;
        }

        void run(Transaction tx) throws SQLException {
            result = command.run(tx);
        }

        void settle() {
            if (failure != null) {
                promise.fail(failure);
            } else {
                promise.complete(result);
            }
        }
    }

    private final Vertx vertx;
    private final Transaction tx;
    private final Checkpointer checkpointer;
    private final int maxQueue;
    private final LinkedBlockingQueue<Pending<?>> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final Promise<Void> closed = Promise.promise();
    private final Pending<Boolean> end;
    private final Object door = new Object();
    private boolean closing;
    private volatile @Nullable String lastFailure;

    /** Starts the thread, which owns {@code tx} and the checkpointer from now on. */
    Writer(Vertx vertx, Transaction tx, Checkpointer checkpointer, int maxQueue) {
        this.vertx = vertx;
        this.tx = tx;
        this.checkpointer = checkpointer;
        this.maxQueue = maxQueue;
        this.end = new Pending<>(any -> true, vertx.getOrCreateContext());
        this.thread = new Thread(this::work, "cairn-store-writer");
        // A stop that ran out of its budget must not keep the JVM alive; what was not committed was not acknowledged.
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /**
     * Queues a write.
     *
     * @return completes on the caller's context, after the commit; fails with a {@link CairnException} when nothing was
     *     written
     */
    <T> Future<T> submit(Command<T> command) {
        Pending<T> pending = new Pending<>(command, vertx.getOrCreateContext());
        synchronized (door) {
            if (closing) {
                return Future.failedFuture(CairnException.unavailable("the store is stopping; try again later"));
            }
            if (queue.size() >= maxQueue) {
                return Future.failedFuture(CairnException.unavailable("the store has " + maxQueue
                        + " writes waiting; try again in a moment, or raise store.maxQueue"));
            }
            queue.add(pending);
        }
        return pending.promise.future();
    }

    /** Refuses new writes, commits those that wait, folds the log into the database and closes the connection. */
    Future<Void> close() {
        synchronized (door) {
            if (!closing) {
                closing = true;
                queue.add(end);
            }
        }
        return closed.future();
    }

    int waiting() {
        return queue.size();
    }

    /** What the disk or the file failed with at the last write; null while all is well. */
    @Nullable
    String lastFailure() {
        return lastFailure;
    }

    boolean alive() {
        return thread.isAlive();
    }

    private void work() {
        List<Pending<?>> group = new ArrayList<>(MAX_GROUP);
        boolean goOn = true;
        while (goOn) {
            try {
                group.add(queue.take());
            } catch (InterruptedException e) {
                // Nobody of ours interrupts this thread; a write in flight must not be lost to one who does.
                LOG.warn("The writer was interrupted and goes on");
                continue;
            }
            queue.drainTo(group, MAX_GROUP - 1);
            goOn = !group.remove(end);
            if (!group.isEmpty()) {
                commit(group);
                settle(group);
                checkpointer.committed(group.size());
                group.clear();
            }
        }
        closeConnection();
    }

    private void commit(List<Pending<?>> group) {
        try {
            tx.begin();
            for (Pending<?> pending : group) {
                pending.run(tx);
            }
            tx.commit();
            lastFailure = null;
            return;
        } catch (SQLException | RuntimeException | Error e) {
            rollback();
            if (group.size() > 1) {
                LOG.debug("A group of {} is retried one by one", group.size(), e);
            } else {
                fail(group.get(0), e);
                return;
            }
        }
        // One of them is bad, and the others must not suffer for it.
        for (Pending<?> pending : group) {
            commitAlone(pending);
        }
    }

    private void commitAlone(Pending<?> pending) {
        try {
            tx.begin();
            pending.run(tx);
            tx.commit();
            lastFailure = null;
        } catch (SQLException | RuntimeException | Error e) {
            rollback();
            fail(pending, e);
        }
    }

    private void fail(Pending<?> pending, Throwable e) {
        CairnException failure = StoreErrors.toCairn(e);
        pending.failure = failure;
        if (!(e instanceof CairnException)) {
            // A statement that fails is a defect of that request; a disk that fails is everybody's trouble.
            lastFailure = failure.code() == ErrorCode.INTERNAL ? null : failure.getMessage();
            LOG.error("A write failed", e);
        }
    }

    private void rollback() {
        try {
            tx.rollback();
        } catch (SQLException e) {
            // After some failures SQLite has rolled back by itself.
            LOG.debug("Nothing to roll back", e);
        }
    }

    /** Settles on the callers' contexts, in order, with one hop for each context. */
    private static void settle(List<Pending<?>> group) {
        IdentityHashMap<Context, List<Pending<?>>> byContext = new IdentityHashMap<>();
        for (Pending<?> pending : group) {
            byContext.computeIfAbsent(pending.context, any -> new ArrayList<>()).add(pending);
        }
        byContext.forEach((context, settled) -> hop(context, () -> settled.forEach(Pending::settle)));
    }

    private static void hop(Context context, Runnable action) {
        try {
            context.runOnContext(any -> action.run());
        } catch (RejectedExecutionException e) {
            LOG.warn("A caller's event loop is gone; nobody hears that its write was committed");
        }
    }

    private void closeConnection() {
        checkpointer.close();
        try {
            tx.run("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            // The log stays beside the database; the next start reads it.
            LOG.warn("The log of the database was not folded in: {}", e.getMessage());
        }
        try {
            tx.close();
            hop(end.context, closed::complete);
        } catch (SQLException e) {
            hop(end.context, () -> closed.fail(StoreErrors.toCairn(e)));
        }
    }
}
