package dev.cairn.store;

import org.jspecify.annotations.Nullable;

/** Titles for what has none. */
final class Titles {
    static final int MAX = 80;

    private Titles() {}

    /** The title, or the begin of the text: its first sentence or line, cut at a word. */
    static String of(@Nullable String title, @Nullable String text, String fallback) {
        if (title != null && !title.isBlank()) {
            return title;
        }
        String begin = text == null ? "" : firstSentence(text.strip());
        return begin.isEmpty() ? fallback : begin;
    }

    private static String firstSentence(String text) {
        int end = 0;
        while (end < text.length() && end <= MAX && !isEnd(text, end)) {
            end++;
        }
        if (end < text.length() && end <= MAX && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        if (end <= MAX) {
            return text.substring(0, end).strip();
        }
        int cut = MAX - 1;
        int word = text.lastIndexOf(' ', cut);
        if (word > MAX / 2) {
            cut = word;
        } else if (Character.isHighSurrogate(text.charAt(cut - 1))) {
            cut--;
        }
        return text.substring(0, cut).strip() + "…";
    }

    /** A line's end, or a sentence's: a full stop that is followed by white space, or one of the wide kind. */
    private static boolean isEnd(String text, int i) {
        char c = text.charAt(i);
        if (c == '\n' || c == '\r' || c == '。' || c == '！' || c == '？') {
            return true;
        }
        boolean stop = c == '.' || c == '!' || c == '?';
        return stop && (i + 1 == text.length() || Character.isWhitespace(text.charAt(i + 1)));
    }
}
