package dev.cairn.context;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ContextQuery;
import dev.cairn.bus.ContextText;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.PromptContext;
import dev.cairn.bus.PromptQuery;
import dev.cairn.bus.RecentQuery;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ContextConfig;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells new sessions what is known, from the store's newest memories ({@link Addresses#CONTEXT_BUILD}), and prompts what bears on
 * them ({@link Addresses#CONTEXT_PROMPT}).
 */
public final class ContextVerticle extends ChainVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(ContextVerticle.class);
    private static final long STOP_BUDGET_MS = 1_000;
    private static final int MIN_TOKENS = 100;
    private static final int MAX_TOKENS = 2_500;

    private final ContextConfig config;
    private final boolean answersPrompts;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();

    /** @param next the link this one deploys */
    public ContextVerticle(CairnConfig config, Next next) {
        super("context", STOP_BUDGET_MS, next);
        this.config = config.context();
        // Other indexes are asked over a wire: too slow, and what a prompt holds would leave the worker unfiltered.
        answersPrompts =
                config.context().prompt().enabled() && config.vector().mode().equals("embedded");
    }

    @Override
    protected Future<?> open() {
        Bus bus = new Bus(vertx);
        PromptMemories memories = new PromptMemories(bus, config.prompt(), System::nanoTime);
        consumers.add(bus.serve(Addresses.CONTEXT_BUILD, query -> build(bus, query)));
        consumers.add(bus.serve(Addresses.CONTEXT_PROMPT, query -> about(memories, query)));
        if (answersPrompts) {
            consumers.add(bus.listen(Addresses.EVENT_SESSION, memories::prepare));
        }
        if (config.prompt().enabled() && !answersPrompts) {
            LOG.warn("Prompts are answered with no memories: context.prompt.enabled needs vector.mode embedded");
        }
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList());
    }

    @Override
    protected Future<?> close() {
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList());
    }

    private Future<PromptContext> about(PromptMemories memories, PromptQuery query) {
        checkProject(query.project().strip());
        return answersPrompts && !query.prompt().isBlank()
                ? memories.about(query)
                : Future.succeededFuture(PromptContext.none(PromptContext.Outcome.UNAVAILABLE));
    }

    private Future<ContextText> build(Bus bus, ContextQuery query) {
        String project = query.project().strip();
        checkProject(project);
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

    private static void checkProject(String project) {
        if (project.isEmpty() || project.length() > NewMemory.MAX_PROJECT) {
            throw CairnException.invalid(
                    "project",
                    "project must be a project's directory or name, 1 to " + NewMemory.MAX_PROJECT + " characters");
        }
    }
}
