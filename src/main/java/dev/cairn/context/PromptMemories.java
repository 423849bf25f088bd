package dev.cairn.context;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.MemoryIds;
import dev.cairn.bus.Page;
import dev.cairn.bus.PromptContext;
import dev.cairn.bus.PromptContext.Outcome;
import dev.cairn.bus.PromptQuery;
import dev.cairn.bus.RankQuery;
import dev.cairn.bus.Ranked;
import dev.cairn.bus.SessionMemories;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.bus.What;
import dev.cairn.config.ContextConfig;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.Kind;
import dev.cairn.model.PlainText;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import dev.cairn.model.Session;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the few memories that bear on a prompt, and notes that its session is told of them.
 *
 * <p>All within the time the question gives: each step waits no longer than what is left of it, and nothing is noted once it is over.
 * While the vector index is not up there is no answer; the begin of a session opens it.
 */
final class PromptMemories {
    private static final Logger LOG = LoggerFactory.getLogger(PromptMemories.class);

    /** A prompt says what it is about in its first words, and the model reads no more; in UTF-16 units. */
    private static final int MAX_PROMPT = 2_000;

    private static final List<Kind> KINDS = List.of(Kind.OBSERVATION, Kind.SUMMARY);
    private static final int BY_MEANING = 50;
    private static final int BY_WORDS = 500;

    /** More than is shown: some are of this session, or it was told of them. */
    private static final int CANDIDATES = 20;

    private final Bus bus;
    private final ContextConfig.Prompt config;
    private final LongSupplier nanos;

    /** @param nanos a clock in nanoseconds */
    PromptMemories(Bus bus, ContextConfig.Prompt config, LongSupplier nanos) {
        this.bus = bus;
        this.config = config;
        this.nanos = nanos;
    }

    /** The way of one question. */
    private final class Way {
        private final PromptQuery query;
        private final long deadline;

        private Way(PromptQuery query) {
            this.query = query;
            deadline = nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(query.withinMs());
        }

        /** What is left, in milliseconds; fails when nothing is. */
        private long left() {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - nanos.getAsLong());
            if (left < 1) {
                throw new CairnException(ErrorCode.TIMEOUT, "it took more than " + query.withinMs() + " ms");
            }
            return left;
        }

        private Future<PromptContext> go() {
            String text =
                    query.prompt().length() > MAX_PROMPT ? PlainText.line(query.prompt(), MAX_PROMPT) : query.prompt();
            Future<VectorHits> meaning = bus.request(
                    Addresses.VECTOR_QUERY,
                    new VectorQuery(text, query.project(), KINDS, List.of(), null, null, BY_MEANING),
                    left());
            Future<Ranked> words = bus.request(Addresses.STORE_RANK, new RankQuery(inProject(text), BY_WORDS), left());
            return Future.all(meaning, words).compose(found -> {
                Double within = within(meaning.result());
                if (within == null) {
                    return none(Outcome.UNAVAILABLE);
                }
                List<Long> bearing = Bearing.of(meaning.result(), words.result(), within);
                return bearing.isEmpty()
                        ? none(Outcome.BELOW)
                        : choose(bearing.subList(0, Math.min(CANDIDATES, bearing.size())));
            });
        }

        private SearchQuery inProject(String text) {
            return new SearchQuery(
                    text,
                    KINDS,
                    List.of(),
                    List.of(),
                    null,
                    query.project(),
                    null,
                    null,
                    null,
                    null,
                    1,
                    0,
                    SearchOrder.RELEVANCE,
                    false);
        }

        private Future<PromptContext> choose(List<Long> bearing) {
            Future<MemoryIds> untold = bus.request(Addresses.STORE_UNTOLD, ofSession(bearing), left());
            Future<Page> rows = bus.request(Addresses.STORE_FETCH, new Fetch(What.MEMORIES, bearing), left());
            return Future.all(untold, rows).compose(found -> {
                PromptText text = text(untold.result().ids(), rows.result());
                return text.ids().isEmpty() ? none(Outcome.TOLD) : tell(text, rows.result());
            });
        }

        /** Another prompt of the session may have been told of some in between. */
        private Future<PromptContext> tell(PromptText text, Page rows) {
            return bus.request(Addresses.STORE_TELL, ofSession(text.ids()), left())
                    .map(told -> {
                        PromptText last = told.ids().equals(text.ids()) ? text : text(told.ids(), rows);
                        return last.ids().isEmpty()
                                ? PromptContext.none(Outcome.TOLD)
                                : new PromptContext(
                                        Outcome.INJECTED, last.text(), PlainText.tokens(last.text()), last.ids());
                    });
        }

        private PromptText text(List<Long> ids, Page rows) {
            return PromptText.of(ids, rows, config.memories(), config.maxTokens());
        }

        private SessionMemories ofSession(List<Long> ids) {
            return new SessionMemories(query.platform(), query.sessionId(), ids);
        }
    }

    /** A session that begins will have prompts: the model is loaded by then. */
    void prepare(Session session) {
        if (session.endedAt() == null) {
            VectorQuery any =
                    new VectorQuery(session.project().name(), session.project().key(), KINDS, List.of(), null, null, 1);
            bus.request(Addresses.VECTOR_QUERY, any)
                    .onFailure(failure -> LOG.debug("The vector index is woken: {}", failure.getMessage()));
        }
    }

    /** Never fails: who asks goes on without. */
    Future<PromptContext> about(PromptQuery query) {
        if (query.withinMs() < 1) {
            return none(Outcome.LATE);
        }
        long begin = nanos.getAsLong();
        return Future.<Void>succeededFuture()
                .compose(any -> new Way(query).go())
                .otherwise(PromptMemories::withoutAnswer)
                .onSuccess(found -> LOG.debug(
                        "Prompt in {}: {} {} after {} ms",
                        query.sessionId(),
                        found.outcome(),
                        found.ids(),
                        TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - begin)));
    }

    private static PromptContext withoutAnswer(Throwable failure) {
        boolean late = failure instanceof CairnException refusal && refusal.code() == ErrorCode.TIMEOUT;
        LOG.debug("A prompt goes without memories: {}", failure.getMessage());
        return PromptContext.none(late ? Outcome.LATE : Outcome.UNAVAILABLE);
    }

    /** The greatest distance; null when nobody knows one. */
    private @Nullable Double within(VectorHits meaning) {
        return config.minCosine() > 0 ? Double.valueOf(2 - 2 * config.minCosine()) : meaning.bearing();
    }

    private static Future<PromptContext> none(Outcome outcome) {
        return Future.succeededFuture(PromptContext.none(outcome));
    }
}
