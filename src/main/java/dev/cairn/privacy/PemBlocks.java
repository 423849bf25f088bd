package dev.cairn.privacy;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Private keys in PEM armour: the whole block, also one whose end is missing, whose lines are numbered or quoted, or whose
 * line ends are written as escapes.
 */
final class PemBlocks {
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN [A-Z0-9 ]{0,40}?PRIVATE KEY(?: BLOCK)?-----");
    private static final Pattern END = Pattern.compile("-----END [A-Z0-9 ]{0,60}+-----");
    /** What a line between the armour may begin or end with: numbers and marks of tools, quotes of source code. */
    private static final String MARGIN = " \t>\"'+|:,\\()#*;\u2192";
    /** A line of so many base64 characters without a break is key material. */
    private static final int RUN = 20;

    private PemBlocks() {}

    static SecretRule.@Nullable Span at(String text, int start, int end) {
        SecretRule.Span begin = SecretRule.match(BEGIN, text, start);
        if (begin == null) {
            return null;
        }
        int next = text.indexOf("-----", begin.end());
        int limit = next < 0 ? text.length() : next;
        if (!holdsKey(text, begin.end(), limit)) {
            return null;
        }
        SecretRule.Span close = next < 0 ? null : SecretRule.match(END, text, next);
        return new SecretRule.Span(start, close == null ? endOfLines(text, begin.end(), limit) : close.end());
    }

    /** Whether a private key begins in this text and does not end in it. */
    static boolean opens(String text) {
        int start = text.lastIndexOf("-----BEGIN ");
        return start >= 0 && SecretRule.match(BEGIN, text, start) != null && !closes(text.substring(start));
    }

    static boolean closes(String text) {
        return text.contains("-----END ");
    }

    /** Whether this text can stand within a private key that is open. */
    static boolean continues(String text) {
        return isKeyLine(text, 0, text.length());
    }

    private static boolean holdsKey(String text, int from, int to) {
        int run = 0;
        for (int i = from; i < to && run < RUN; i++) {
            run = isBase64(text.charAt(i)) ? run + 1 : 0;
        }
        return run >= RUN;
    }

    /** Where the last line ends that looks like one of a key: the end is missing, so what follows may be anything. */
    private static int endOfLines(String text, int from, int limit) {
        int kept = from;
        int line = from;
        while (line < limit) {
            int lineEnd = lineEnd(text, line, limit);
            if (!isKeyLine(text, line, lineEnd)) {
                break;
            }
            kept = lineEnd;
            line = afterBreak(text, lineEnd, limit);
        }
        return kept;
    }

    private static int lineEnd(String text, int from, int limit) {
        int i = from;
        while (i < limit && !isBreak(text, i)) {
            i++;
        }
        return i;
    }

    /** A line break, as itself or as the two characters of its escape. */
    private static boolean isBreak(String text, int at) {
        char c = text.charAt(at);
        return c == '\n'
                || c == '\r'
                || (c == '\\' && at + 1 < text.length() && (text.charAt(at + 1) == 'n' || text.charAt(at + 1) == 'r'));
    }

    private static int afterBreak(String text, int at, int limit) {
        int i = at;
        while (i < limit && isBreak(text, i)) {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.max(i, at + 1);
    }

    /** Base64 without a gap, a header such as {@code DEK-Info: …}, or nothing. */
    private static boolean isKeyLine(String text, int from, int to) {
        int first = from;
        int last = to;
        while (first < last && MARGIN.indexOf(text.charAt(first)) >= 0) {
            first++;
        }
        while (last > first && MARGIN.indexOf(text.charAt(last - 1)) >= 0) {
            last--;
        }
        // "12\tMIIE…": a line number before the key's line.
        int digits = first;
        while (digits < last && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        if (digits > first && digits < last && MARGIN.indexOf(text.charAt(digits)) >= 0) {
            first = digits + 1;
            while (first < last && MARGIN.indexOf(text.charAt(first)) >= 0) {
                first++;
            }
        }
        int run = 0;
        for (int i = first; i < last; i++) {
            char c = text.charAt(i);
            if (isBase64(c)) {
                run++;
            } else if (c == ' ' && run >= RUN) {
                run = 0; // lines that were joined by blanks
            } else {
                return isHeader(text, first, last);
            }
        }
        return true;
    }

    private static boolean isHeader(String text, int from, int to) {
        return text.startsWith("Proc-Type:", from)
                || text.startsWith("DEK-Info:", from)
                || text.startsWith("Comment:", from)
                || (to - from < 80 && text.startsWith("Version:", from));
    }

    private static boolean isBase64(char c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '/'
                || c == '=';
    }
}
