package dev.cairn.observer.claude;

import dev.cairn.config.ObserverConfig;
import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.Model;
import dev.cairn.observer.spi.ModelAnswer;
import dev.cairn.observer.spi.ModelException;
import dev.cairn.observer.spi.ModelRequest;
import dev.cairn.observer.spi.OwnSessions;
import dev.cairn.observer.spi.ProviderContext;
import dev.cairn.process.Child;
import dev.cairn.process.ChildOwner;
import dev.cairn.process.ChildSpec;
import dev.cairn.process.KeptChild;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Claude Code as one observer uses it: at most one child, which serves one conversation until that has grown too long. After any
 * failure another child takes its place.
 */
final class ClaudeModel implements Model {
    private static final String POOL = "cairn-agent-files";
    private static final int POOL_SIZE = 2;
    /** So many failed starts within a minute, and none is tried for a while. */
    private static final int MOST_FAILURES = 5;

    /** What a child is started for, and where. */
    private record Start(Talk talk, Seat seat) {}

    private final Vertx vertx;
    private final Context context;
    private final ObserverConfig.Claude config;
    private final ChildOwner owner;
    private final OwnSessions own;
    private final ClaudeCommand command;
    private final Seats seats;
    private final WorkerExecutor files;
    private final KeptChild<ClaudeSession> kept;
    private final Future<?> swept;
    private @Nullable ClaudeSession session;
    private @Nullable Start wanted;
    /** What the child is that was started last; it may be on its way when another is wanted already. */
    private @Nullable Start begun;

    private Future<?> ending = Future.succeededFuture();
    private boolean asking;
    private boolean closed;

    ClaudeModel(ProviderContext provider, ChildOwner owner) {
        this.vertx = provider.vertx();
        this.context = vertx.getOrCreateContext();
        this.config = provider.config().claude();
        this.owner = owner;
        own = OwnSessions.of(vertx);
        command = new ClaudeCommand(provider.config(), provider.environment());
        seats = new Seats(provider.directory(), config.command(), command.environment());
        files = vertx.createSharedWorkerExecutor(POOL, POOL_SIZE, 1, TimeUnit.MINUTES);
        kept = new KeptChild<>(
                owner, this::spec, child -> here(Future.succeededFuture(child)).map(this::connect), MOST_FAILURES);
        swept = blocking(() -> {
            seats.removeLeftovers();
            return null;
        });
    }

    @Override
    public String model() {
        return config.model();
    }

    @Override
    public Future<ModelAnswer> ask(ModelRequest request) {
        if (closed || asking) {
            return Future.failedFuture(new ModelException(
                    Fault.TRANSPORT, "Claude Code " + (closed ? "is no longer asked" : "is still being asked")));
        }
        asking = true;
        Promise<ModelAnswer> answer = Promise.promise();
        long timer = vertx.setTimer(
                request.timeoutMs(),
                fired -> answer.tryFail(new ModelException(
                        Fault.TRANSPORT, "Claude Code did not answer within " + request.timeoutMs() + " ms")));
        session(request)
                .compose(ready -> answer.future().isComplete() ? answer.future() : ready.ask(request))
                .onComplete(result -> {
                    if (result.succeeded()) {
                        answer.tryComplete(result.result());
                    } else {
                        answer.tryFail(fault(result.cause()));
                    }
                });
        return answer.future().onComplete(done -> {
            vertx.cancelTimer(timer);
            asking = false;
            boolean odd = done.failed() || done.result().end() != ModelAnswer.End.COMPLETE;
            if (odd || config.conversationTokens() == 0) {
                leave(odd ? "its answer was none" : "it has answered");
            }
        });
    }

    private static ModelException fault(Throwable failure) {
        return failure instanceof ModelException already
                ? already
                : new ModelException(
                        Fault.TRANSPORT,
                        "Claude Code could not be started: " + Words.line(String.valueOf(failure.getMessage()), 300),
                        null,
                        failure);
    }

    /** The child for this question: the one there is, or another. */
    private Future<ClaudeSession> session(ModelRequest request) {
        ClaudeSession present = session;
        if (present != null && present.takes(request, config.conversationTokens())) {
            return Future.succeededFuture(present);
        }
        leave("another conversation begins");
        return Future.join(ending, swept).transform(gone -> begin(request));
    }

    private Future<ClaudeSession> begin(ModelRequest request) {
        if (closed) {
            return noLongerAsked();
        }
        Talk talk = Talk.of(request);
        return blocking(() -> seats.prepare(talk.instructions())).compose(seat -> {
            if (closed) {
                return noLongerAsked();
            }
            wanted = new Start(talk, seat);
            own.add(talk.sessionId());
            return here(kept.get())
                    .onSuccess(opened -> session = opened)
                    .compose(opened -> opened.talk().sessionId().equals(talk.sessionId())
                            ? Future.succeededFuture(opened)
                            : Future.failedFuture(new ModelException(
                                    Fault.TRANSPORT, "Claude Code was still being started for an earlier question")))
                    // Where it never began nobody hears of its end.
                    .recover(failure -> clear(seat).transform(gone -> Future.failedFuture(failure)));
        });
    }

    private static Future<ClaudeSession> noLongerAsked() {
        return Future.failedFuture(new ModelException(Fault.TRANSPORT, "Claude Code is no longer asked"));
    }

    private ChildSpec spec() {
        Start next = wanted;
        if (next == null) {
            throw new IllegalStateException("nothing is to be started");
        }
        begun = next;
        return command.spec(next.talk(), next.seat());
    }

    private ClaudeSession connect(Child child) {
        Start mine = begun;
        if (mine == null) {
            throw new IllegalStateException("nothing was to be started");
        }
        here(child.gone()).onComplete(gone -> clear(mine.seat()));
        return new ClaudeSession(child, mine.talk(), own);
    }

    /** The next question has another child. One that ended by itself is left to whoever counts such ends. */
    private void leave(String why) {
        ClaudeSession present = session;
        session = null;
        if (present != null && !present.ended()) {
            ending = here(kept.recycle(why));
        }
    }

    private Future<Void> clear(Seat seat) {
        return blocking(() -> {
            seats.remove(seat);
            return null;
        });
    }

    /** One after the other, in the order of the calls: whoever removes directories last finds no other still at it. */
    private <T> Future<T> blocking(Callable<T> work) {
        return here(files.executeBlocking(work, true));
    }

    /** Children and files answer on threads of their own. */
    private <T> Future<T> here(Future<T> elsewhere) {
        Promise<T> promise = Promise.promise();
        elsewhere.onComplete(result -> context.runOnContext(any -> promise.handle(result)));
        return promise.future();
    }

    @Override
    public Future<?> close() {
        closed = true;
        kept.close();
        return here(owner.close())
                .transform(gone -> blocking(() -> {
                    seats.removeAll();
                    return null;
                }))
                .transform(gone -> files.close())
                .transform(gone -> Future.succeededFuture());
    }
}
