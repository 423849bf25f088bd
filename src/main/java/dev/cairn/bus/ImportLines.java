package dev.cairn.bus;

import dev.cairn.model.CairnException;
import java.util.List;

/**
 * Consecutive lines of an export, to be taken in by one transaction: all or none. What is there already is passed over.
 *
 * @param lines 1 to {@value #MAX_LINES}, each one JSON object
 * @param firstLine the number of the first of them in its file, from 1, for messages
 * @param dryRun check and count only, change nothing
 */
public record ImportLines(List<String> lines, int firstLine, boolean dryRun) {
    public static final int MAX_LINES = 1_000;

    public ImportLines {
        lines = List.copyOf(lines);
    }

    /** @throws CairnException INVALID_ARGUMENT when there are too few or too many lines, or they are not counted from 1 */
    public void check() {
        if (lines.isEmpty() || lines.size() > MAX_LINES) {
            throw CairnException.invalid(
                    "lines", "lines must hold 1 to " + MAX_LINES + ", not " + lines.size() + "; send fewer at once");
        }
        if (firstLine < 1) {
            throw CairnException.invalid("firstLine", "firstLine counts from 1, not " + firstLine);
        }
    }
}
