package dev.cairn.bus;

/**
 * Makes every open turn ready whose last event was recorded before {@code idleSince} (epoch milliseconds): its agent ended
 * without saying so.
 */
public record CloseIdleTurns(long idleSince) {}
