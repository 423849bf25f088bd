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
     * Observes one turn.
     *
     * @return observations of the turn's fresh tool uses and a summary of the whole turn; a failure leads to another try
     *     after a back-off
     */
    Future<Observed> observe(TurnWork work);
}
