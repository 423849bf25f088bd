package dev.cairn.process;

import dev.cairn.model.CairnException;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether children may be started. Closing is final: nothing respawns once a stop has begun. Thread-safe.
 *
 * <p>A spawn passes with everything from the question to the entry in the registry, so that whoever closes the gate and then
 * waits for those within knows every child there is.
 */
public final class SpawnGate {
    private static final Logger LOG = LoggerFactory.getLogger(SpawnGate.class);

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
    private volatile boolean open = true;

    public boolean isOpen() {
        return open;
    }

    /** Closes the gate for good. Returns at once; spawns that are within still complete. */
    public void close() {
        open = false;
    }

    /**
     * Runs a spawn within the gate.
     *
     * @throws CairnException UNAVAILABLE when the gate is closed
     */
    <T> T pass(Callable<T> spawn) throws Exception {
        lock.readLock().lock();
        try {
            if (!open) {
                throw CairnException.unavailable("the worker is stopping: nothing is started any more");
            }
            return spawn.call();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Waits until every spawn that was within has come out. Blocks for as long as a spawn takes. */
    void awaitPassing() {
        lock.writeLock().lock();
        try {
            LOG.trace("No spawn is under way");
        } finally {
            lock.writeLock().unlock();
        }
    }
}
