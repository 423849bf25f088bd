package dev.cairn.bus;

/**
 * Asks for samples, the largest of each step.
 *
 * @param from epoch milliseconds, inclusive
 * @param to epoch milliseconds, exclusive
 * @param stepMs how much time one sample stands for, at least 1
 */
public record ProcessHistoryQuery(long from, long to, long stepMs) {}
