package dev.cairn.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/**
 * Runs a step again and again. Composed, each step's future would be held by the one before it, and the end of some thousand
 * steps would run through all of them on one stack.
 */
final class Repeat {
    private Repeat() {}

    /**
     * Runs the step until it answers false. The step must complete later than it returns, or seldom answer true.
     *
     * @return fails with the first failure, after which no step is run
     */
    static Future<Void> whileTrue(Supplier<Future<Boolean>> step) {
        Promise<Void> end = Promise.promise();
        next(step, end);
        return end.future();
    }

    private static void next(Supplier<Future<Boolean>> step, Promise<Void> end) {
        Future<Boolean> done;
        try {
            done = step.get();
        } catch (RuntimeException e) {
            end.fail(e);
            return;
        }
        done.onSuccess(more -> {
                    if (more) {
                        next(step, end);
                    } else {
                        end.complete();
                    }
                })
                .onFailure(end::fail);
    }
}
