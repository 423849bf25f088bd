package dev.cairn.bus;

import dev.cairn.model.Project;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one question to a model used.
 *
 * @param project of the turn it was about
 * @param outcome what became of it, one word; one of {@link #FAILURES} when it brought no answer
 * @param inputTokens read, without those of a cache
 * @param costMicros in micro-dollars; null when no price is known
 * @param tookMs milliseconds
 * @param at epoch milliseconds
 */
public record UsageEntry(
        String provider,
        String model,
        Project project,
        String platform,
        String sessionId,
        String outcome,
        long inputTokens,
        long outputTokens,
        long cacheReadTokens,
        long cacheWriteTokens,
        @Nullable Long costMicros,
        long tookMs,
        long at) {
    /** Why a question brings no answer: the faults a provider tells, in lower case. */
    public static final Set<String> FAILURES =
            Set.of("setup", "auth", "quota", "rate_limit", "overload", "transport", "too_long", "rejected", "protocol");

    public boolean failed() {
        return FAILURES.contains(outcome);
    }
}
