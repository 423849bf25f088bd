package dev.cairn.bus;

/**
 * Asks for the oldest turn that is ready. Turns of one session are handed out one at a time and in order.
 *
 * @param observer who asks; unique among observers
 * @param now epoch milliseconds, against which back-off is judged
 */
public record ClaimTurn(String observer, long now) {}
