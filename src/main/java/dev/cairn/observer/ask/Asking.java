package dev.cairn.observer.ask;

import dev.cairn.bus.Bus;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ObserverConfig;
import dev.cairn.observer.Observer;
import dev.cairn.observer.spi.Model;
import dev.cairn.privacy.PrivacyFilter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The observers of one worker that ask a model, as those who deploy them see it. */
public final class Asking {
    private final ProviderState state;

    private Asking(ProviderState state) {
        this.state = state;
    }

    public static Asking of(Vertx vertx, ObserverConfig config) {
        return new Asking(ProviderState.of(vertx, config));
    }

    /**
     * An observer that asks this model.
     *
     * @param rules who observes when a budget is used up
     * @param workers where answers and documents are worked on
     */
    public Observer observer(
            Vertx vertx,
            CairnConfig config,
            Model model,
            Observer rules,
            WorkerExecutor workers,
            MeterRegistry registry) {
        ObserverConfig observer = config.observer();
        return new ModelObserver(
                model,
                rules,
                new Batches(config.privacy(), observer.batch().historyTokens()),
                new Results(new PrivacyFilter(config.privacy())),
                new Ledger(new Bus(vertx), registry, observer.provider(), observer.prices()),
                state,
                observer,
                workers);
    }

    /** What is wrong with the provider, for people; null for nothing. */
    public @Nullable String problem() {
        return state.problem();
    }

    /** What is wrong and what is used up, for health. */
    public Map<String, String> detail() {
        return state.detail(System.currentTimeMillis());
    }

    /** What a user is to be told now; null for nothing that was not told. */
    public @Nullable String notice() {
        return state.notice(System.currentTimeMillis());
    }
}
