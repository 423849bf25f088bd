package dev.cairn.store;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;

/**
 * Prepares text for the full-text index.
 *
 * <p>SQLite's tokenizer takes an unbroken run of Chinese, Japanese or Korean for one word, which no query but that very run
 * would find. So each such character becomes a word of its own; a query then looks for them as a phrase.
 */
final class FtsText {
    /** Hangul Jamo: below there is no character of these scripts. */
    private static final int FIRST_CJK = 0x1100;

    private FtsText() {}

    /** The text as it is indexed. */
    static String indexed(String text) {
        String normal = normal(text);
        int at = firstCjk(normal);
        if (at < 0) {
            return normal;
        }
        StringBuilder out = new StringBuilder(normal.length() * 2).append(normal, 0, at);
        int i = at;
        while (i < normal.length()) {
            int c = normal.codePointAt(i);
            if (isCjk(c)) {
                out.append(' ').appendCodePoint(c).append(' ');
            } else {
                out.appendCodePoint(c);
            }
            i += Character.charCount(c);
        }
        return out.toString();
    }

    /** One form for characters that have several, such as wide letters, half-wide Kana and Hangul in pieces. */
    static String normal(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return Normalizer.normalize(text, Normalizer.Form.NFKC);
            }
        }
        return text;
    }

    static boolean isCjk(int c) {
        if (c < FIRST_CJK) {
            return false;
        }
        // The prolonged sound mark belongs to two scripts and so, to Unicode, to none.
        if (c == 0x30FC) {
            return true;
        }
        UnicodeScript script = UnicodeScript.of(c);
        boolean ofScript = script == UnicodeScript.HAN
                || script == UnicodeScript.HIRAGANA
                || script == UnicodeScript.KATAKANA
                || script == UnicodeScript.HANGUL
                || script == UnicodeScript.BOPOMOFO;
        return ofScript && Character.isLetter(c);
    }

    private static int firstCjk(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= FIRST_CJK && (Character.isHighSurrogate(c) || isCjk(c))) {
                return i;
            }
        }
        return -1;
    }
}
