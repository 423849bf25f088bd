package dev.cairn.bus;

import java.util.List;

/**
 * @param total how many fit, beyond the rows given
 * @param coverage what is searchable at all
 */
public record MemoryRows(List<MemoryRow> rows, long total, Coverage coverage) {
    public MemoryRows {
        rows = List.copyOf(rows);
    }
}
