package dev.cairn.context;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ContextQuery;
import dev.cairn.bus.ContextText;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.RecentQuery;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ContextConfig;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells new sessions what is known: serves {@link Addresses#CONTEXT_BUILD} from the store's newest memories. */
public final class ContextVerticle extends ChainVerticle {
    private static final long STOP_BUDGET_MS = 1_000;
    private static final int MIN_TOKENS = 100;
    private static final int MAX_TOKENS = 2_500;

    private final ContextConfig config;
    private @Nullable MessageConsumer<?> consumer;

    /** @param next the link this one deploys */
    public ContextVerticle(CairnConfig config, Next next) {
        super("context", STOP_BUDGET_MS, next);
        this.config = config.context();
    }

    @Override
    protected Future<?> open() {
        Bus bus = new Bus(vertx);
        MessageConsumer<?> serving = bus.serve(Addresses.CONTEXT_BUILD, query -> build(bus, query));
        consumer = serving;
        return serving.completion();
    }

    @Override
    protected Future<?> close() {
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    private Future<ContextText> build(Bus bus, ContextQuery query) {
        String project = query.project().strip();
        if (project.isEmpty() || project.length() > NewMemory.MAX_PROJECT) {
            throw CairnException.invalid(
                    "project",
                    "project must be a project's directory or name, 1 to " + NewMemory.MAX_PROJECT + " characters");
        }
        int maxTokens = query.maxTokens() == null ? config.maxTokens() : query.maxTokens();
        if (maxTokens < MIN_TOKENS || maxTokens > MAX_TOKENS) {
            throw CairnException.invalid(
                    "maxTokens", "maxTokens must be " + MIN_TOKENS + " to " + MAX_TOKENS + ", not " + maxTokens);
        }
        if (!config.enabled() || (config.summaries() == 0 && config.observations() == 0)) {
            return Future.succeededFuture(new ContextText(project, "", 0, List.of(), List.of()));
        }
        return bus.request(Addresses.STORE_RECENT, new RecentQuery(project, config.summaries(), config.observations()))
                .map(recent -> ContextBuilder.build(project, recent, maxTokens));
    }
}
