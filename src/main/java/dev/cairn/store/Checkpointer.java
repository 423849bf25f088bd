package dev.cairn.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the log into the database beside the writer, on a thread and a connection of its own: a commit that folds by itself
 * waits for the disk, and everybody who is in its group waits with it.
 */
final class Checkpointer {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

    /** After how many writes the log is folded in. */
    private static final int WRITES = 500;

    private static final long CLOSE_MS = 1_000;

    private final Connection connection;
    private final Semaphore asked = new Semaphore(0);
    private final Thread thread;
    private int writes;
    private final Queue<Runnable> emptying = new ConcurrentLinkedQueue<>();
    private volatile boolean closing;
    private volatile boolean ended;

    /** Starts the thread, which owns the connection from now on. */
    Checkpointer(Connection connection) {
        this.connection = connection;
        this.thread = new Thread(this::work, "cairn-store-checkpoint");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** So many writes were committed. Called by the writer only; never waits. */
    void committed(int count) {
        writes += count;
        if (writes >= WRITES) {
            writes = 0;
            asked.release();
        }
    }

    /**
     * Empties the log, so that what was forgotten does not stand in it.
     *
     * @param done called on any thread when it is done, or cannot be done any more
     */
    void empty(Runnable done) {
        emptying.add(done);
        asked.release();
        if (ended) {
            giveUp();
        }
    }

    /** Ends the thread and closes the connection; waits for a fold under way, but not for ever. */
    void close() {
        closing = true;
        asked.release();
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try (connection;
                Statement statement = connection.createStatement()) {
            asked.acquireUninterruptibly();
            while (!closing) {
                asked.drainPermits();
                fold(statement);
                emptyLog(statement);
                asked.acquireUninterruptibly();
            }
        } catch (SQLException e) {
            // The writer folds by itself when the log grows too long.
            LOG.warn("The log is folded by the writer from now on: {}", e.getMessage());
        } finally {
            ended = true;
            giveUp();
        }
    }

    private void giveUp() {
        for (Runnable waiting = emptying.poll(); waiting != null; waiting = emptying.poll()) {
            waiting.run();
        }
    }

    /** Passive: it takes what no reader needs and keeps nobody from writing. */
    private static void fold(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
            if (result.next() && result.getInt(1) != 0) {
                LOG.debug("The log was busy; the next fold takes more");
            }
        }
    }

    /** Waits for those who read and write at this moment, and they for it; so only when somebody wants it. */
    private void emptyLog(Statement statement) throws SQLException {
        for (Runnable waiting = emptying.poll(); waiting != null; waiting = emptying.poll()) {
            try (ResultSet result = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
                if (result.next() && result.getInt(1) != 0) {
                    LOG.debug("The log was busy and keeps its pages until it is next emptied");
                }
            } finally {
                waiting.run();
            }
        }
    }
}
