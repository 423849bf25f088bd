package dev.cairn.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The matrix as the documentation shows it: printed, and written to {@code -Dcairn.matrix.table=FILE}. */
final class MatrixTable {
    private final Map<String, List<String>> rows = Collections.synchronizedMap(new LinkedHashMap<>());

    void row(String what, int runs, int processes, int survivors, List<Long> millis) {
        long[] sorted = millis.stream().mapToLong(Long::longValue).sorted().toArray();
        rows.put(
                what,
                List.of(
                        String.valueOf(runs),
                        String.valueOf(processes),
                        String.valueOf(survivors),
                        sorted.length == 0
                                ? "–"
                                : String.format(
                                        Locale.ROOT,
                                        "%.2f / %.2f",
                                        sorted[sorted.length / 2] / 1e3,
                                        sorted[sorted.length - 1] / 1e3)));
    }

    void print() throws IOException {
        StringBuilder table =
                new StringBuilder("| how the worker ends | runs | processes | survivors | to zero p50 / max (s) |\n"
                        + "|---|---|---|---|---|\n");
        rows.forEach((what, figures) -> table.append("| ")
                .append(what)
                .append(" | ")
                .append(String.join(" | ", figures))
                .append(" |\n"));
        System.out.println(table);
        String file = System.getProperty("cairn.matrix.table");
        if (file != null) {
            Files.writeString(Path.of(file), table);
        }
    }
}
