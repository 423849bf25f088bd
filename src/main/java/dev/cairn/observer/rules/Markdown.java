package dev.cairn.observer.rules;

import java.util.ArrayList;
import java.util.List;

/** What an agent says is Markdown: this takes its texts out of the signs. */
final class Markdown {
    private static final int MAX_LINES = 400;

    private Markdown() {}

    /** The text without headings' and emphasis' signs and without code blocks, at most {@code max} characters. */
    static String plain(String text, int max) {
        StringBuilder plain = new StringBuilder();
        boolean fenced = false;
        for (String line : lines(text)) {
            if (line.strip().startsWith("```")) {
                fenced = !fenced;
            } else if (!fenced && !isHeading(line)) {
                plain.append(inline(line)).append('\n');
            }
            if (plain.length() > max) {
                break;
            }
        }
        return Texts.clip(plain.toString().strip(), max);
    }

    /**
     * What it says outside of its lists, at most {@code max} characters; with nothing but lists, their points in one
     * sentence.
     */
    static String prose(String text, int max) {
        List<String> points = points(text, 8);
        if (points.isEmpty()) {
            return Texts.firstSentences(plain(text, max * 3), max);
        }
        StringBuilder rest = new StringBuilder();
        for (String line : lines(text)) {
            if (!isPoint(line)) {
                rest.append(line).append('\n');
            }
        }
        String prose = plain(rest.toString(), max * 3);
        return Texts.firstSentences(prose.isBlank() ? String.join("; ", points) : prose, max);
    }

    /** The points of its lists, each on one line, at most {@code max}; a single point is none. */
    static List<String> points(String text, int max) {
        List<String> points = new ArrayList<>();
        boolean fenced = false;
        for (String line : lines(text)) {
            fenced ^= line.strip().startsWith("```");
            if (!fenced && isPoint(line) && points.size() < max) {
                String point = point(line);
                if (point.length() > 12) {
                    points.add(Texts.firstSentences(point, 280));
                }
            }
        }
        return points.size() < 2 ? List.of() : points;
    }

    static List<String> lines(String text) {
        String[] lines = text.split("\n", MAX_LINES);
        return List.of(lines);
    }

    static boolean isHeading(String line) {
        String strip = line.strip();
        return strip.startsWith("#")
                || (strip.startsWith("**") && (strip.endsWith("**") || strip.endsWith("**:")) && strip.length() < 80);
    }

    static boolean isPoint(String line) {
        String strip = line.strip();
        if (strip.startsWith("- ") || strip.startsWith("* ") || strip.startsWith("• ")) {
            return true;
        }
        int digits = 0;
        while (digits < strip.length() && digits < 3 && Character.isDigit(strip.charAt(digits))) {
            digits++;
        }
        return digits > 0
                && digits + 1 < strip.length()
                && (strip.charAt(digits) == '.' || strip.charAt(digits) == ')')
                && strip.charAt(digits + 1) == ' ';
    }

    /** A point's text without its sign. */
    static String point(String line) {
        String strip = line.strip();
        String bare = strip.substring(Math.min(strip.length(), strip.indexOf(' ') + 1))
                .strip();
        for (String box : List.of("[ ] ", "[x] ", "[X] ")) {
            bare = bare.startsWith(box) ? bare.substring(box.length()) : bare;
        }
        return inline(bare);
    }

    /** Without emphasis; code keeps its backticks. */
    static String inline(String text) {
        return text.replace("**", "");
    }
}
