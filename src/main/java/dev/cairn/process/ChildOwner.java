package dev.cairn.process;

import io.vertx.core.Future;

/** One verticle's share of the children. Ending it ends exactly its own. Thread-safe. */
public interface ChildOwner {
    /** The verticle's name, for figures and logs. */
    String name();

    /**
     * Starts a child. It is owned before it exists: the gate is passed and the intent is on disk first.
     *
     * @return fails with a {@code CairnException}: UNAVAILABLE when the gate or the owner is closed, a limit forbids it
     *     or the program cannot be started
     */
    Future<Child> spawn(ChildSpec spec);

    /**
     * Ends all of its children at once, each by its own graces, and takes no more.
     *
     * @return succeeds when every tree is gone; never fails; all callers share it
     */
    Future<Void> close();

    /** Tells those who watch that nothing is started for a while. */
    default void circuitOpened(String why) {}
}
