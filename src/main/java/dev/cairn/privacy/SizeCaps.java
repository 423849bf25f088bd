package dev.cairn.privacy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each field within {@code store.maxFieldBytes} of UTF-8. What is too long loses its middle to a marker such as
 * {@code [… 51,200,000 characters cut …]}; a JSON text stays JSON: its longest strings are cut. A surrogate pair is never
 * split. Thread-safe.
 */
public final class SizeCaps {
    private static final String OPEN = "[\u2026 ";
    private static final String CLOSE = " characters cut \u2026]";
    /** Room for the longest marker, in bytes. */
    private static final int MARKER = 48;
    /** A string within JSON is not cut shorter than this, in bytes. */
    private static final int SHORTEST = 96;

    private final int maxBytes;

    public SizeCaps(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    int maxBytes() {
        return maxBytes;
    }

    /** The text itself when it fits. */
    String text(String text) {
        return fits(text) ? text : cut(text, maxBytes, false);
    }

    /**
     * The begin and the end of a text whose middle was left out before.
     *
     * @param left how many characters stood between them
     */
    String text(String head, String tail, long left) {
        return text(head + marker(left) + tail);
    }

    /** The JSON text itself when it fits. */
    String json(String json) {
        if (fits(json)) {
            return json;
        }
        List<Integer> sizes = new ArrayList<>();
        JsonText.rewrite(json, (name, container, text) -> {
            sizes.add(size(text));
            return null;
        });
        int limit = limit(Blobs.utf8Length(json), sizes);
        if (limit >= SHORTEST) {
            String shorter = JsonText.rewrite(json, (name, container, text) -> shortened(text, limit));
            if (fits(shorter)) {
                return shorter;
            }
        }
        // Too much besides its strings: numbers, names, or very many short ones.
        StringBuilder whole = new StringBuilder(maxBytes);
        JsonText.quote(cut(json, maxBytes - 2, true), whole);
        return whole.toString();
    }

    private static @Nullable String shortened(String text, int limit) {
        return size(text) <= limit ? null : cut(text, limit, true);
    }

    private boolean fits(String text) {
        return text.length() * 3L <= maxBytes || (text.length() <= maxBytes && Blobs.utf8Length(text) <= maxBytes);
    }

    /** To what length strings must be cut so that the whole fits; 0 when that cannot be. */
    private int limit(long total, List<Integer> sizes) {
        long excess = total - maxBytes;
        Collections.sort(sizes, Collections.reverseOrder());
        long sum = 0;
        for (int i = 0; i < sizes.size(); i++) {
            sum += sizes.get(i);
            int next = i + 1 < sizes.size() ? sizes.get(i + 1) : 0;
            // The i + 1 longest are cut to one length, which must not be below that of the next.
            long limit = (sum - excess) / (i + 1);
            if (sum - excess >= 0 && limit >= next) {
                return (int) limit;
            }
        }
        return 0;
    }

    private static int size(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            bytes += cost(text.charAt(i), true);
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    private static int cost(char c, boolean escaped) {
        if (c >= 0x80) {
            return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        if (!escaped || (c >= ' ' && c != '"' && c != '\\')) {
            return 1;
        }
        return c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t' ? 2 : 6;
    }

    /** @param escaped whether the bytes are counted as they are written in JSON */
    private static String cut(String text, int maxBytes, boolean escaped) {
        int half = Math.max(0, (maxBytes - MARKER) / 2);
        int head = 0;
        int bytes = 0;
        while (head < text.length() && (bytes += cost(text.charAt(head), escaped)) <= half) {
            head++;
        }
        if (head == text.length()) {
            return text;
        }
        if (head > 0 && Character.isHighSurrogate(text.charAt(head - 1))) {
            head--;
        }
        int tail = text.length();
        bytes = 0;
        while (tail > head && (bytes += cost(text.charAt(tail - 1), escaped)) <= half) {
            tail--;
        }
        if (tail < text.length() && Character.isLowSurrogate(text.charAt(tail))) {
            tail++;
        }
        return text.substring(0, head) + marker(cutBefore(text, head, tail)) + text.substring(tail);
    }

    /** How many characters are gone between the two, those counted by markers that stand there. */
    private static long cutBefore(String text, int from, int to) {
        long count = (long) to - from;
        for (int i = text.indexOf(OPEN, from); i >= 0 && i < to; i = text.indexOf(OPEN, i + 1)) {
            int end = text.indexOf(CLOSE, i);
            if (end < 0 || end + CLOSE.length() > to || end - i > 24) {
                continue;
            }
            String number = text.substring(i + OPEN.length(), end).replace(",", "");
            if (!number.isEmpty() && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
                count += Long.parseLong(number) - (end + CLOSE.length() - i);
            }
        }
        return count;
    }

    private static String marker(long characters) {
        return OPEN + String.format(Locale.ROOT, "%,d", characters) + CLOSE;
    }
}
