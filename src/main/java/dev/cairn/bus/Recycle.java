package dev.cairn.bus;

import org.jspecify.annotations.Nullable;

/**
 * Ends children in the ordinary way; whoever needs one starts another.
 *
 * @param kind only of this kind; null for any
 * @param pid only this one; null for any
 */
public record Recycle(@Nullable String kind, @Nullable Long pid) {}
