package dev.cairn.worker;

import dev.cairn.bus.Nothing;
import dev.cairn.bus.WireFormat;
import dev.cairn.process.ChildProcesses;
import dev.cairn.store.StoreVerticle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the native libraries and the data binding of the worker while its log, Vert.x and the first links are set up: together they
 * are a third of the time to ready.
 */
final class HeadStart {
    private static final Logger LOG = LoggerFactory.getLogger(HeadStart.class);

    private HeadStart() {}

    /** Returns at once. Whoever needs a library that is being loaded waits for it. */
    static void begin() {
        run("processes", ChildProcesses::prepare);
        run("store", StoreVerticle::prepare);
        run("records", () -> WireFormat.encode(Nothing.NOTHING));
    }

    private static void run(String what, Runnable load) {
        Thread thread = new Thread(
                () -> {
                    try {
                        load.run();
                    } catch (RuntimeException | LinkageError e) {
                        // The link that needs it fails on it in its turn, and is the one to say so.
                        LOG.debug("What the {} need was not loaded ahead", what, e);
                    }
                },
                "cairn-head-start-" + what);
        thread.setDaemon(true);
        thread.start();
    }
}
