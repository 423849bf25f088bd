package dev.cairn.http;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.Stats;
import dev.cairn.http.compat.StreamTexts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the watchers of the live stream how much waits to be observed, when that may have changed; one instance does so for all,
 * on its event loop.
 */
final class LiveProcessing {
    private static final Logger LOG = LoggerFactory.getLogger(LiveProcessing.class);
    /** At most so often: counting is a query over the whole store. */
    private static final long PAUSE_MS = 2_000;

    private final Vertx vertx;
    private final Bus bus;
    private final Live live;
    private boolean pausing;
    private boolean changed;
    private long told = -1;

    private LiveProcessing(Vertx vertx, Bus bus, Live live) {
        this.vertx = vertx;
        this.bus = bus;
        this.live = live;
    }

    static void begin(Vertx vertx, Bus bus, Live live) {
        LiveProcessing processing = new LiveProcessing(vertx, bus, live);
        bus.listen(Addresses.EVENT_TURN_READY, event -> processing.change());
        bus.listen(Addresses.EVENT_TURN_SETTLED, event -> processing.change());
        bus.listen(Addresses.EVENT_FORGOTTEN, event -> processing.change());
    }

    private void change() {
        changed = true;
        look();
    }

    private void look() {
        if (pausing || !changed || !live.awaited()) {
            return;
        }
        changed = false;
        pausing = true;
        Future<?> answer = bus.request(Addresses.STORE_STATS, Nothing.NOTHING)
                .onSuccess(this::tell)
                .onFailure(failure -> LOG.debug("How much waits is not told: {}", failure.getMessage()));
        Future.join(answer, vertx.timer(PAUSE_MS)).onComplete(done -> {
            pausing = false;
            look();
        });
    }

    private void tell(Stats stats) {
        long depth = stats.pending() + stats.claimed();
        if (depth != told) {
            told = depth;
            live.ring().addUnnamed(StreamTexts.processing(stats));
        }
    }
}
