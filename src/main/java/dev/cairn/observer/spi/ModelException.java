package dev.cairn.observer.spi;

import org.jspecify.annotations.Nullable;

/** A question that brought no answer. The message is for people, names the remedy where there is one, and holds no secret. */
public final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Fault fault;
    private final @Nullable Long retryAfterMs;

    public ModelException(Fault fault, String message) {
        this(fault, message, null, null);
    }

    /** @param retryAfterMs when the provider says it may be asked again, in milliseconds from now; null when it says nothing */
    public ModelException(Fault fault, String message, @Nullable Long retryAfterMs, @Nullable Throwable cause) {
        super(message, cause);
        this.fault = fault;
        this.retryAfterMs = retryAfterMs;
    }

    public Fault fault() {
        return fault;
    }

    public @Nullable Long retryAfterMs() {
        return retryAfterMs;
    }
}
