package dev.cairn.observer.ask;

import dev.cairn.bus.TurnWork;
import dev.cairn.config.ObserverConfig;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.observer.Observed;
import dev.cairn.observer.Observer;
import dev.cairn.observer.Postponed;
import dev.cairn.observer.rules.TurnFacts;
import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.Model;
import dev.cairn.observer.spi.ModelAnswer;
import dev.cairn.observer.spi.ModelException;
import dev.cairn.observer.spi.ModelRequest;
import dev.cairn.observer.spi.ModelUsage;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Observes by asking a model: a turn batch by batch, each stored before the next is asked. What becomes of each answer stands in
 * {@link Outcomes}. When a budget is used up, rules observe instead.
 *
 * <p>All methods run on one event loop.
 */
public final class ModelObserver implements Observer {
    private static final Logger LOG = LoggerFactory.getLogger(ModelObserver.class);
    /** Twenty tool uses halved until one is left, and its texts until they are shortest, are fewer questions. */
    private static final int MOST_QUESTIONS = 12;

    /** How long a model is waited for beyond its time-out, which it must keep itself, in milliseconds. */
    private static final long LATE_MS = 2_000;

    private static final long STORE_AWAY_MS = 1_000;

    private final Model model;
    private final Observer rules;
    private final Batches batches;
    private final Results results;
    private final Ledger ledger;
    private final ProviderState state;
    private final ObserverConfig config;
    private final WorkerExecutor workers;
    private @Nullable Runnable onReady;

    ModelObserver(
            Model model,
            Observer rules,
            Batches batches,
            Results results,
            Ledger ledger,
            ProviderState state,
            ObserverConfig config,
            WorkerExecutor workers) {
        this.model = model;
        this.rules = rules;
        this.batches = batches;
        this.results = results;
        this.ledger = ledger;
        this.state = state;
        this.config = config;
        this.workers = workers;
    }

    /** How long one {@link #observe} may take at most, in milliseconds. */
    public static long longestMs(ObserverConfig config) {
        return (config.timeoutMs() + LATE_MS) * 3;
    }

    /** A question and what it is asked for. */
    private record Job(
            TurnWork work,
            TurnFacts facts,
            Batch batch,
            Size size,
            @Nullable Reading before,
            int asked,
            long until) {}

    @Override
    public long readyAt() {
        long now = System.currentTimeMillis();
        long ready = state.gate.readyAt(now);
        return ready <= now ? 0 : ready;
    }

    @Override
    public void onReady(Runnable listener) {
        onReady = listener;
        state.gate.onChange(listener);
    }

    @Override
    public Future<Observed> observe(TurnWork work) {
        Size size = Size.of(config.batch(), work.waiting());
        long until = System.currentTimeMillis() + longestMs(config) - LATE_MS;
        return workers.executeBlocking(
                        () -> {
                            TurnFacts facts = TurnFacts.of(work);
                            return new Job(work, facts, batches.next(work, facts, size), size, null, 0, until);
                        },
                        false)
                .compose(job -> job.batch().worthAsking() ? ask(job) : without(job));
    }

    private Future<Observed> without(Job job) {
        return workers.executeBlocking(() -> results.ofNothing(job.work(), job.facts(), job.batch(), Map.of()), false);
    }

    private Future<Observed> ask(Job job) {
        long now = System.currentTimeMillis();
        if (job.asked() >= MOST_QUESTIONS || now >= job.until()) {
            return failed("no answer of use after " + job.asked() + " questions");
        }
        if (!state.gate.enter(now)) {
            return Future.failedFuture(new Postponed("the provider is not asked for now: " + state.problem(), now));
        }
        ModelRequest request = request(job);
        long tokens = request.outputTokens();
        tokens += Tokens.estimate(request.instructions());
        tokens += Tokens.estimate(request.message());
        long wanted = tokens;
        return state.purse.reserve(job.work(), wanted, now).transform(reserved -> {
            if (reserved.failed()) {
                state.gate.left();
                return Future.failedFuture(new Postponed(
                        "what was spent is not known: " + reserved.cause().getMessage(), now + STORE_AWAY_MS));
            }
            Purse.Reserve reserve = reserved.result();
            if (reserve.refusal() != null) {
                state.gate.left();
                LOG.debug("Turn {} is observed by rules: {}", job.work().turnId(), reserve.refusal());
                return rules.observe(job.work());
            }
            // However it ends, the gate must not wait for it for ever.
            return ask(job, request, now)
                    .onFailure(failure -> state.gate.left())
                    .onComplete(done -> state.purse.release(reserve));
        });
    }

    private ModelRequest request(Job job) {
        String document = job.batch().document();
        Reading before = job.before();
        if (before != null) {
            String problem = before.problem() == null ? "it is not of the form asked for" : before.problem();
            document = Prompts.repair(problem) + "\n\n" + document;
        }
        long left = job.until() - System.currentTimeMillis();
        return new ModelRequest(
                job.work().platform() + "/" + job.work().sessionId(),
                Prompts.INSTRUCTIONS,
                job.batch().opening(),
                document,
                Prompts.SCHEMA,
                config.batch().outputTokens(),
                Math.max(1, Math.min(config.timeoutMs(), left)));
    }

    private Future<Observed> ask(Job job, ModelRequest request, long startedAt) {
        Future<ModelAnswer> answer;
        try {
            answer = model.ask(request);
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        return answer.timeout(request.timeoutMs() + LATE_MS, TimeUnit.MILLISECONDS)
                .transform(done -> done.succeeded()
                        ? read(job, done.result(), startedAt)
                        : unanswered(job, fault(done.cause()), startedAt));
    }

    private static ModelException fault(Throwable cause) {
        if (cause instanceof ModelException known) {
            return known;
        }
        if (cause instanceof TimeoutException) {
            return new ModelException(Fault.TRANSPORT, "The model did not answer in time.", null, cause);
        }
        LOG.error("A provider failed in a way it must not", cause);
        return new ModelException(Fault.PROTOCOL, "The provider failed: " + cause, null, cause);
    }

    private Future<Observed> read(Job job, ModelAnswer answer, long startedAt) {
        return workers.executeBlocking(
                        () -> AnswerReader.read(answer, job.batch().document()), false)
                .compose(reading -> entered(job, answer.model(), reading.finding(), answer.usage(), startedAt)
                        .compose(stored -> decide(job, reading)));
    }

    private Future<?> entered(Job job, String who, Finding finding, ModelUsage usage, long startedAt) {
        long now = System.currentTimeMillis();
        // An account that is short of a line is better than a memory that is lost.
        return ledger.enter(job.work(), who, finding, usage, now - startedAt, now)
                .otherwise(failure -> {
                    LOG.warn("What a question used was not kept: {}", failure.getMessage());
                    return null;
                });
    }

    private Future<Observed> unanswered(Job job, ModelException fault, long startedAt) {
        Finding finding = Finding.of(fault.fault());
        Reading reading = Reading.of(finding, String.valueOf(fault.getMessage()));
        return entered(job, model.model(), finding, ModelUsage.NONE, startedAt)
                .compose(stored -> decide(job, reading, fault.retryAfterMs()));
    }

    private Future<Observed> decide(Job job, Reading reading) {
        return decide(job, reading, null);
    }

    private Future<Observed> decide(Job job, Reading reading, @Nullable Long retryAfterMs) {
        Batch batch = job.batch();
        boolean divisible =
                job.size().isDivisible(batch.told().size(), batch.document().length());
        Outcome outcome = Outcomes.of(reading.finding(), job.before() != null, divisible);
        if (outcome == Outcome.RETRY_LATER) {
            return later(reading, retryAfterMs);
        }
        state.gate.answered();
        LOG.debug("Turn {}: {}, so {}", job.work().turnId(), reading.finding(), outcome);
        return switch (outcome) {
            case STORE -> make(() -> results.of(job.work(), job.facts(), batch, reading));
            case SKIP -> make(() -> results.ofNothing(job.work(), job.facts(), batch, reading.summary()));
            case SALVAGE -> salvage(job, reading);
            case SHRINK -> smaller(job);
            case REPAIR ->
                ask(new Job(job.work(), job.facts(), batch, job.size(), reading, job.asked() + 1, job.until()));
            default -> failed(reading.finding() + ": " + reading.problem());
        };
    }

    private Future<Observed> make(Callable<Observed> work) {
        return workers.executeBlocking(work, false);
    }

    private Future<Observed> salvage(Job job, Reading reading) {
        if (!reading.observations().isEmpty()) {
            return make(() -> results.of(job.work(), job.facts(), job.batch(), reading));
        }
        if (reading.prose().isEmpty()) {
            return failed(reading.finding() + ": " + reading.problem());
        }
        return make(() -> results.ofProse(job.work(), job.facts(), job.batch(), reading.prose()));
    }

    private Future<Observed> smaller(Job job) {
        Size size = job.size().half(job.batch().told().size());
        return workers.executeBlocking(() -> batches.next(job.work(), job.facts(), size), false)
                .compose(batch ->
                        ask(new Job(job.work(), job.facts(), batch, size, null, job.asked() + 1, job.until())));
    }

    private Future<Observed> later(Reading reading, @Nullable Long retryAfterMs) {
        String message = String.valueOf(reading.problem());
        boolean blamed = Outcomes.mayBlame(reading.finding()) && state.gate.isOpen();
        long now = System.currentTimeMillis();
        boolean wasOpen = state.gate.isOpen();
        Gate.Shut shut = state.gate.failed(reading.finding(), message, retryAfterMs, now);
        if (wasOpen) {
            LOG.warn("The observers' provider is left alone until {}: {}", Instant.ofEpochMilli(shut.until()), message);
        }
        return blamed ? failed(message) : Future.failedFuture(new Postponed(message, shut.until()));
    }

    private static <T> Future<T> failed(String message) {
        return Future.failedFuture(new CairnException(ErrorCode.UNAVAILABLE, message));
    }

    @Override
    public Future<?> close() {
        if (onReady != null) {
            state.gate.forget(onReady);
        }
        return model.close();
    }
}
