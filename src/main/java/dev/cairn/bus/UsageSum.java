package dev.cairn.bus;

/**
 * What several questions to models used together.
 *
 * @param calls questions asked
 * @param failures those of them that brought no answer
 * @param costMicros in micro-dollars, of those whose price is known
 * @param unpricedCalls those whose price is not known
 */
public record UsageSum(
        long calls,
        long failures,
        long inputTokens,
        long outputTokens,
        long cacheReadTokens,
        long cacheWriteTokens,
        long costMicros,
        long unpricedCalls) {
    public static final UsageSum NONE = new UsageSum(0, 0, 0, 0, 0, 0, 0, 0);

    /** All tokens read and written. */
    public long tokens() {
        return inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
    }
}
