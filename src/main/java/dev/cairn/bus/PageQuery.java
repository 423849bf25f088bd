package dev.cairn.bus;

import org.jspecify.annotations.Nullable;

/**
 * A page of a listing, newest first.
 *
 * @param project a project's key, or its name
 * @param session the host's session id
 * @param from at or after, epoch milliseconds
 * @param to at or before, epoch milliseconds
 * @param limit 1 to 100
 * @param cursor {@code next} of the page before; null for the first
 * @param toolUseId with tool uses: the host's id of one; null for all
 * @param observation with tool uses: those an observation was made of, by its id; null for all
 */
public record PageQuery(
        What what,
        @Nullable String project,
        @Nullable String platform,
        @Nullable String session,
        @Nullable Long from,
        @Nullable Long to,
        int limit,
        @Nullable String cursor,
        @Nullable String toolUseId,
        @Nullable Long observation) {
    /** Of rows whatever they became. */
    public PageQuery(
            What what,
            @Nullable String project,
            @Nullable String platform,
            @Nullable String session,
            @Nullable Long from,
            @Nullable Long to,
            int limit,
            @Nullable String cursor,
            @Nullable String toolUseId) {
        this(what, project, platform, session, from, to, limit, cursor, toolUseId, null);
    }

    /** Of rows of any id. */
    public PageQuery(
            What what,
            @Nullable String project,
            @Nullable String platform,
            @Nullable String session,
            @Nullable Long from,
            @Nullable Long to,
            int limit,
            @Nullable String cursor) {
        this(what, project, platform, session, from, to, limit, cursor, null);
    }
}
