package dev.cairn.observer;

import dev.cairn.bus.TurnWork;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/**
 * An observer whose results come within a deadline, and on the event loop this was made on, whatever thread they are ready on. For
 * that event loop.
 */
final class TimedObserver implements Observer {
    private final Vertx vertx;
    private final Context context;
    private final Observer observer;
    private final long deadlineMs;

    TimedObserver(Vertx vertx, Observer observer, long deadlineMs) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.observer = observer;
        this.deadlineMs = deadlineMs;
    }

    /** Fails with TIMEOUT past the deadline, and with what the observer throws. */
    @Override
    public Future<Observed> observe(TurnWork work) {
        Promise<Observed> promise = Promise.promise();
        long deadline = vertx.setTimer(
                deadlineMs,
                fired -> promise.tryFail(
                        new CairnException(ErrorCode.TIMEOUT, "the observer took more than " + deadlineMs + " ms")));
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

    @Override
    public long readyAt() {
        return observer.readyAt();
    }

    @Override
    public void onReady(Runnable listener) {
        observer.onReady(() -> context.runOnContext(ready -> listener.run()));
    }

    @Override
    public Future<?> close() {
        return observer.close();
    }
}
