package dev.cairn.bus;

import org.jspecify.annotations.Nullable;

/**
 * Memories around an anchor in time order, the anchor itself included when it is a memory. Exactly one anchor is given;
 * an unknown id is refused with NOT_FOUND.
 *
 * @param project a project's key or name; null for the anchor's own project, or all when the anchor is a time
 * @param platform the host of those around it; null for all
 */
public record NeighbourQuery(
        @Nullable Long anchorId,
        @Nullable Long anchorTime,
        int before,
        int after,
        @Nullable String project,
        @Nullable String platform) {
    /** Of all platforms. */
    public NeighbourQuery(
            @Nullable Long anchorId, @Nullable Long anchorTime, int before, int after, @Nullable String project) {
        this(anchorId, anchorTime, before, after, project, null);
    }
}
