package dev.cairn.bus;

import org.jspecify.annotations.Nullable;

/**
 * A claimed turn that could not be observed.
 *
 * @param error why, for people
 * @param retryAt when to try again, epoch milliseconds; null parks the turn until somebody re-runs it
 */
public record FailTurn(
        long turnId,
        String observer,
        String error,
        @Nullable Long retryAt) {}
