package dev.cairn.observer;

import dev.cairn.bus.TurnWork;
import io.vertx.core.Future;

/**
 * Makes memories of a turn: the seam where providers join.
 *
 * <p>An observer is asked for one turn at a time by each {@link ObserverVerticle}, on that verticle's event loop, which it
 * must not block.
 */
public interface Observer {
    /**
     * Observes a turn, or the next part of it.
     *
     * @return observations of fresh tool uses and, with the last of them, a summary of the whole turn. {@link Postponed} puts the
     *     turn back at no cost to its attempts, any other failure leads to another try after a back-off
     */
    Future<Observed> observe(TurnWork work);

    /** When turns may be claimed for this observer, epoch milliseconds; not in the future for now. */
    default long readyAt() {
        return 0;
    }

    /** Has somebody told when {@link #readyAt} becomes sooner, on any thread. */
    default void onReady(Runnable listener) {}

    /** Ends what is under way; never fails. */
    default Future<?> close() {
        return Future.succeededFuture();
    }
}
