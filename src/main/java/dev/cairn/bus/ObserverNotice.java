package dev.cairn.bus;

import org.jspecify.annotations.Nullable;

/**
 * What a user should know of the observers.
 *
 * @param text one or two sentences with the remedy; null when there is nothing new to tell
 */
public record ObserverNotice(@Nullable String text) {}
