package dev.cairn.observer;

import dev.cairn.bus.TurnWork;
import dev.cairn.observer.rules.TurnRules;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;

/**
 * Observes by rules: no model, no key, no network. The same turn always gives the same result.
 *
 * <p>The work is linear in the size of the turn and runs on the given worker threads, because a turn may carry hundreds of
 * megabytes of tool output.
 */
public final class RuleObserver implements Observer {
    private final WorkerExecutor workers;

    public RuleObserver(WorkerExecutor workers) {
        this.workers = workers;
    }

    @Override
    public Future<Observed> observe(TurnWork work) {
        return workers.executeBlocking(() -> TurnRules.observe(work), false)
                .map(made -> new Observed(made.observations(), made.summary(), work.fresh(), false));
    }
}
