package dev.cairn.bus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines of an export in their order.
 *
 * @param lines each one JSON object without a line end; what was forgotten before the page was asked for is not among them
 * @param next the cursor of the next page; null on the last
 */
public record ExportPage(List<String> lines, @Nullable String next) {
    public ExportPage {
        lines = List.copyOf(lines);
    }
}
