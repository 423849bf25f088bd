package dev.cairn.privacy;

import java.util.List;
import java.util.regex.Pattern;

/** What stands in a text for what was taken out of it. */
final class Markers {
    static final String PRIVATE = "[private]";

    /** A part of a text, from {@code start} to before {@code end}, and what shall stand there. */
    record Marked(int start, int end, String marker) {}

    private static final Pattern MARKER = Pattern.compile("\\[(?:private|secret:[a-z0-9-]{1,40})]");
    private static final int LONGEST = 50;

    private Markers() {}

    static String secret(String rule) {
        return "[secret:" + rule + "]";
    }

    /** @param parts in order, not overlapping */
    static String replace(String text, List<Marked> parts) {
        return replace(text, parts, 0, text.length());
    }

    /**
     * As above, but gives only what comes of the characters from {@code from} to before {@code to}; a part that lies across
     * either end is given by its whole marker.
     */
    static String replace(String text, List<Marked> parts, int from, int to) {
        if (parts.isEmpty()) {
            return text.substring(from, to);
        }
        StringBuilder out = new StringBuilder(Math.min(to - from, 1 << 16) + 64);
        int at = from;
        for (Marked part : parts) {
            if (part.end() <= from || part.start() >= to) {
                continue;
            }
            if (part.start() > at) {
                out.append(text, at, part.start());
            }
            out.append(part.marker());
            at = Math.max(at, part.end());
        }
        return at < to ? out.append(text, at, to).toString() : out.toString();
    }

    /** Whether this part touches a marker. */
    static boolean touches(String text, int start, int end) {
        int from = Math.max(0, start - LONGEST);
        var matcher = MARKER.matcher(text).region(from, Math.min(text.length(), end + LONGEST));
        while (matcher.find()) {
            if (matcher.start() < end && matcher.end() > start) {
                return true;
            }
        }
        return false;
    }
}
