package dev.cairn.load;

import java.util.Random;

/** Made-up memories whose words are spread as in real text: few are frequent, most are rare. Seeded, so always the same. */
final class Corpus {
    private static final int VOCABULARY = 20_000;
    private static final int STOP_WORDS = 100;
    private static final String[] SYLLABLES = {
        "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we", "xi", "yo",
        "zu", "bra", "cle", "dri", "flo", "gru"
    };

    private final Random random = new Random(20261122);

    /** The word of this rank; low ranks are the frequent ones. */
    static String word(int rank) {
        StringBuilder word = new StringBuilder();
        int rest = rank + SYLLABLES.length;
        while (rest > 0) {
            word.append(SYLLABLES[rest % SYLLABLES.length]);
            rest /= SYLLABLES.length;
        }
        return word.toString();
    }

    /** A word as often as its rank allows (Zipf). */
    String word() {
        double u = random.nextDouble();
        return word((int) Math.min(VOCABULARY - 1, Math.pow(VOCABULARY, u)));
    }

    /** A word as people search for: the most frequent ones are the corpus's stop words, which no search looks for. */
    String searched() {
        double u = random.nextDouble();
        return word((int) Math.min(VOCABULARY - 1, STOP_WORDS * Math.pow((double) VOCABULARY / STOP_WORDS, u)));
    }

    String words(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : " ").append(word());
        }
        return text.toString();
    }

    /** Several memories as the body of {@code POST /api/memories}. */
    String memories(int count, String project) {
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; i < count; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("{\"project\":\"")
                    .append(project)
                    .append("\",\"title\":\"")
                    .append(words(6))
                    .append("\",\"text\":\"")
                    .append(words(40))
                    .append("\"}");
        }
        return json.append(']').toString();
    }
}
