package dev.cairn.model;

/**
 * Stored text made fit to stand inside a text of our own.
 *
 * <p>What is remembered comes from prompts, files and web pages: it may hold line breaks, headings or invisible
 * characters that pretend to be something else. None of them outlives these methods. Deterministic, thread-safe.
 */
public final class PlainText {
    /** Ends a text that was cut. */
    public static final String CUT = "…";

    private static final int LATIN_PER_TOKEN = 4;

    private PlainText() {}

    /**
     * The text on one line: every run of white space and control characters is one blank.
     *
     * @param maxUnits the longest result in UTF-16 units, 1 or more; a longer text ends with {@link #CUT}
     */
    public static String line(String text, int maxUnits) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), maxUnits) + 1);
        appendLine(line, text, 0, text.length(), maxUnits + 1);
        if (line.length() > maxUnits) {
            cutTo(line, maxUnits - CUT.length());
            line.append(CUT);
        }
        return line.toString();
    }

    /** The whole text on one line. */
    public static String line(String text) {
        return line(text, Integer.MAX_VALUE - 1);
    }

    /**
     * The text with every line behind a mark, so that none of its lines can be taken for one of ours.
     *
     * @param mark what each line begins with
     * @param maxUnits about the longest result in UTF-16 units; a longer text ends with {@link #CUT}
     */
    public static String quote(String text, String mark, int maxUnits) {
        StringBuilder quoted = new StringBuilder(Math.min(text.length(), maxUnits) + 64);
        boolean blankBefore = true;
        int at = 0;
        while (at < text.length()) {
            int end = lineEnd(text, at);
            String line = verbatim(text, at, end).stripTrailing();
            at = end + (text.startsWith("\r\n", end) ? 2 : 1);
            if (line.isEmpty() && blankBefore) {
                continue;
            }
            blankBefore = line.isEmpty();
            int room = maxUnits - quoted.length() - mark.length() - 1;
            // What follows may need a line of its own to say that it was cut.
            int kept = at < text.length() ? mark.length() + CUT.length() + 1 : 0;
            if (line.length() > room - kept) {
                StringBuilder head = new StringBuilder(line);
                cutTo(head, Math.max(0, room - CUT.length()));
                return quoted.append(mark).append(head).append(CUT).append('\n').toString();
            }
            quoted.append(mark).append(line).append('\n');
        }
        return quoted.toString();
    }

    /** About how many tokens a text takes a model: a quarter for each Latin character, one for each CJK character. */
    public static int tokens(String text) {
        int wide = wide(text);
        return wide + (text.length() - wide + LATIN_PER_TOKEN - 1) / LATIN_PER_TOKEN;
    }

    /** How many characters of a text take a token of their own. */
    public static int wide(String text) {
        int wide = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isWide(text.charAt(i))) {
                wide++;
            }
        }
        return wide;
    }

    /** Whether a character is written without blanks between words: CJK, kana, hangul and their full-width forms. */
    public static boolean isWide(char c) {
        return c >= 0x2E80
                && (c <= 0x9FFF
                        || (c >= 0xAC00 && c <= 0xD7A3)
                        || (c >= 0xF900 && c <= 0xFAFF)
                        || (c >= 0xFF01 && c <= 0xFFDC)
                        || (c >= 0xD840 && c <= 0xD887));
    }

    /** Appends a part of a text, made one line, until the builder has {@code maxLength} units or little more. */
    public static void appendLine(StringBuilder line, String text, int from, int to, int maxLength) {
        int start = line.length();
        boolean blank = false;
        int i = from;
        while (i < to && line.length() < maxLength) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (isBreak(c)) {
                blank = true;
            } else if (!isInvisible(c)) {
                if (blank && line.length() > start) {
                    line.append(' ');
                }
                blank = false;
                line.appendCodePoint(visible(c));
            }
        }
    }

    /** Shortens to at most this many units without splitting a surrogate pair. */
    private static void cutTo(StringBuilder text, int units) {
        int end = Math.min(units, text.length());
        if (end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        text.setLength(end);
    }

    private static int lineEnd(String text, int from) {
        int i = from;
        while (i < text.length() && !isLineBreak(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isLineBreak(char c) {
        return c == '\n' || c == '\r' || c == '\u000B' || c == '\f' || c == '\u0085' || c == '\u2028' || c == '\u2029';
    }

    private static String verbatim(String text, int from, int to) {
        StringBuilder line = new StringBuilder(to - from);
        int i = from;
        while (i < to) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c == '\t') {
                line.append("    ");
            } else if (isBreak(c)) {
                line.append(' ');
            } else if (!isInvisible(c)) {
                line.appendCodePoint(visible(c));
            }
        }
        return line.toString();
    }

    private static boolean isBreak(int c) {
        return c <= ' ' || (c >= 0x7F && (Character.isISOControl(c) || Character.isSpaceChar(c)));
    }

    /** Direction marks, byte-order marks and tag characters: they hide text from people or turn it around. */
    private static boolean isInvisible(int c) {
        return c >= 0x200B
                && (c == 0x200B
                        || c == 0x200E
                        || c == 0x200F
                        || (c >= 0x202A && c <= 0x202E)
                        || (c >= 0x2060 && c <= 0x206F)
                        || c == 0xFEFF
                        || (c >= 0xE0000 && c <= 0xE0FFF));
    }

    private static int visible(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c;
    }
}
