package dev.cairn.bus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks what models have used.
 *
 * @param from epoch milliseconds, as the day (UTC) it is in; null for the begin
 * @param to epoch milliseconds, exclusive, as the day that ends there or later; null for now
 * @param project key or name; null for all
 * @param by what to tell apart: any of {@link #GROUPS}, in this order
 */
public record UsageQuery(
        @Nullable Long from,
        @Nullable Long to,
        @Nullable String project,
        @Nullable String provider,
        List<String> by) {
    public static final List<String> GROUPS = List.of("day", "provider", "model", "project", "session");

    /** More groups than this are not told; the query is refused. */
    public static final int MAX_GROUPS = 10_000;

    public UsageQuery {
        by = List.copyOf(by);
    }
}
