package dev.cairn.bus;

import org.jspecify.annotations.Nullable;

/**
 * A page of an export.
 *
 * @param project a project's key, or its name
 * @param session the host's session id
 * @param from at or after, epoch milliseconds
 * @param to at or before, epoch milliseconds
 * @param platform the host; sessions of it, and what was saved under its name outside of sessions
 * @param limit the most lines, 1 to {@value #MAX_LINES}
 * @param cursor {@code next} of the page before; null for the first
 */
public record ExportQuery(
        @Nullable String project,
        @Nullable String session,
        @Nullable Long from,
        @Nullable Long to,
        @Nullable String platform,
        int limit,
        @Nullable String cursor) {
    public static final int MAX_LINES = 1_000;

    /** Of all platforms. */
    public ExportQuery(
            @Nullable String project,
            @Nullable String session,
            @Nullable Long from,
            @Nullable Long to,
            int limit,
            @Nullable String cursor) {
        this(project, session, from, to, null, limit, cursor);
    }
}
