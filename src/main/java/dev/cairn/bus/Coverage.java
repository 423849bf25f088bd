package dev.cairn.bus;

/** How many of all memories the strategies that answered have indexed. */
public record Coverage(long indexed, long total) {}
