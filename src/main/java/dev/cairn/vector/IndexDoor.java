package dev.cairn.vector;

import io.vertx.core.Future;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The way to the one vector index that those who write and those who search share. */
interface IndexDoor {
    /**
     * The index; what it needs is installed, started or loaded first. The same object until it was opened anew.
     *
     * @return fails with a {@code CairnException}: UNAVAILABLE while it cannot be had
     */
    Future<VectorIndex> open();

    /** One word: such as {@code down, starting, up, waiting}; queries are answered while it is {@code up}. */
    String state();

    /** Whether it is opened as soon as there is a memory, so that the first search has it, and not only when it is needed. */
    default boolean opensEarly() {
        return false;
    }

    /** How many queries it takes at a time; more would only wait past their time. */
    default int concurrency() {
        return SemanticQueries.MAX_OPEN;
    }

    /** What a person should know beside the state: where it is, what it is; no secrets. */
    default Map<String, String> details() {
        return Map.of();
    }

    /** Why the index is not to be had, whoever asked last; null when it is, and where only callers are told. */
    default @Nullable String refusal() {
        return null;
    }

    /** Ends an index that does not do its work; the next {@link #open} starts another. */
    Future<Void> recycle(String reason);

    /** Puts what the index keeps aside, so that the next start begins with nothing. Ends a running one first. */
    Future<Void> discard();

    /**
     * Runs what changes the index while no reader of it starts, and notes the change for readers.
     *
     * @return fails with a {@code CairnException} UNAVAILABLE when a reader takes too long to start
     */
    <T> Future<T> alone(SharedIndex.Change change, Supplier<Future<T>> work);

    Future<Void> close();
}
