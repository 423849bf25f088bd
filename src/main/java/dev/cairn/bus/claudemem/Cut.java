package dev.cairn.bus.claudemem;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** Makes texts short enough. A surrogate pair is never split. */
final class Cut {
    private static final int MARKER = 48;
    /** How far from its place a cut may move to a white space. */
    private static final int SEARCH = 1_024;

    private static final Pattern PRIVATE = Pattern.compile("private", Pattern.CASE_INSENSITIVE);
    private static final int DIGEST_BYTES = 8;

    private Cut() {}

    /**
     * The text itself when it fits; else its begin and its end, and between them how much is missing. It is cut at white space, so
     * that no secret loses only its begin; and of a text whose missing part may begin something private only the begin is left.
     */
    static String middle(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int half = (most - MARKER) / 2;
        int head = half;
        while (head > half - SEARCH && !Character.isWhitespace(text.charAt(head))) {
            head--;
        }
        int tail = text.length() - half;
        while (tail < text.length() - half + SEARCH && !Character.isWhitespace(text.charAt(tail - 1))) {
            tail++;
        }
        head = Character.isHighSurrogate(text.charAt(head - 1)) ? head - 1 : head;
        tail = Character.isLowSurrogate(text.charAt(tail)) ? tail + 1 : tail;
        boolean telling = PRIVATE.matcher(text).region(head, tail).find();
        int from = telling ? text.length() : tail;
        return text.substring(0, head)
                + String.format(Locale.ROOT, "[\u2026 %,d characters cut \u2026]", from - head)
                + text.substring(from);
    }

    /** The id itself when it fits; else its begin and a digest, so that two long ones stay two. */
    static String id(String id, int most) {
        if (id.length() <= most) {
            return id;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            String mark = "~" + HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
            int head = most - mark.length();
            return id.substring(0, Character.isHighSurrogate(id.charAt(head - 1)) ? head - 1 : head) + mark;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
