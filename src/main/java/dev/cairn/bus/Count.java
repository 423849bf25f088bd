package dev.cairn.bus;

/** How many. */
public record Count(int count) {}
