package dev.cairn.bus;

import dev.cairn.model.SearchHit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param items oldest first
 * @param anchorId the memory in the middle; null when the anchor is a time, or nothing matched the query
 */
public record Timeline(List<SearchHit> items, @Nullable Long anchorId) {
    public Timeline {
        items = List.copyOf(items);
    }
}
