package dev.cairn.vector;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** The way to the one Chroma that the index and the search share. */
interface ChromaDoor {
    /**
     * What talks to Chroma; installs and starts it when needed. The same object until Chroma was started anew.
     *
     * @return fails with a {@code CairnException}: UNAVAILABLE while it cannot be had
     */
    Future<ChromaClient> open();

    /** One word: {@code down, starting, up, waiting, open, closed}, or {@code installing}. */
    String state();

    /** Ends a Chroma that does not do its work; the next {@link #open} starts another. */
    Future<Void> recycle(String reason);

    /** Puts what Chroma keeps on disk aside, so that the next start begins with nothing. Ends a running one first. */
    Future<Void> discard();

    /**
     * Runs what changes the index while no reader of it starts, and notes the change for readers.
     *
     * @return fails with a {@code CairnException} UNAVAILABLE when a reader takes too long to start
     */
    <T> Future<T> alone(SharedIndex.Change change, Supplier<Future<T>> work);

    Future<Void> close();
}
