package dev.cairn.bus;

import org.jspecify.annotations.Nullable;

/**
 * @param work the claimed turn; null when none is ready
 * @param nextDueAt when none is ready: when the next one comes out of its back-off, epoch milliseconds; null for never
 */
public record ClaimedTurn(@Nullable TurnWork work, @Nullable Long nextDueAt) {}
