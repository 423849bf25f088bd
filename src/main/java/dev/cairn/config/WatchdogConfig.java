package dev.cairn.config;

/**
 * The keys under {@code watchdog}.
 *
 * @param haltMs after how long a blocked event loop ends the worker, in milliseconds; 0 for never
 */
public record WatchdogConfig(long haltMs) {}
