package dev.cairn.http.json;

/**
 * Hosts cut texts between the two halves of a surrogate pair, and JSON lets them send the half. It has no form in UTF-8, so
 * nothing could keep or answer it: it becomes U+FFFD.
 */
public final class Surrogates {
    private Surrogates() {}

    /** The text itself when it is whole, else a copy with each lone surrogate replaced. */
    public static String repair(String text) {
        int first = firstLone(text);
        if (first < 0) {
            return text;
        }
        StringBuilder repaired = new StringBuilder(text);
        for (int i = first; i < repaired.length(); i++) {
            char c = repaired.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (isPairAt(repaired, i)) {
                i++;
            } else {
                repaired.setCharAt(i, '\uFFFD');
            }
        }
        return repaired.toString();
    }

    private static int firstLone(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!isPairAt(text, i)) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }

    private static boolean isPairAt(CharSequence text, int i) {
        return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
    }
}
