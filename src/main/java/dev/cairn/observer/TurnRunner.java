package dev.cairn.observer;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ClaimedTurn;
import dev.cairn.bus.CompletedTurn;
import dev.cairn.bus.TurnWork;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.observer.rules.Texts;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one turn from its claim through its observation to its end in the store, whatever that is: its result is stored, it goes back
 * with a back-off, or it is parked after the last attempt. One turn at a time, on one event loop.
 */
final class TurnRunner {
    private static final Logger LOG = LoggerFactory.getLogger(TurnRunner.class);
    private static final int COMPLETE_TRIES = 3;
    private static final int MAX_ERROR = 500;

    /** What became of a run; one that fails counts as {@link #TROUBLED}. */
    enum Step {
        /** There was a turn, and there may be another. */
        WORKED,
        /** No turn is ready, or this is about to stop. */
        EMPTY,
        /** The store did not answer. */
        TROUBLED
    }

    private final Vertx vertx;
    private final TurnClaims claims;
    private final Observer observer;
    private final WorkLoop.Limits limits;
    private final ObserverFigures figures;

    private boolean stopping;
    private boolean closed;
    private @Nullable Long nextDueAt;
    private @Nullable Promise<Void> pause;

    TurnRunner(Vertx vertx, TurnClaims claims, Observer observer, WorkLoop.Limits limits, ObserverFigures figures) {
        this.vertx = vertx;
        this.claims = claims;
        this.observer = observer;
        this.limits = limits;
        this.figures = figures;
    }

    /** What a failure says, in one line of bounded length. */
    static String words(Throwable failure) {
        return Texts.oneLine(String.valueOf(failure.getMessage()), MAX_ERROR);
    }

    /** When none was ready: when the next one is, epoch milliseconds; null for never, or not known. */
    @Nullable
    Long nextDueAt() {
        return nextDueAt;
    }

    /** Runs the next turn, if one is ready; fails when the store does not answer. */
    Future<Step> run() {
        return claims.settle().compose(settled -> claim()).compose(claimed -> {
            nextDueAt = claimed.nextDueAt();
            TurnWork work = claimed.work();
            return work == null || stopping ? Future.succeededFuture(Step.EMPTY) : work(work);
        });
    }

    /** Claims nothing any more, and tries nothing again; the turn in hand goes on. */
    void stop() {
        stopping = true;
        if (pause != null) {
            pause.tryComplete();
        }
    }

    /** Puts what is still claimed back, within its limit; what is in hand is of no account then. */
    Future<?> close() {
        closed = true;
        return claims.release(limits.releaseMs());
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
        return claims.claim();
    }

    private Future<Step> work(TurnWork work) {
        return observer.observe(work).transform(result -> {
            if (closed) {
                // Released meanwhile: whoever claims it next observes it anew.
                return Future.succeededFuture(Step.EMPTY);
            }
            return result.failed() ? fail(work, result.cause()) : complete(work, result.result(), 1);
        });
    }

    private Future<Step> complete(TurnWork work, Observed observed, int attempt) {
        return claims.complete(work, observed).transform(stored -> {
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
        LOG.debug("Observer {} does not hold turn {} any more: {}", claims.id(), work.turnId(), refusal.getMessage());
        return Future.succeededFuture(Step.WORKED);
    }

    private Future<Step> completeLater(TurnWork work, Observed observed, int attempt, CairnException refusal) {
        if (stopping || attempt >= COMPLETE_TRIES) {
            claims.doubt();
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
        String error = words(cause);
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
        return handBack(work, error, retryAt, true);
    }

    /** Not the turn's fault: its attempts are not used up, however long this goes on. */
    private Future<Step> giveBack(TurnWork work, Postponed why) {
        String error = words(why);
        figures.postponed(error);
        LOG.debug("Turn {} waits: {}", work.turnId(), error);
        return handBack(work, error, why.retryAt(), false);
    }

    private Future<Step> handBack(TurnWork work, String error, @Nullable Long retryAt, boolean counts) {
        return claims.fail(work, error, retryAt, counts).transform(told -> {
            if (told.succeeded()) {
                return Future.succeededFuture(Step.WORKED);
            }
            CairnException refusal = Bus.toCairn(Addresses.STORE_FAIL.name(), told.cause());
            if (refusal.code() == ErrorCode.CONFLICT || refusal.code() == ErrorCode.NOT_FOUND) {
                return lost(work, refusal);
            }
            claims.doubt();
            return Future.failedFuture(refusal);
        });
    }
}
