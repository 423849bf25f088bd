package dev.cairn.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After something was forgotten: takes its words out of the full-text index, which until then only marks them as gone,
 * gives the free pages back to the file system, and empties the log, which holds older pages. In small steps with pauses, so
 * that nobody who writes waits for it.
 */
final class Housekeeper {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);

    private static final int MERGE_PAGES = 64;
    private static final int VACUUM_PAGES = 256;
    private static final long PAUSE_MS = 2;
    /** An end even for an index that is never done: 64 MiB of it, at 4 KiB a page. */
    private static final int MAX_MERGES = 256 * 1024;

    private final Vertx vertx;
    private final Writer writer;
    private final Checkpointer checkpointer;
    private Future<Void> work = Future.succeededFuture();
    private boolean running;
    private boolean again;

    Housekeeper(Vertx vertx, Writer writer, Checkpointer checkpointer) {
        this.vertx = vertx;
        this.writer = writer;
        this.checkpointer = checkpointer;
    }

    /**
     * Begins, or when it is at work begins anew after that. Called on the verticle's context.
     *
     * @return completes when everything that was free at the call is given back
     */
    Future<Void> tidy() {
        if (running) {
            if (!again) {
                again = true;
                work = work.transform(done -> begin());
            }
            return work;
        }
        work = begin();
        return work;
    }

    private Future<Void> begin() {
        running = true;
        again = false;
        return merge().compose(merged -> vacuum())
                .compose(vacuumed -> emptyLog())
                .onComplete(done -> {
                    running = again;
                    if (done.failed()) {
                        LOG.info(
                                "Housekeeping broke off: {}",
                                String.valueOf(done.cause().getMessage()));
                    }
                });
    }

    private Future<Void> merge() {
        AtomicInteger steps = new AtomicInteger();
        return Repeat.whileTrue(() -> {
            int step = steps.getAndIncrement();
            return writer.submit(tx -> {
                        long before = tx.number("SELECT total_changes()");
                        // A negative number of pages begins a merge of everything, a positive one goes on with it.
                        tx.update(
                                "INSERT INTO memory_fts (memory_fts, rank) VALUES ('merge', ?)",
                                step == 0 ? -MERGE_PAGES : MERGE_PAGES);
                        // SQLite's documentation: fewer than two changes mean that there was nothing to do.
                        return tx.number("SELECT total_changes()") - before >= 2;
                    })
                    .compose(more -> pausedIf(more && step < MAX_MERGES));
        });
    }

    private Future<Void> vacuum() {
        return Repeat.whileTrue(() -> writer.submit(tx -> {
                    long before = tx.number("PRAGMA freelist_count");
                    tx.run("PRAGMA incremental_vacuum(" + VACUUM_PAGES + ")");
                    long left = tx.number("PRAGMA freelist_count");
                    return left > 0 && left < before;
                })
                .compose(this::pausedIf));
    }

    private Future<Void> emptyLog() {
        Promise<Void> emptied = Promise.promise();
        Context context = vertx.getOrCreateContext();
        checkpointer.empty(() -> context.runOnContext(any -> emptied.complete()));
        return emptied.future();
    }

    private Future<Boolean> pausedIf(boolean more) {
        return more ? vertx.timer(PAUSE_MS).map(true) : Future.succeededFuture(false);
    }
}
