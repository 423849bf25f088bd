package dev.cairn.session;

import dev.cairn.model.AgentEvent;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Keeps what is made ready for the store in the order it came, session by session; sessions do not wait for each other. Only what
 * takes more than a moment is remembered, until it is done. For one event loop.
 */
final class SessionOrder {
    /** Per session what was begun last and is not done. */
    private final Map<String, Future<?>> tails = new HashMap<>();

    /** The session of an event, unique across agents. */
    static String session(AgentEvent event) {
        return event.platform() + '/' + event.sessionId();
    }

    /** Runs the step after what the same session is waiting for already, however that ends; at once when it waits for nothing. */
    <T> Future<T> after(String session, Supplier<Future<T>> step) {
        Future<?> before = tails.get(session);
        Future<T> mine = before == null ? step.get() : before.transform(done -> step.get());
        if (!mine.isComplete()) {
            append(session, mine);
        }
        return mine;
    }

    /** Runs one step for several sessions: after all that any of them waits for, and what comes later to any of them waits for it. */
    <T> Future<T> afterAll(Collection<String> sessions, Supplier<Future<T>> step) {
        Future<?> before = Future.join(sessions.stream()
                .map(session -> tails.getOrDefault(session, Future.succeededFuture()))
                .toList());
        Future<T> mine = before.transform(done -> step.get());
        if (!mine.isComplete()) {
            sessions.forEach(session -> append(session, mine));
        }
        return mine;
    }

    private void append(String session, Future<?> mine) {
        tails.put(session, mine);
        mine.onComplete(done -> tails.remove(session, mine));
    }
}
