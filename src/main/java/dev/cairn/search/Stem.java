package dev.cairn.search;

import java.util.Arrays;

/**
 * English words without their endings, near enough to the index's Porter stemmer to find again what it matched. Where
 * the two differ a match is only not marked.
 */
final class Stem {
    /** The longest first, so that the longest that fits is taken. */
    private static final String[] ENDINGS = {
        "ational", "ization", "fulness", "iveness", "ousness", "ations", "ements", "ation", "ement", "ments", "ators",
        "ities", "izing", "izers", "izes", "ized", "izer", "ator", "able", "ible", "ably", "ance", "ence", "ment",
        "ness", "ings", "ions", "ates", "ated", "ity", "ize", "ate", "ant", "ent", "ing", "ion", "ies", "ied", "ers",
        "ous", "ive", "ful", "ed", "er", "es", "ly", "al", "ic", "s", "e", "y"
    };

    /** No stem of a longer word is shorter. */
    static final int SHORTEST = 3;

    /** The endings by their last letter, {@code a} first: a snippet stems many words. */
    private static final String[][] BY_LAST = new String[26][];

    static {
        for (int i = 0; i < BY_LAST.length; i++) {
            char last = (char) ('a' + i);
            BY_LAST[i] = Arrays.stream(ENDINGS)
                    .filter(ending -> ending.charAt(ending.length() - 1) == last)
                    .toArray(String[]::new);
        }
    }

    private Stem() {}

    /** @param word lower-case, without accents */
    static String of(String word) {
        String stem = word;
        // Twice, because endings pile up: "connections" is connect + ion + s.
        for (int round = 0; round < 2; round++) {
            stem = withoutEnding(stem);
        }
        int last = stem.length() - 1;
        boolean doubled = last >= SHORTEST && stem.charAt(last) == stem.charAt(last - 1) && !stem.equals(word);
        return doubled && "lsz".indexOf(stem.charAt(last)) < 0 ? stem.substring(0, last) : stem;
    }

    private static String withoutEnding(String word) {
        int last = word.isEmpty() ? -1 : word.charAt(word.length() - 1) - 'a';
        if (last < 0 || last >= BY_LAST.length || word.endsWith("ss")) {
            return word;
        }
        for (String ending : BY_LAST[last]) {
            int length = word.length() - ending.length();
            if (length >= SHORTEST && word.endsWith(ending) && hasVowel(word, length)) {
                return word.substring(0, length);
            }
        }
        return word;
    }

    private static boolean hasVowel(String word, int to) {
        for (int i = 0; i < to; i++) {
            if ("aeiouy".indexOf(word.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }
}
