package dev.cairn.observer;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Nothing;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.CairnConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The last link: observes turns. Deployed in as many instances as {@code observer.max} says; each works on one turn at a
 * time and claims it from the store, so a nudge may reach any of them.
 */
public final class ObserverVerticle extends ChainVerticle {
    private static final long STOP_BUDGET_MS = 1_500;
    private static final WorkLoop.Limits LIMITS = new WorkLoop.Limits(0, 30_000, 800, 500);
    private static final String POOL = "cairn-observer";

    private final CairnConfig config;
    private final WorkLoop.Limits limits;
    private final @Nullable Function<Vertx, Observer> provider;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private @Nullable WorkerExecutor workers;
    private @Nullable WorkLoop loop;
    private @Nullable ObserverFigures figures;

    public ObserverVerticle(CairnConfig config) {
        this(config, null, LIMITS);
    }

    /**
     * @param provider makes the observer; null for the configured one
     * @param limits all but the attempts, which the configuration gives
     */
    ObserverVerticle(CairnConfig config, @Nullable Function<Vertx, Observer> provider, WorkLoop.Limits limits) {
        super("observer", STOP_BUDGET_MS, null);
        this.config = config;
        this.provider = provider;
        this.limits = new WorkLoop.Limits(
                config.observer().attempts(), limits.observeMs(), limits.lastTurnMs(), limits.releaseMs());
    }

    @Override
    protected Future<?> open() {
        Bus bus = new Bus(vertx);
        ObserverFigures shared = ObserverFigures.of(vertx);
        WorkLoop work = new WorkLoop(vertx, bus, observer(), "observer-" + UUID.randomUUID(), limits, shared);
        shared.joined();
        figures = shared;
        loop = work;
        consumers.add(bus.listen(Addresses.OBSERVER_WORK, nudge -> work.wake()));
        consumers.add(bus.serve(
                Addresses.health("observer"),
                (Nothing asked) ->
                        Future.succeededFuture(shared.status(config.observer().provider()))));
        List<Future<?>> registered = new ArrayList<>();
        consumers.forEach(consumer -> registered.add(consumer.completion()));
        return Future.all(registered);
    }

    @Override
    protected Future<?> openDoor() {
        if (loop != null) {
            // What an earlier run left: nobody nudges for it.
            loop.wake();
        }
        return Future.succeededFuture();
    }

    private Observer observer() {
        if (provider != null) {
            return provider.apply(vertx);
        }
        WorkerExecutor pool = vertx.createSharedWorkerExecutor(
                POOL, Math.max(1, config.observer().max()), limits.observeMs(), TimeUnit.MILLISECONDS);
        workers = pool;
        return new RuleObserver(pool);
    }

    @Override
    protected Future<?> close() {
        consumers.forEach(MessageConsumer::unregister);
        if (figures != null) {
            figures.left();
        }
        Future<?> ended = loop == null ? Future.succeededFuture() : loop.close();
        return ended.eventually(() -> workers == null ? Future.succeededFuture() : workers.close());
    }
}
