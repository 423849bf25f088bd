package dev.cairn.observer;

/**
 * A turn that cannot be observed now, by no fault of its own: the model is out of reach, has too much to do, or does not know
 * who asks.
 */
public final class Postponed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long retryAt;

    /** @param retryAt when to try again, epoch milliseconds */
    public Postponed(String message, long retryAt) {
        super(message);
        this.retryAt = retryAt;
    }

    public long retryAt() {
        return retryAt;
    }
}
