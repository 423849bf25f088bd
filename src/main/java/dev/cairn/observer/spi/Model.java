package dev.cairn.observer.spi;

import io.vertx.core.Future;

/** A model as one observer uses it. All methods are called on that observer's event loop. */
public interface Model {
    /**
     * Asks once, without trying again.
     *
     * @return the answer; fails with {@link ModelException} alone. A caller that has waited for
     *     {@link ModelRequest#timeoutMs()} waits no longer: the future must fail by then, and what was under way must end
     */
    Future<ModelAnswer> ask(ModelRequest request);

    /** The name of the model that is asked, for figures and prices. */
    String model();

    /** Ends what is under way; completes when nothing of it is left, and never fails. */
    default Future<?> close() {
        return Future.succeededFuture();
    }
}
