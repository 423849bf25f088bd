package dev.cairn.worker;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Nothing;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes round every event loop and every part of the worker again and again, and says so each time all of them answered.
 *
 * <p>A timer's thread would go on saying that the worker lives while nothing of it does; here one loop or part that does not
 * answer keeps the round from its end. A part that is not there is not waited for, and one that answers that it is down
 * answers. Thread-safe.
 */
final class LoopWatch {
    private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);

    private final VertxInternal vertx;
    private final ContextInternal context;
    private final Bus bus;
    private final long intervalMs;
    private final Runnable allAnswered;
    private boolean silent;
    private volatile boolean ended;

    /**
     * @param intervalMs from the begin of one round to that of the next, and how long answers are waited for
     * @param allAnswered called on an event loop after each round that was answered; must not block
     */
    LoopWatch(Vertx vertx, long intervalMs, Runnable allAnswered) {
        this.vertx = (VertxInternal) vertx;
        this.context = this.vertx.createEventLoopContext();
        this.bus = new Bus(vertx);
        this.intervalMs = intervalMs;
        this.allAnswered = allAnswered;
    }

    /** Begins the first round. */
    void begin() {
        context.runOnContext(now -> round());
    }

    /** No round after this is told of. */
    void end() {
        ended = true;
    }

    private void round() {
        if (ended) {
            return;
        }
        long begin = System.nanoTime();
        Promise<Void> answered = context.promise();
        List<Future<?>> answers = new ArrayList<>(loops());
        Addresses.PARTS.forEach(part -> answers.add(answerOf(part)));
        Future.all(answers)
                .timeout(intervalMs, TimeUnit.MILLISECONDS)
                .<Void>mapEmpty()
                .onComplete(answered);
        answered.future().onComplete(round -> {
            if (ended) {
                return;
            }
            note(round.succeeded());
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            vertx.setTimer(Math.max(1, intervalMs - tookMs), timer -> round());
        });
    }

    private void note(boolean answered) {
        if (answered) {
            allAnswered.run();
        }
        if (silent == answered) {
            silent = !answered;
            if (silent) {
                LOG.warn("Not every event loop answered within {} ms; the service manager is told nothing", intervalMs);
            } else {
                LOG.info("Every event loop answers again");
            }
        }
    }

    private List<Future<?>> loops() {
        List<Future<?>> answers = new ArrayList<>();
        for (EventExecutor loop : vertx.nettyEventLoopGroup()) {
            Promise<Void> answer = context.promise();
            answers.add(answer.future());
            try {
                loop.execute(answer::complete);
            } catch (RejectedExecutionException e) {
                answer.fail(e);
            }
        }
        return answers;
    }

    private Future<?> answerOf(String part) {
        return bus.request(Addresses.health(part), Nothing.NOTHING, intervalMs)
                .<Void>mapEmpty()
                .recover(failure -> failure instanceof CairnException answer && answer.code() != ErrorCode.TIMEOUT
                        ? Future.succeededFuture()
                        : Future.failedFuture(failure));
    }
}
