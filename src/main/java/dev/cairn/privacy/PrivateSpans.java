package dev.cairn.privacy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out what people put between {@code <private>} and {@code </private>}: in any case, with attributes, nested; without
 * an end to the end of the text, and before a closing tag without a begin from the begin of the text, since a part of a
 * longer one may have been quoted.
 *
 * <p>An instance remembers whether a span is open, for texts that come in pieces. Not thread-safe.
 */
final class PrivateSpans {
    /** The tag itself, or with its angle bracket as JSON writes it in a text within a text. */
    private static final Pattern TAG = Pattern.compile(
            "(?:<|\\\\{1,4}u003c)\\s{0,8}(?<close>/?)\\s{0,8}private(?:(?=\\s|>|\\\\{1,4}u003e|$)|\\s{0,8}(?<empty>/)\\s{0,8}(?=>))",
            Pattern.CASE_INSENSITIVE);
    /** How long a tag with its attributes may be. */
    private static final int TAG_LENGTH = 1000;

    private int depth;

    /** The text itself when nothing in it is private. */
    static String hide(String text) {
        return new PrivateSpans().hideNext(text);
    }

    /** The next piece; what was open at the end of the one before is still open. */
    String hideNext(String text) {
        if (depth == 0 && !mayHold(text)) {
            return text;
        }
        List<Markers.Marked> spans = new ArrayList<>();
        int from = 0;
        int hidden = 0;
        Matcher tag = TAG.matcher(text);
        while (tag.find()) {
            int end = tagEnd(text, tag.end());
            if (tag.group("close").isEmpty()) {
                if (depth == 0) {
                    from = tag.start();
                }
                if (tag.group("empty") == null) {
                    depth++;
                } else if (depth == 0) {
                    spans.add(new Markers.Marked(from, end, Markers.PRIVATE));
                    hidden = end;
                }
            } else if (depth > 1) {
                depth--;
            } else {
                spans.add(new Markers.Marked(depth == 1 ? from : hidden, end, Markers.PRIVATE));
                depth = 0;
                hidden = end;
            }
        }
        if (depth > 0 && from < text.length()) {
            spans.add(new Markers.Marked(from, text.length(), Markers.PRIVATE));
        }
        return spans.isEmpty() ? text : Markers.replace(text, spans);
    }

    private static int tagEnd(String text, int from) {
        int limit = Math.min(text.length(), from + TAG_LENGTH);
        for (int i = from; i < limit; i++) {
            char c = text.charAt(i);
            if (c == '>') {
                return i + 1;
            }
            if (c == '<') {
                return from;
            }
            if (c == '\\' && text.regionMatches(true, i, "\\u003e", 0, 6)) {
                return i + 6;
            }
        }
        return from;
    }

    /** A quick look that spares nearly every text the pattern. */
    private static boolean mayHold(String text) {
        for (int i = text.indexOf('<'); i >= 0; i = text.indexOf('<', i + 1)) {
            int next = i + 1;
            while (next < text.length() && next < i + 18 && (text.charAt(next) <= ' ' || text.charAt(next) == '/')) {
                next++;
            }
            if (text.regionMatches(true, next, "private", 0, 7)) {
                return true;
            }
        }
        return text.contains("u003c") || text.contains("u003C");
    }
}
