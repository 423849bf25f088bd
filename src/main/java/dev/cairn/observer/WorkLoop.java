package dev.cairn.observer;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ClaimTurn;
import dev.cairn.bus.ClaimedTurn;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.CompletedTurn;
import dev.cairn.bus.Count;
import dev.cairn.bus.FailTurn;
import dev.cairn.bus.ReleaseTurns;
import dev.cairn.bus.TurnWork;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.observer.rules.Texts;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims turns from the store, has them observed and hands the results back, one at a time, until none is ready.
 *
 * <p>A turn that cannot be observed goes back with a back-off and is parked after the last attempt, so it never blocks the
 * ones behind it. A store that does not answer is asked again after a back-off of its own. All methods run on one event
 * loop.
 */
final class WorkLoop {
    private static final Logger LOG = LoggerFactory.getLogger(WorkLoop.class);
    /** However soon the next turn is due by the store's word, it is not asked for faster than this. */
    private static final long LEAST_WAIT_MS = 100;

    private static final long MOST_WAIT_MS = 3_600_000;
    private static final long MOST_TROUBLE_WAIT_MS = 30_000;
    private static final int COMPLETE_TRIES = 3;
    private static final int MAX_ERROR = 500;

    /** The limits of a loop, times in milliseconds. */
    record Limits(int attempts, long observeMs, long lastTurnMs, long releaseMs) {
        Limits observingFor(long ms) {
            return new Limits(attempts, ms, lastTurnMs, releaseMs);
        }
    }

    private enum Step {
        WORKED,
        EMPTY,
        TROUBLED
    }

    private final Vertx vertx;
    private final Context context;
    private final Bus bus;
    private final Observer observer;
    private final String id;
    private final Limits limits;
    private final ObserverFigures figures;

    private boolean working;
    private boolean wokenMeanwhile;
    private boolean stopping;
    private boolean closed;
    /** Whether the store may hold a claim of ours that we do not know of: its answer was lost. */
    private boolean claimUnknown;

    private int troubles;
    private @Nullable Long timer;
    private @Nullable Long nextDueAt;
    private @Nullable Promise<Void> pause;
    private @Nullable Promise<Void> idle;

    /** @param id unique among observers */
    WorkLoop(Vertx vertx, Bus bus, Observer observer, String id, Limits limits, ObserverFigures figures) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.bus = bus;
        this.observer = observer;
        this.id = id;
        this.limits = limits;
        this.figures = figures;
        observer.onReady(() -> context.runOnContext(ready -> wake()));
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
        step().onComplete(result -> {
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
        String message = Texts.oneLine(String.valueOf(cause.getMessage()), MAX_ERROR);
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
        } else if (nextDueAt != null) {
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

    private Future<Step> step() {
        Future<?> known = claimUnknown ? release(Bus.DEFAULT_TIMEOUT_MS) : Future.succeededFuture();
        return known.compose(released -> claim()).compose(claimed -> {
            nextDueAt = claimed.nextDueAt();
            TurnWork work = claimed.work();
            return work == null || stopping ? Future.succeededFuture(Step.EMPTY) : work(work);
        });
    }

    private Future<ClaimedTurn> claim() {
        if (stopping) {
            return Future.succeededFuture(new ClaimedTurn(null, null));
        }
        long readyAt = observer.readyAt();
        if (readyAt > System.currentTimeMillis()) {
            // What is not claimed waits in the database, for this observer or another.
            return Future.succeededFuture(new ClaimedTurn(null, readyAt));
        }
        claimUnknown = true;
        return bus.request(Addresses.STORE_CLAIM, new ClaimTurn(id, System.currentTimeMillis()))
                .onSuccess(claimed -> claimUnknown = false);
    }

    private Future<Count> release(long timeoutMs) {
        return bus.request(Addresses.STORE_RELEASE, new ReleaseTurns(id), timeoutMs)
                .onSuccess(count -> claimUnknown = false);
    }

    private Future<Step> work(TurnWork work) {
        return observe(work).transform(result -> {
            if (closed) {
                // Released meanwhile: whoever claims it next observes it anew.
                return Future.succeededFuture(Step.EMPTY);
            }
            return result.failed() ? fail(work, result.cause()) : complete(work, result.result(), 1);
        });
    }

    /** The observer's result on this loop's context, within its deadline. */
    private Future<Observed> observe(TurnWork work) {
        Promise<Observed> promise = Promise.promise();
        long deadline = vertx.setTimer(
                limits.observeMs(),
                fired -> promise.tryFail(new CairnException(
                        ErrorCode.TIMEOUT, "the observer took more than " + limits.observeMs() + " ms")));
        Future<Observed> result;
        try {
            result = observer.observe(work);
        } catch (RuntimeException e) {
            result = Future.failedFuture(e);
        }
        result.onComplete(done -> context.runOnContext(back -> {
            if (done.succeeded()) {
                promise.tryComplete(done.result());
            } else {
                promise.tryFail(done.cause());
            }
        }));
        return promise.future().onComplete(done -> vertx.cancelTimer(deadline));
    }

    private Future<Step> complete(TurnWork work, Observed observed, int attempt) {
        CompleteTurn result = new CompleteTurn(
                work.turnId(), id, observed.seen(), observed.observations(), observed.summary(), observed.more());
        return bus.request(Addresses.STORE_COMPLETE, result).transform(stored -> {
            if (stored.succeeded()) {
                figures.observed(observed.observations().size());
                CompletedTurn done = stored.result();
                LOG.debug(
                        "Turn {} is observed: observations {}, summary {}",
                        work.turnId(),
                        done.observationIds(),
                        done.summaryId());
                return Future.succeededFuture(Step.WORKED);
            }
            CairnException refusal = Bus.toCairn(Addresses.STORE_COMPLETE.name(), stored.cause());
            return switch (refusal.code()) {
                case CONFLICT -> lost(work, refusal);
                case UNAVAILABLE, TIMEOUT, STORAGE_FULL -> completeLater(work, observed, attempt, refusal);
                default -> closed ? Future.succeededFuture(Step.EMPTY) : fail(work, refusal);
            };
        });
    }

    /** The turn is not ours any more: stored already when an answer was lost, or claimed by another. */
    private Future<Step> lost(TurnWork work, CairnException refusal) {
        LOG.debug("Observer {} does not hold turn {} any more: {}", id, work.turnId(), refusal.getMessage());
        return Future.succeededFuture(Step.WORKED);
    }

    private Future<Step> completeLater(TurnWork work, Observed observed, int attempt, CairnException refusal) {
        if (stopping || attempt >= COMPLETE_TRIES) {
            claimUnknown = true;
            return Future.failedFuture(refusal);
        }
        return pause(Backoff.delayMs(attempt))
                .compose(waited -> closed ? Future.succeededFuture(Step.EMPTY) : complete(work, observed, attempt + 1));
    }

    private Future<Void> pause(long delayMs) {
        Promise<Void> promise = Promise.promise();
        pause = promise;
        long waiting = vertx.setTimer(delayMs, fired -> promise.tryComplete());
        return promise.future().onComplete(done -> vertx.cancelTimer(waiting));
    }

    private Future<Step> fail(TurnWork work, Throwable cause) {
        if (stopping) {
            // Broken off by the stop, or as good as that: the stop puts it back, at no cost to its attempts.
            return Future.succeededFuture(Step.EMPTY);
        }
        if (cause instanceof Postponed postponed) {
            return giveBack(work, postponed);
        }
        boolean forGood = work.attempt() >= limits.attempts();
        String error = Texts.oneLine(String.valueOf(cause.getMessage()), MAX_ERROR);
        Long retryAt = forGood ? null : System.currentTimeMillis() + Backoff.delayMs(work.attempt());
        figures.failed(error, forGood);
        // What a provider says of itself is told in words; a defect needs its trace.
        Throwable trace = cause instanceof CairnException ? null : cause;
        LOG.warn(
                "Turn {} was not observed, attempt {} of {}{}: {}",
                work.turnId(),
                work.attempt(),
                limits.attempts(),
                forGood ? ", and is parked" : "",
                error,
                trace);
        return fail(work, new FailTurn(work.turnId(), id, error, retryAt, true));
    }

    /** Not the turn's fault: its attempts are not used up, however long this goes on. */
    private Future<Step> giveBack(TurnWork work, Postponed why) {
        String error = Texts.oneLine(String.valueOf(why.getMessage()), MAX_ERROR);
        figures.postponed(error);
        LOG.debug("Turn {} waits: {}", work.turnId(), error);
        return fail(work, new FailTurn(work.turnId(), id, error, why.retryAt(), false));
    }

    private Future<Step> fail(TurnWork work, FailTurn failure) {
        return bus.request(Addresses.STORE_FAIL, failure).transform(told -> {
            if (told.succeeded()) {
                return Future.succeededFuture(Step.WORKED);
            }
            CairnException refusal = Bus.toCairn(Addresses.STORE_FAIL.name(), told.cause());
            if (refusal.code() == ErrorCode.CONFLICT || refusal.code() == ErrorCode.NOT_FOUND) {
                return lost(work, refusal);
            }
            claimUnknown = true;
            return Future.failedFuture(refusal);
        });
    }

    /** Stops claiming, waits for the turn in hand within its limit, and puts what is still claimed back. */
    Future<?> close() {
        stopping = true;
        cancelTimer();
        if (pause != null) {
            pause.tryComplete();
        }
        Promise<Void> done = Promise.promise();
        idle = done;
        if (!working) {
            done.complete();
        }
        long limit = vertx.setTimer(limits.lastTurnMs(), fired -> done.tryComplete());
        return done.future().compose(waited -> {
            vertx.cancelTimer(limit);
            closed = true;
            return release(limits.releaseMs());
        });
    }
}
