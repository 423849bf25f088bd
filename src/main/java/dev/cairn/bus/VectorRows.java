package dev.cairn.bus;

import dev.cairn.model.Kind;
import dev.cairn.model.Project;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** @param rows by ascending id */
public record VectorRows(List<Row> rows) {
    /**
     * @param type an observation's type; null for the other kinds
     * @param createdAt epoch milliseconds
     * @param vector of length 1; not changed by whoever reads it
     */
    @SuppressWarnings("ArrayRecordComponent") // a list would box every number of it
    public record Row(long id, Kind kind, @Nullable String type, Project project, long createdAt, float[] vector) {}

    public VectorRows {
        rows = List.copyOf(rows);
    }
}
