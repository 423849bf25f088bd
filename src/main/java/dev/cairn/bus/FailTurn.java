package dev.cairn.bus;

import org.jspecify.annotations.Nullable;

/**
 * A claimed turn that could not be observed.
 *
 * @param error why, for people
 * @param retryAt when to try again, epoch milliseconds; null parks the turn until somebody re-runs it
 * @param counts whether it was the turn's fault and uses up one of its attempts
 */
public record FailTurn(
        long turnId,
        String observer,
        String error,
        @Nullable Long retryAt,
        boolean counts) {
    /** A failure of the turn's own. */
    public FailTurn(long turnId, String observer, String error, @Nullable Long retryAt) {
        this(turnId, observer, error, retryAt, true);
    }
}
