package dev.cairn.bus;

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
}
