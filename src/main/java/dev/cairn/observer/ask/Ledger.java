package dev.cairn.observer.ask;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.TurnWork;
import dev.cairn.bus.UsageEntry;
import dev.cairn.config.Prices;
import dev.cairn.observer.spi.ModelUsage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Keeps account of every question: in the database, by a write of its own right after the answer, and in the figures. */
final class Ledger {
    private final Bus bus;
    private final MeterRegistry registry;
    private final String provider;
    private final Prices prices;

    Ledger(Bus bus, MeterRegistry registry, String provider, Prices prices) {
        this.bus = bus;
        this.registry = registry;
        this.provider = provider;
        this.prices = prices;
    }

    /**
     * @param model who was asked, or answered
     * @return completes when it is stored; fails when it could not be
     */
    Future<?> enter(TurnWork work, String model, Finding finding, ModelUsage usage, long tookMs, long now) {
        Long cost = cost(model, usage);
        count(model, finding, usage, cost, tookMs);
        return bus.request(
                Addresses.STORE_USAGE_ADD,
                new UsageEntry(
                        provider,
                        model,
                        work.project(),
                        work.platform(),
                        work.sessionId(),
                        word(finding),
                        usage.input(),
                        usage.output(),
                        usage.cacheRead(),
                        usage.cacheWrite(),
                        cost,
                        tookMs,
                        now));
    }

    /** What the provider says it cost, else what the prices say; null when neither is known. */
    private @Nullable Long cost(String model, ModelUsage usage) {
        if (usage.costMicros() != null) {
            return usage.costMicros();
        }
        Prices.Price price = prices.of(model);
        if (price == null) {
            return usage.total() == 0 ? 0L : null;
        }
        return price.cost(usage.input(), usage.output(), usage.cacheRead(), usage.cacheWrite());
    }

    private void count(String model, Finding finding, ModelUsage usage, @Nullable Long cost, long tookMs) {
        Timer.builder("cairn.observer.calls")
                .description("Questions to models and how long they took")
                .tags("provider", provider, "model", model, "finding", word(finding))
                .register(registry)
                .record(Duration.ofMillis(tookMs));
        tokens(model, "input", usage.input());
        tokens(model, "output", usage.output());
        tokens(model, "cache_read", usage.cacheRead());
        tokens(model, "cache_write", usage.cacheWrite());
        if (cost != null) {
            Counter.builder("cairn.observer.cost.dollars")
                    .description("What models cost, as far as prices are known")
                    .tags("provider", provider, "model", model)
                    .register(registry)
                    .increment(cost / 1_000_000.0);
        }
    }

    private void tokens(String model, String kind, long count) {
        Counter.builder("cairn.observer.tokens")
                .description("Tokens read and written by models")
                .tags("provider", provider, "model", model, "kind", kind)
                .register(registry)
                .increment((double) count);
    }

    private static String word(Finding finding) {
        return finding.name().toLowerCase(Locale.ROOT);
    }
}
