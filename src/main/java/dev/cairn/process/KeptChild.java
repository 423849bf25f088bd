package dev.cairn.process;

import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one child at hand: starts it when it is first wanted, shares it among all callers, starts another when it ended.
 *
 * <p>A start that fails, or a child that ends within {@link #STABLE_MS}, waits for a back-off that doubles; too many of them
 * within a minute, or a second breach of a limit within ten, open a circuit: callers are refused at once until one try after
 * {@link #OPEN_MS}. Every change of state is one line in the log. Thread-safe.
 *
 * @param <T> what talks to the child, such as an MCP client
 */
public final class KeptChild<T> {
    /** A child that ends sooner counts as a failed start, in milliseconds. */
    static final long STABLE_MS = 10_000;

    /** How long an open circuit refuses, in milliseconds. */
    static final long OPEN_MS = 60_000;

    private static final long FIRST_WAIT_MS = 500;
    private static final long MAX_WAIT_MS = 30_000;
    private static final long FAILURES_WITHIN_MS = 60_000;
    private static final long BREACHES_WITHIN_MS = 600_000;
    private static final Logger LOG = LoggerFactory.getLogger(KeptChild.class);

    /** DOWN: nobody wanted it yet, or it was idle. WAITING: after a failure. OPEN: after too many. */
    public enum State {
        DOWN,
        STARTING,
        UP,
        WAITING,
        OPEN,
        CLOSED
    }

    private final ChildOwner owner;
    private final Supplier<ChildSpec> spec;
    private final Function<Child, Future<T>> connect;
    private final int maxFailures;
    private final Deque<Long> failures = new ArrayDeque<>();
    private State state = State.DOWN;
    private @Nullable Future<T> current;
    private @Nullable Child child;
    /** Completes when it is known here too that the child is gone. */
    private Promise<Void> noticed = Promise.promise();

    private String reason = "";
    private long notBeforeMs;
    private long lastBreachMs;
    private boolean breached;
    /** Whether the try under way is the one after an open circuit: it alone decides. */
    private boolean halfOpen;

    private int inARow;

    /**
     * @param spec made anew for each start
     * @param connect makes a started child ready for use; when it fails the child is ended and the start has failed
     * @param maxFailures failed starts within a minute that open the circuit
     */
    public KeptChild(ChildOwner owner, Supplier<ChildSpec> spec, Function<Child, Future<T>> connect, int maxFailures) {
        this.owner = owner;
        this.spec = spec;
        this.connect = connect;
        this.maxFailures = maxFailures;
    }

    /** What talks to the running child; starts one when there is none. Fails with UNAVAILABLE while it may not be tried. */
    public synchronized Future<T> get() {
        if (current != null) {
            return current;
        }
        if (state == State.CLOSED) {
            return Future.failedFuture(CairnException.unavailable(owner.name() + " is stopping"));
        }
        if (nowMs() < notBeforeMs) {
            return Future.failedFuture(
                    CairnException.unavailable(owner.name() + "'s child is not tried again yet (" + reason + ")"));
        }
        Promise<T> promise = Promise.promise();
        Future<T> mine = promise.future();
        current = mine;
        halfOpen = state == State.OPEN;
        enter(State.STARTING, "it is wanted");
        start().onComplete(started ->
                settle(mine, promise, started.succeeded() ? started.result() : null, started.cause()));
        return mine;
    }

    private record Started<T>(Child child, T session) {}

    private Future<Started<T>> start() {
        ChildSpec wanted;
        try {
            wanted = spec.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
        return owner.spawn(wanted).compose(spawned -> {
            Promise<Started<T>> connected = Promise.promise();
            connect(spawned).onComplete(session -> {
                if (session.succeeded()) {
                    connected.tryComplete(new Started<>(spawned, session.result()));
                } else {
                    connected.tryFail(session.cause());
                }
            });
            spawned.gone()
                    .onComplete(gone -> connected.tryFail(CairnException.unavailable(spawned.kind() + " ended with "
                            + gone.result().code() + " before it was ready" + lastWords(spawned))));
            return connected.future().onFailure(failure -> spawned.stop("it did not get ready"));
        });
    }

    private Future<T> connect(Child spawned) {
        try {
            return connect.apply(spawned);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private static String lastWords(Child child) {
        return child.lastErrors().isEmpty()
                ? ""
                : ": " + child.lastErrors().get(child.lastErrors().size() - 1);
    }

    private void settle(Future<T> mine, Promise<T> promise, @Nullable Started<T> started, @Nullable Throwable failure) {
        if (started == null) {
            synchronized (this) {
                if (current == mine) {
                    current = null;
                }
                failed(String.valueOf(failure == null ? "no reason" : failure.getMessage()));
            }
            promise.tryFail(
                    failure instanceof CairnException
                            ? failure
                            : CairnException.unavailable(owner.name() + "'s child did not start: " + failure));
            return;
        }
        boolean closedMeanwhile;
        synchronized (this) {
            closedMeanwhile = state == State.CLOSED;
            if (!closedMeanwhile) {
                child = started.child();
                noticed = Promise.promise();
                enter(State.UP, "pid " + started.child().pid());
            }
        }
        if (closedMeanwhile) {
            promise.tryFail(CairnException.unavailable(owner.name() + " is stopping"));
            return;
        }
        long begin = nowMs();
        Promise<Void> known = noticed();
        started.child().gone().onComplete(gone -> {
            ended(mine, started.child(), nowMs() - begin);
            known.complete();
        });
        promise.tryComplete(started.session());
    }

    private synchronized void ended(Future<T> mine, Child gone, long livedMs) {
        if (current == mine) {
            current = null;
        }
        child = null;
        if (state == State.CLOSED) {
            return;
        }
        String limit = gone.breach();
        if (limit != null && !limit.startsWith("idleMs") && !limit.startsWith("maxAgeMs")) {
            breach(limit);
        } else if (limit != null || gone.recycled()) {
            inARow = 0;
            enter(State.DOWN, limit == null ? "recycled" : limit);
        } else if (livedMs < STABLE_MS) {
            failed("it ended " + livedMs + " ms after it was ready" + lastWords(gone));
        } else {
            inARow = 0;
            enter(State.DOWN, "it ended" + lastWords(gone));
        }
    }

    /** The first time it is started anew, the second time within ten minutes it is left alone for a while. */
    private void breach(String limit) {
        boolean again = breached && nowMs() - lastBreachMs < BREACHES_WITHIN_MS;
        breached = true;
        lastBreachMs = nowMs();
        if (again) {
            notBeforeMs = nowMs() + OPEN_MS;
            enter(State.OPEN, "limit again: " + limit);
        } else {
            enter(State.DOWN, "limit: " + limit);
        }
    }

    private void failed(String why) {
        if (state == State.CLOSED) {
            return;
        }
        inARow++;
        long now = nowMs();
        failures.addLast(now);
        failures.removeIf(at -> now - at > FAILURES_WITHIN_MS);
        if (halfOpen || failures.size() >= maxFailures) {
            failures.clear();
            notBeforeMs = now + OPEN_MS;
            enter(State.OPEN, why);
            return;
        }
        notBeforeMs = now + Math.min(MAX_WAIT_MS, FIRST_WAIT_MS << Math.min(inARow - 1, 10));
        enter(State.WAITING, why);
    }

    private void enter(State next, String why) {
        boolean same = state == next;
        state = next;
        reason = why;
        if (!same && next == State.OPEN) {
            // The alert is the line in the log.
            owner.circuitOpened(why);
        } else if (!same && next != State.STARTING && next != State.CLOSED) {
            if (next == State.WAITING) {
                LOG.warn("{}'s child is {}: {}", owner.name(), next.name().toLowerCase(java.util.Locale.ROOT), why);
            } else {
                LOG.info("{}'s child is {}: {}", owner.name(), next.name().toLowerCase(java.util.Locale.ROOT), why);
            }
        }
    }

    private synchronized Promise<Void> noticed() {
        return noticed;
    }

    /** Ends the running child in the ordinary way; once that has succeeded, the next caller starts another. */
    public Future<Void> recycle(String why) {
        Child running;
        Future<Void> known;
        synchronized (this) {
            running = child;
            known = noticed.future();
            notBeforeMs = 0;
        }
        return running == null ? Future.succeededFuture() : running.recycle(why).compose(gone -> known);
    }

    /** One of {@link State}. */
    public synchronized State state() {
        return state == State.OPEN || state == State.WAITING ? nowMs() < notBeforeMs ? state : State.DOWN : state;
    }

    /** Why it is in its state, for people. */
    public synchronized String reason() {
        return reason;
    }

    /** No more children; the running one is ended by its owner's close. */
    public synchronized void close() {
        enter(State.CLOSED, "closed");
        current = null;
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }
}
