package dev.cairn.observer.spi;

import org.jspecify.annotations.Nullable;

/**
 * What one question used, in tokens.
 *
 * @param input read, those from and to a cache left out
 * @param output written
 * @param cacheRead read from a cache
 * @param cacheWrite read and put into a cache
 * @param costMicros what it cost by the provider's own word, in micro-dollars; null when it does not say
 */
public record ModelUsage(
        long input,
        long output,
        long cacheRead,
        long cacheWrite,
        @Nullable Long costMicros) {
    /** Nothing was used, or nobody knows. */
    public static final ModelUsage NONE = new ModelUsage(0, 0, 0, 0, null);

    public long total() {
        return input + output + cacheRead + cacheWrite;
    }
}
