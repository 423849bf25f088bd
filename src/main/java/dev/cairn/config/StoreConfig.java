package dev.cairn.config;

/** The keys under {@code store}. */
public record StoreConfig(boolean fullSync, int readers, int maxQueue, int maxFieldBytes) {}
