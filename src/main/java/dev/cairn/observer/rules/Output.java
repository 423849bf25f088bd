package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.List;

/** The lines of a command's output that are looked at: the beginning and, where results stand, the end. */
final class Output {
    private static final int HEAD = 12_000;
    private static final int TAIL = 28_000;
    private static final int MAX_LINE = 500;

    private Output() {}

    /** Lines without colours, each at most 500 characters; a carriage return leaves what was printed last. */
    static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        if (text.length() <= HEAD + TAIL) {
            collect(text, lines);
        } else {
            collect(text.substring(0, HEAD), lines);
            collect(text.substring(text.length() - TAIL), lines);
        }
        return lines;
    }

    private static void collect(String text, List<String> lines) {
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            int stop = end > start && text.charAt(end - 1) == '\r' ? end - 1 : end;
            int from = stop;
            while (from > start && text.charAt(from - 1) != '\r') {
                from--;
            }
            String line = text.substring(from, Math.min(stop, from + MAX_LINE));
            lines.add(line.indexOf(0x1b) >= 0 ? withoutColours(line) : line);
            start = end + 1;
        }
    }

    private static String withoutColours(String line) {
        StringBuilder plain = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == 0x1b && i + 1 < line.length() && line.charAt(i + 1) == '[') {
                i += 2;
                while (i < line.length() && (line.charAt(i) < '@' || line.charAt(i) > '~')) {
                    i++;
                }
            } else if (c != 0x1b) {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
