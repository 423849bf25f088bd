package dev.cairn.bus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of records of another memory, in the order they were asked for; what was never imported is left out. Several
 * stand for one name when two memories of that name were imported.
 */
public record ImportedRows(List<Row> rows) {
    public ImportedRows {
        rows = List.copyOf(rows);
    }

    /**
     * One record.
     *
     * @param origin in full, such as {@code claude-mem:observation:12}
     * @param kind of {@link Origin}
     * @param id here; null when it was forgotten since
     * @param createdAt the record's time, epoch milliseconds; of a session its begin
     */
    public record Row(String origin, String kind, @Nullable Long id, long createdAt) {}
}
