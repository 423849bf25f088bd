package dev.cairn.http;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.Stats;
import dev.cairn.http.compat.StreamTexts;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the watchers of the live stream how much waits to be observed, when that has changed; one instance does so for all. */
final class LiveProcessing {
    private static final Logger LOG = LoggerFactory.getLogger(LiveProcessing.class);
    /** Counting is a query over the whole store. */
    private static final long EVERY_MS = 2_000;

    private final Bus bus;
    private final Live live;
    private boolean asking;
    private long told = -1;

    private LiveProcessing(Bus bus, Live live) {
        this.bus = bus;
        this.live = live;
    }

    static void begin(Vertx vertx, Bus bus, Live live) {
        LiveProcessing processing = new LiveProcessing(bus, live);
        vertx.setPeriodic(EVERY_MS, tick -> processing.look());
    }

    private void look() {
        if (asking || live.watchers() == 0) {
            return;
        }
        asking = true;
        bus.request(Addresses.STORE_STATS, Nothing.NOTHING)
                .onSuccess(this::tell)
                .onFailure(failure -> LOG.debug("How much waits is not told: {}", failure.getMessage()))
                .onComplete(done -> asking = false);
    }

    private void tell(Stats stats) {
        long depth = stats.pending() + stats.claimed();
        if (depth != told) {
            told = depth;
            live.ring().addUnnamed(StreamTexts.processing(stats));
        }
    }
}
