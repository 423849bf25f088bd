package dev.cairn.observer.ask;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a provider may be asked now. After a failure that is not a batch's fault it is left alone for a while, longer each time;
 * then one question tries it, and its answer opens the gate for all. Shared by all observers; thread-safe.
 *
 * <p>Times are given by the caller, in epoch milliseconds.
 */
final class Gate {
    /** Why the gate is shut. */
    record Shut(Finding finding, String message, long since, long until) {}

    /** For who waits for a try that is under way: it is woken by its end. */
    private static final long UNTIL_WOKEN_MS = 600_000;

    private static final long MINUTE_MS = 60_000;
    private static final long LONGEST_MS = 24 * 60 * MINUTE_MS;

    private final List<Runnable> listeners = new ArrayList<>();
    private @Nullable Shut shut;
    private int failures;
    private boolean trying;

    /** Called whenever it opens or shuts, on the thread of who made it so; must not block. */
    synchronized void onChange(Runnable listener) {
        listeners.add(listener);
    }

    synchronized void forget(Runnable listener) {
        listeners.remove(listener);
    }

    /** When a question may be asked; not in the future for now. */
    synchronized long readyAt(long now) {
        if (shut == null) {
            return now;
        }
        return trying && shut.until() <= now ? now + UNTIL_WOKEN_MS : shut.until();
    }

    /** Whether this question may be asked; the one that tries a shut gate must be followed by one of the methods below. */
    synchronized boolean enter(long now) {
        if (shut == null) {
            return true;
        }
        if (trying || shut.until() > now) {
            return false;
        }
        trying = true;
        return true;
    }

    /** The provider answered: it is open. */
    void answered() {
        List<Runnable> told;
        synchronized (this) {
            boolean was = shut != null;
            shut = null;
            failures = 0;
            trying = false;
            told = was ? List.copyOf(listeners) : List.of();
        }
        told.forEach(Runnable::run);
    }

    /** A try that came to nothing, for a reason that says nothing about the provider. */
    void left() {
        List<Runnable> told;
        synchronized (this) {
            told = trying ? List.copyOf(listeners) : List.of();
            trying = false;
        }
        told.forEach(Runnable::run);
    }

    /**
     * The provider did not answer, and the batch is not to blame.
     *
     * @param retryAfterMs what the provider asked for; null for nothing
     * @return what holds now
     */
    Shut failed(Finding finding, String message, @Nullable Long retryAfterMs, long now) {
        List<Runnable> told;
        Shut result;
        synchronized (this) {
            Shut before = shut;
            if (before != null && before.until() > now && !trying) {
                // Asked before it was shut: the same trouble, not a further one.
                return before;
            }
            failures++;
            trying = false;
            long wait = retryAfterMs == null ? delay(finding, failures) : Math.max(1_000, retryAfterMs);
            long since = before != null && before.finding() == finding ? before.since() : now;
            result = new Shut(finding, message, since, now + Math.min(wait, LONGEST_MS));
            shut = result;
            told = List.copyOf(listeners);
        }
        told.forEach(Runnable::run);
        return result;
    }

    /** Whether the last question was answered: then a failure may be the batch's own. */
    synchronized boolean isOpen() {
        return shut == null;
    }

    synchronized @Nullable Shut shut() {
        return shut;
    }

    /** How long it is left alone, in milliseconds: what costs nothing to look at, and what the user mends, is tried soon. */
    private static long delay(Finding finding, int failures) {
        long first = switch (finding) {
            case SETUP -> 5_000;
            case AUTH -> 30_000;
            case QUOTA -> 5 * MINUTE_MS;
            case RATE_LIMIT, OVERLOAD -> 5_000;
            default -> 2_000;
        };
        long most = switch (finding) {
            case SETUP -> MINUTE_MS;
            case QUOTA -> 60 * MINUTE_MS;
            default -> 5 * MINUTE_MS;
        };
        long delay = first;
        for (int i = 1; i < failures && delay < most; i++) {
            delay *= 2;
        }
        return Math.min(delay, most);
    }
}
