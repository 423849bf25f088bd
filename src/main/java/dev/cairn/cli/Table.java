package dev.cairn.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows under a line of headings. Each column is as wide as its widest cell; on a terminal the last one is cut where the line
 * would break.
 */
final class Table {
    private static final String GAP = "  ";
    private static final int LEAST_LAST = 20;

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        this.headings = List.of(headings);
    }

    /** Adds a row; what is more than one line becomes one. */
    Table row(Object... cells) {
        rows.add(Arrays.stream(cells).map(cell -> oneLine(String.valueOf(cell))).toList());
        return this;
    }

    List<String> lines(Terminal terminal) {
        int last = headings.size() - 1;
        int[] widths = new int[headings.size()];
        measure(widths, headings);
        rows.forEach(row -> measure(widths, row));
        if (terminal.out()) {
            int before = Arrays.stream(widths, 0, last).sum() + last * GAP.length();
            widths[last] = Math.max(LEAST_LAST, Math.min(widths[last], terminal.columns() - before));
        }
        List<String> lines = new ArrayList<>();
        lines.add(terminal.bold(line(headings, widths)));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    void print(Terminal terminal) {
        lines(terminal).forEach(System.out::println);
    }

    private static void measure(int[] widths, List<String> row) {
        for (int i = 0; i < row.size(); i++) {
            widths[i] = Math.max(widths[i], width(row.get(i)));
        }
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String cell = cut(row.get(i), widths[i]);
            line.append(i == 0 ? "" : GAP).append(cell);
            if (i < row.size() - 1) {
                line.append(" ".repeat(widths[i] - width(cell)));
            }
        }
        return line.toString().stripTrailing();
    }

    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        // Control characters of a memory must not steer the terminal.
        text.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return line.toString().strip();
    }

    private static String cut(String text, int width) {
        if (width(text) <= width) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int used = 1;
        for (int c : text.codePoints().toArray()) {
            used += width(c);
            if (used > width) {
                break;
            }
            kept.appendCodePoint(c);
        }
        return kept.append('…').toString();
    }

    static int width(String text) {
        return text.codePoints().map(Table::width).sum();
    }

    /** How many columns a terminal gives the character: two for East Asian wide ones, none for combining ones. */
    private static int width(int c) {
        if (c < 0x300) {
            return 1;
        }
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean wide = (c >= 0x1100 && c <= 0x115F)
                || (c >= 0x2E80 && c <= 0xA4CF)
                || (c >= 0xAC00 && c <= 0xD7A3)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0xFE30 && c <= 0xFE6F)
                || (c >= 0xFF00 && c <= 0xFF60)
                || (c >= 0xFFE0 && c <= 0xFFE6)
                || (c >= 0x1F300 && c <= 0x1FAFF)
                || (c >= 0x20000 && c <= 0x3FFFD);
        return wide ? 2 : 1;
    }
}
