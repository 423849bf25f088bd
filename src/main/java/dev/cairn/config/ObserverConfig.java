package dev.cairn.config;

/** The keys under {@code observer}; times in milliseconds. */
public record ObserverConfig(String provider, int max, int attempts, long idleMs) {}
