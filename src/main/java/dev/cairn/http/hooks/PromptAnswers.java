package dev.cairn.http.hooks;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ContextText;
import dev.cairn.bus.PromptContext;
import dev.cairn.bus.PromptContext.Outcome;
import dev.cairn.bus.PromptQuery;
import dev.cairn.bus.SessionMemories;
import dev.cairn.config.ContextConfig;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.Project;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a prompt is answered with beyond the confirmation: the memories that bear on it, when they are known in time. */
final class PromptAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(PromptAnswers.class);

    /** What the host says in the user's place begins so. */
    private static final String FROM_HOST = "<task-notification>";

    private final Bus bus;
    private final ContextConfig.Prompt config;
    private final Map<Outcome, Counter> counters = new EnumMap<>(Outcome.class);

    PromptAnswers(Bus bus, MeterRegistry meters, ContextConfig.Prompt config) {
        this.bus = bus;
        this.config = config;
        for (Outcome outcome : Outcome.values()) {
            counters.put(
                    outcome,
                    Counter.builder("cairn.prompt.context")
                            .description("Prompts for which memories were looked for, by what came of it")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
    }

    /**
     * The memories that bear on a recorded prompt, as a text. Never later than the deadline after its arrival; never fails.
     *
     * @return empty when there is nothing to say
     */
    Future<String> about(AgentEvent prompt, Project project) {
        String text = prompt.prompt();
        // A sub-agent has its task from the agent, which was told.
        if (!config.enabled()
                || text == null
                || prompt.agentId() != null
                || text.isBlank()
                || text.stripLeading().startsWith(FROM_HOST)) {
            return Future.succeededFuture("");
        }
        long passed = Math.max(0, System.currentTimeMillis() - prompt.at());
        long left = config.deadlineMs() - passed;
        Future<PromptContext> answer = left < 1
                ? Future.succeededFuture(PromptContext.none(Outcome.LATE))
                : bus.request(
                                Addresses.CONTEXT_PROMPT,
                                new PromptQuery(project.key(), prompt.platform(), prompt.sessionId(), text, left),
                                left)
                        .otherwise(PromptAnswers::withoutAnswer);
        return answer.map(found -> {
            Objects.requireNonNull(counters.get(found.outcome())).increment();
            return found.text();
        });
    }

    private static PromptContext withoutAnswer(Throwable failure) {
        boolean late = failure instanceof CairnException refusal && refusal.code() == ErrorCode.TIMEOUT;
        LOG.debug("A prompt goes without memories: {}", failure.getMessage());
        return PromptContext.none(late ? Outcome.LATE : Outcome.UNAVAILABLE);
    }

    /** Notes what a session was told at its start, so that its prompts are not told again. Never fails. */
    Future<Void> told(AgentEvent start, ContextText context) {
        List<Long> ids = new ArrayList<>(context.summaryIds());
        ids.addAll(context.observationIds());
        if (!config.enabled() || ids.isEmpty()) {
            return Future.succeededFuture();
        }
        return bus.request(Addresses.STORE_TELL, new SessionMemories(start.platform(), start.sessionId(), ids))
                .<Void>mapEmpty()
                .otherwise(failure -> {
                    LOG.warn("What a session was told is not noted: {}", failure.getMessage());
                    return null;
                });
    }
}
