package dev.cairn.observer.rules;

import java.util.List;

/** Short texts for people: clipped, on one line, quoted, listed. All bounded by their result's length. */
public final class Texts {
    private static final char ELLIPSIS = '…';

    private Texts() {}

    /** The text on one line without control characters and terminal colours, at most {@code max} UTF-16 units. */
    public static String oneLine(String text, int max) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), max + 1));
        boolean gap = false;
        for (int i = 0; i < text.length() && line.length() <= max; i++) {
            char c = text.charAt(i);
            if (c == 0x1b) {
                i = endOfEscape(text, i);
            } else if (Character.isWhitespace(c) || Character.isISOControl(c) || c == 0xa0) {
                gap = !line.isEmpty();
            } else {
                if (gap) {
                    line.append(' ');
                    gap = false;
                }
                line.append(c);
            }
        }
        return clip(line.toString(), max);
    }

    private static int endOfEscape(String text, int escape) {
        int end = escape + 1;
        if (end >= text.length() || text.charAt(end) != '[') {
            return escape;
        }
        int limit = Math.min(text.length(), escape + 24);
        for (end++; end < limit; end++) {
            char c = text.charAt(end);
            if (c >= '@' && c <= '~') {
                return end;
            }
        }
        return escape;
    }

    /** The text, cut at a word's end where one is near, with an ellipsis when something was cut. */
    public static String clip(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        int end = max - 1;
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        int space = text.lastIndexOf(' ', end);
        if (space > max * 2 / 3) {
            end = space;
        }
        return text.substring(0, end).stripTrailing() + ELLIPSIS;
    }

    /** Several lines, stripped, with at most one empty line in a row, at most {@code max} UTF-16 units. */
    public static String paragraphs(String text, int max) {
        StringBuilder kept = new StringBuilder();
        int newlines = 2;
        for (int i = 0; i < text.length() && kept.length() <= max; i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                if (newlines < 2) {
                    kept.append(c);
                }
                newlines++;
            } else if (c == '\t' || !Character.isISOControl(c)) {
                kept.append(c);
                newlines = 0;
            }
        }
        return clip(kept.toString().strip(), max);
    }

    public static String quote(String text) {
        return "“" + text + "”";
    }

    public static String code(String text) {
        return text.indexOf('`') >= 0 ? quote(text) : "`" + text + "`";
    }

    /** {@code 1 file}, {@code 2 files}. */
    public static String count(int number, String noun) {
        if (number == 1) {
            return "1 " + noun;
        }
        boolean hissing = noun.endsWith("ch") || noun.endsWith("s");
        return number + " " + noun + (hissing ? "es" : "s");
    }

    /** {@code a, b and c}; with more than {@code max} of them {@code a, b and 3 more}. */
    public static String list(List<String> items, int max) {
        if (items.size() > max) {
            return String.join(", ", items.subList(0, max)) + " and " + (items.size() - max) + " more";
        }
        if (items.size() < 2) {
            return String.join("", items);
        }
        return String.join(", ", items.subList(0, items.size() - 1)) + " and " + items.get(items.size() - 1);
    }

    /** The text with a full stop, unless it ends a sentence already. */
    public static String sentence(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return "";
        }
        boolean ended = ".!?。！？…".indexOf(stripped.charAt(stripped.length() - 1)) >= 0;
        boolean endedInQuote = stripped.endsWith(".”")
                || stripped.endsWith("?”")
                || stripped.endsWith("!”")
                || stripped.endsWith("。”")
                || stripped.endsWith("？”")
                || stripped.endsWith("…”");
        return ended || endedInQuote ? stripped : stripped + ".";
    }

    /** The beginning of the text, by whole sentences as far as they fit in {@code max}. */
    public static String firstSentences(String text, int max) {
        String line = oneLine(text, max * 2);
        if (line.length() <= max) {
            return line;
        }
        int end = -1;
        for (int i = 0; i < max; i++) {
            char c = line.charAt(i);
            boolean stop = (c == '.' || c == '!' || c == '?') && line.charAt(i + 1) == ' ';
            if (stop || c == '。' || c == '！' || c == '？') {
                end = i + 1;
            }
        }
        return end > max / 4 ? line.substring(0, end) : clip(line, max);
    }

    /** The last part of a path, also of one that ends with a slash. */
    public static String fileName(String path) {
        int end = path.endsWith("/") && path.length() > 1 ? path.length() - 1 : path.length();
        int slash = path.lastIndexOf('/', end - 1);
        return path.substring(slash + 1, end);
    }

    /** The directory of a path; empty for a name without one. */
    public static String directory(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "" : path.substring(0, slash);
    }

    /** The extension in lower case, without the dot; empty when there is none. */
    public static String extension(String path) {
        String name = fileName(path);
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? "" : name.substring(dot + 1).toLowerCase(java.util.Locale.ROOT);
    }
}
