package dev.cairn.worker;

import dev.cairn.chain.Lifecycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the JVM when a stop takes longer than all its budgets: a time-out on an event loop cannot fire while that loop is
 * blocked, a thread of its own can.
 */
final class StopWatchdog {
    /** What the JVM ends with when it had to be halted. */
    static final int EXIT_CODE = 70;

    private static final Logger LOG = LoggerFactory.getLogger(StopWatchdog.class);

    private StopWatchdog() {}

    /** Arms the watchdog for the moment a stop begins. */
    static void arm(Lifecycle lifecycle, long deadlineMs) {
        lifecycle.onStopping(() -> {
            Thread thread = new Thread(() -> haltAfter(deadlineMs), "cairn-stop-watchdog");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private static void haltAfter(long deadlineMs) {
        try {
            Thread.sleep(deadlineMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        LOG.error("The stop took more than {} ms; halting", deadlineMs);
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
