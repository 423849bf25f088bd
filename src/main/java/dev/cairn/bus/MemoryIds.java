package dev.cairn.bus;

import java.util.List;

public record MemoryIds(List<Long> ids) {
    public MemoryIds {
        ids = List.copyOf(ids);
    }
}
