package dev.cairn.bus;

import java.util.List;

/** The ids of saved memories, in the order of the request. */
public record Saved(List<Long> ids) {
    public Saved {
        ids = List.copyOf(ids);
    }
}
