package dev.cairn.store;

import org.jspecify.annotations.Nullable;

/**
 * What a claim got.
 *
 * @param turnId null when no turn is ready
 * @param nextDueAt when none is ready: when the next one is, epoch milliseconds; null for never
 */
record Claim(@Nullable Long turnId, @Nullable Long nextDueAt) {}
