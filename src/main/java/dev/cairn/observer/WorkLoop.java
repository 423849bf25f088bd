package dev.cairn.observer;

import dev.cairn.bus.Bus;
import dev.cairn.observer.TurnRunner.Step;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on turns, one at a time, until none is ready: says when the next one is claimed. It is woken by nudges and by the time the store
 * gave for the next turn; a store that does not answer is asked again after a back-off. All methods run on one event loop.
 */
final class WorkLoop {
    private static final Logger LOG = LoggerFactory.getLogger(WorkLoop.class);
    /** However soon the next turn is due by the store's word, it is not asked for faster than this. */
    private static final long LEAST_WAIT_MS = 100;

    private static final long MOST_WAIT_MS = 3_600_000;
    private static final long MOST_TROUBLE_WAIT_MS = 30_000;

    /** The limits of a loop, times in milliseconds. */
    record Limits(int attempts, long observeMs, long lastTurnMs, long releaseMs) {
        Limits observingFor(long ms) {
            return new Limits(attempts, ms, lastTurnMs, releaseMs);
        }
    }

    private final Vertx vertx;
    private final TurnRunner turns;
    private final String id;
    private final Limits limits;
    private final ObserverFigures figures;

    private boolean working;
    private boolean wokenMeanwhile;
    private boolean stopping;
    private int troubles;
    private @Nullable Long timer;
    private @Nullable Promise<Void> idle;

    /** @param id unique among observers */
    WorkLoop(Vertx vertx, Bus bus, Observer observer, String id, Limits limits, ObserverFigures figures) {
        this.vertx = vertx;
        this.id = id;
        this.limits = limits;
        this.figures = figures;
        TimedObserver timed = new TimedObserver(vertx, observer, limits.observeMs());
        turns = new TurnRunner(vertx, new TurnClaims(bus, id), timed, limits, figures);
        timed.onReady(this::wake);
    }

    /** There may be work. While a turn is in hand this leads to another claim afterwards. */
    void wake() {
        if (stopping) {
            return;
        }
        if (working) {
            wokenMeanwhile = true;
            return;
        }
        if (troubles > 0 && timer != null) {
            // The store is in trouble: the timer asks again, and nudges do not make it faster.
            return;
        }
        begin();
    }

    private void begin() {
        cancelTimer();
        working = true;
        goOn();
    }

    private void goOn() {
        wokenMeanwhile = false;
        turns.run().onComplete(result -> {
            if (result.failed()) {
                trouble(result.cause());
            }
            Step step = result.failed() ? Step.TROUBLED : result.result();
            troubles = step == Step.TROUBLED ? troubles + 1 : 0;
            boolean more = step == Step.WORKED || (step == Step.EMPTY && wokenMeanwhile);
            if (more && !stopping) {
                goOn();
            } else {
                rest(step);
            }
        });
    }

    private void trouble(Throwable cause) {
        String message = TurnRunner.words(cause);
        figures.trouble(message);
        if (troubles == 0) {
            LOG.warn("Observer {} cannot reach its work, goes on trying: {}", id, message);
        }
    }

    private void rest(Step step) {
        working = false;
        if (stopping) {
            if (idle != null) {
                idle.tryComplete();
            }
            return;
        }
        if (step == Step.TROUBLED) {
            setTimer(Math.min(Backoff.delayMs(troubles), MOST_TROUBLE_WAIT_MS));
            return;
        }
        Long nextDueAt = turns.nextDueAt();
        if (nextDueAt != null) {
            setTimer(nextDueAt - System.currentTimeMillis());
        }
    }

    private void setTimer(long delayMs) {
        long bounded = Math.max(LEAST_WAIT_MS, Math.min(delayMs, MOST_WAIT_MS));
        timer = vertx.setTimer(bounded, fired -> {
            timer = null;
            if (!stopping && !working) {
                begin();
            }
        });
    }

    private void cancelTimer() {
        if (timer != null) {
            vertx.cancelTimer(timer);
            timer = null;
        }
    }

    /** Stops claiming, waits for the turn in hand within its limit, and puts what is still claimed back. */
    Future<?> close() {
        stopping = true;
        cancelTimer();
        turns.stop();
        Promise<Void> done = Promise.promise();
        idle = done;
        if (!working) {
            done.complete();
        }
        long limit = vertx.setTimer(limits.lastTurnMs(), fired -> done.tryComplete());
        return done.future().compose(waited -> {
            vertx.cancelTimer(limit);
            return turns.close();
        });
    }
}
