package dev.cairn.bus;

/** Puts everything this observer has claimed back into the queue, at no cost to its attempts. */
public record ReleaseTurns(String observer) {}
