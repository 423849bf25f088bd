package dev.cairn.process;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where children are ended, several at once, and what follows their end. Thread-safe. */
final class Enders {
    private static final Logger LOG = LoggerFactory.getLogger(Enders.class);
    private static final int THREADS = 16;

    private final Supervisor supervisor;
    private final Terminator terminator;
    private final ExecutorService threads = DaemonThreads.pool("cairn-end", THREADS);

    Enders(Supervisor supervisor, Terminator terminator) {
        this.supervisor = supervisor;
        this.terminator = terminator;
    }

    /** Ends a child; returns at once. */
    void end(OwnedChild child, String reason, boolean graceful) {
        long begin = System.nanoTime();
        LOG.debug("Ending {} (pid {}): {}", child.kind(), child.pid(), reason);
        threads.execute(() -> {
            try {
                Child.Exit exit = terminator.end(child, graceful);
                supervisor.forget(child);
                supervisor.observers().ended(child, exit, (System.nanoTime() - begin) / 1_000_000);
                child.ended(exit);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException | RuntimeException e) {
                LOG.error("Ending {} (pid {}) failed", child.kind(), child.pid(), e);
                child.ended(new Child.Exit(-1, Child.Step.KILL));
            }
        });
    }

    /** From now on no child is given time, neither those that are being ended nor any after them. */
    void hurry() {
        terminator.hurry();
    }

    /** No more ends. */
    void close() {
        threads.shutdown();
    }
}
