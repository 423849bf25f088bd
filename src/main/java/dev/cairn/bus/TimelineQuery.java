package dev.cairn.bus;

import dev.cairn.model.CairnException;
import org.jspecify.annotations.Nullable;

/**
 * What happened around a point. Exactly one of the three anchors is given.
 *
 * @param anchorId a memory's id
 * @param anchorTime epoch milliseconds
 * @param query words; the best match is the anchor
 * @param before how many rows before it, 0 to 100
 * @param after how many rows after it, 0 to 100
 * @param project a project's key or name; null for the anchor's own project, or all when the anchor is a time
 * @param platform the host of those around it; null for all
 */
public record TimelineQuery(
        @Nullable Long anchorId,
        @Nullable Long anchorTime,
        @Nullable String query,
        int before,
        int after,
        @Nullable String project,
        @Nullable String platform) {
    public static final int MAX_ROWS = 100;

    /** Of all platforms. */
    public TimelineQuery(
            @Nullable Long anchorId,
            @Nullable Long anchorTime,
            @Nullable String query,
            int before,
            int after,
            @Nullable String project) {
        this(anchorId, anchorTime, query, before, after, project, null);
    }

    public TimelineQuery {
        int anchors = (anchorId == null ? 0 : 1) + (anchorTime == null ? 0 : 1) + (query == null ? 0 : 1);
        if (anchors != 1) {
            throw CairnException.invalid("anchor", "give either anchor (an id or a time) or query");
        }
        if (before < 0 || before > MAX_ROWS) {
            throw CairnException.invalid("before", "before must be 0 to " + MAX_ROWS + ", not " + before);
        }
        if (after < 0 || after > MAX_ROWS) {
            throw CairnException.invalid("after", "after must be 0 to " + MAX_ROWS + ", not " + after);
        }
    }
}
