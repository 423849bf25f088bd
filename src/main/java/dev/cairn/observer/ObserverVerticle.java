package dev.cairn.observer;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.ObserverNotice;
import dev.cairn.bus.PartStatus;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.CairnConfig;
import dev.cairn.observer.ask.Asking;
import dev.cairn.observer.ask.ModelObserver;
import dev.cairn.observer.claude.ClaudeProvider;
import dev.cairn.observer.http.AnthropicProvider;
import dev.cairn.observer.http.GeminiProvider;
import dev.cairn.observer.http.OpenAiProvider;
import dev.cairn.observer.spi.Model;
import dev.cairn.observer.spi.ModelProvider;
import dev.cairn.observer.spi.ProviderContext;
import dev.cairn.process.ChildProcesses;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
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
    private final ChildProcesses children;
    private final MeterRegistry registry;
    private WorkLoop.Limits limits;
    private final @Nullable Function<Vertx, Observer> provider;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private @Nullable WorkerExecutor workers;
    private @Nullable WorkLoop loop;
    private @Nullable Observer observer;
    private @Nullable Asking asking;
    private @Nullable ObserverFigures figures;

    /**
     * @param children the worker's children, for a provider that is a program
     * @param registry where figures are counted
     */
    public ObserverVerticle(CairnConfig config, ChildProcesses children, MeterRegistry registry) {
        this(config, children, registry, null, LIMITS);
    }

    /**
     * @param provider makes the observer; null for the configured one
     * @param limits all but the attempts, which the configuration gives
     */
    ObserverVerticle(
            CairnConfig config,
            ChildProcesses children,
            MeterRegistry registry,
            @Nullable Function<Vertx, Observer> provider,
            WorkLoop.Limits limits) {
        super("observer", STOP_BUDGET_MS, null);
        this.config = config;
        this.children = children;
        this.registry = registry;
        this.provider = provider;
        this.limits = new WorkLoop.Limits(
                config.observer().attempts(), limits.observeMs(), limits.lastTurnMs(), limits.releaseMs());
    }

    @Override
    protected Future<?> open() {
        Bus bus = new Bus(vertx);
        ObserverFigures shared = ObserverFigures.of(vertx);
        Observer made = observer();
        WorkLoop work = new WorkLoop(vertx, bus, made, "observer-" + UUID.randomUUID(), limits, shared);
        shared.joined();
        figures = shared;
        observer = made;
        loop = work;
        consumers.add(bus.listen(Addresses.OBSERVER_WORK, nudge -> work.wake()));
        consumers.add(
                bus.serve(Addresses.health("observer"), (Nothing asked) -> Future.succeededFuture(status(shared))));
        consumers.add(bus.serve(
                Addresses.OBSERVER_NOTICE,
                (Nothing asked) ->
                        Future.succeededFuture(new ObserverNotice(asking == null ? null : asking.notice()))));
        List<Future<?>> registered = new ArrayList<>();
        consumers.forEach(consumer -> registered.add(consumer.completion()));
        return Future.all(registered);
    }

    private PartStatus status(ObserverFigures shared) {
        PartStatus status = shared.status(config.observer().provider());
        if (asking == null) {
            return status;
        }
        Map<String, String> detail = new TreeMap<>(status.detail());
        detail.putAll(asking.detail());
        boolean troubled = asking.problem() != null;
        return new PartStatus(!troubled, troubled ? "degraded" : status.state(), detail);
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
        ModelProvider models = new Providers(own()).find(config.observer());
        if (models != null) {
            limits = limits.observingFor(ModelObserver.longestMs(config.observer()));
        }
        WorkerExecutor pool = vertx.createSharedWorkerExecutor(
                POOL, Math.max(1, config.observer().max()), limits.observeMs(), TimeUnit.MILLISECONDS);
        workers = pool;
        Observer rules = new RuleObserver(pool);
        if (models == null) {
            return rules;
        }
        Asking shared = Asking.of(vertx, config.observer());
        asking = shared;
        Model model = models.open(new ProviderContext(
                vertx, config.observer(), System.getenv(), config.dataDir().resolve("agents")));
        return shared.observer(vertx, config, model, rules, pool, registry);
    }

    private Map<String, Supplier<ModelProvider>> own() {
        return Map.of(
                "claude", () -> new ClaudeProvider(children),
                "anthropic", AnthropicProvider::new,
                "openai", OpenAiProvider::new,
                "gemini", GeminiProvider::new);
    }

    @Override
    protected Future<?> close() {
        consumers.forEach(MessageConsumer::unregister);
        if (figures != null) {
            figures.left();
        }
        List<Future<?>> ended = new ArrayList<>();
        if (loop != null) {
            ended.add(loop.close());
        }
        if (observer != null) {
            // A question under way is broken off: its turn goes back, and is asked about again.
            ended.add(observer.close());
        }
        return Future.join(ended).eventually(() -> workers == null ? Future.succeededFuture() : workers.close());
    }
}
