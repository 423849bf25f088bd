package dev.cairn.bus;

/**
 * What the children of one kind used at a moment.
 *
 * @param at epoch milliseconds
 * @param children how many ran
 * @param processes how many processes their trees had
 */
public record ProcessSample(String kind, long at, int children, int processes, long memoryBytes) {}
