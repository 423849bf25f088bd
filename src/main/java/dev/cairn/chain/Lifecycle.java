package dev.cairn.chain;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one state that every link of a worker shares: starting, ready, stopping.
 *
 * <p>Stopping is final. It is entered before the first link is stopped, so that readiness turns false and no new work is
 * taken while the chain comes down. Thread-safe.
 */
public final class Lifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    /** The states, in the only order they can be entered. */
    public enum State {
        STARTING,
        READY,
        STOPPING
    }

    private final List<Runnable> onReady = new ArrayList<>();
    private final List<Runnable> onStopping = new ArrayList<>();
    private final List<Runnable> onHurry = new ArrayList<>();
    private boolean hurried;
    private volatile State state = State.STARTING;

    public State state() {
        return state;
    }

    public boolean stopping() {
        return state == State.STOPPING;
    }

    /** Enters READY; does nothing when stopping has begun already. Runs the registered actions on the calling thread. */
    public void ready() {
        List<Runnable> actions;
        synchronized (this) {
            if (state != State.STARTING) {
                return;
            }
            state = State.READY;
            actions = List.copyOf(onReady);
        }
        actions.forEach(Lifecycle::run);
    }

    /** Registers an action for the moment the worker is ready; runs it at once when that is past, never when it is stopping. */
    public void onReady(Runnable action) {
        synchronized (this) {
            if (state == State.STARTING) {
                onReady.add(action);
                return;
            }
            if (state == State.STOPPING) {
                return;
            }
        }
        action.run();
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.warn("An action at a change of state failed", e);
        }
    }

    /**
     * Enters STOPPING, once; runs the registered actions on the calling thread.
     *
     * @param reason why, for the log: a signal's name, a route, an API call
     */
    public void beginStop(String reason) {
        List<Runnable> actions;
        synchronized (this) {
            if (state == State.STOPPING) {
                return;
            }
            state = State.STOPPING;
            actions = List.copyOf(onStopping);
        }
        LOG.info("Stopping: {}", reason);
        actions.forEach(Lifecycle::run);
    }

    /** Registers an action for the begin of the stop; runs it at once when that is past. */
    public void onStopping(Runnable action) {
        synchronized (this) {
            if (state != State.STOPPING) {
                onStopping.add(action);
                return;
            }
        }
        action.run();
    }

    /**
     * Asks the stop to wait for nobody any more, once; runs the registered actions on the calling thread. Does not begin a
     * stop, and may come a moment before it: two signals in a row.
     *
     * @param reason why, for the log
     */
    public void hurry(String reason) {
        List<Runnable> actions;
        synchronized (this) {
            if (hurried) {
                return;
            }
            hurried = true;
            actions = List.copyOf(onHurry);
        }
        LOG.info("Hurrying: {}", reason);
        actions.forEach(Lifecycle::run);
    }

    /** Registers an action for the moment the stop has to hurry; runs it at once when that is past. */
    public void onHurry(Runnable action) {
        synchronized (this) {
            if (!hurried) {
                onHurry.add(action);
                return;
            }
        }
        action.run();
    }
}
