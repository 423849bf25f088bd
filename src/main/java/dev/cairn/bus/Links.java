package dev.cairn.bus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** @param links of those that are there and pass the filters, in no certain order */
public record Links(List<Link> links) {
    /**
     * @param session the store's id of the session; null for a memory that was saved without one
     * @param previous the observation before it in its session
     * @param next the one after it; only observations have such neighbours
     * @param createdAt epoch milliseconds
     */
    public record Link(
            long id,
            @Nullable Long session,
            @Nullable Long previous,
            @Nullable Long next,
            long createdAt) {}

    public Links {
        links = List.copyOf(links);
    }
}
