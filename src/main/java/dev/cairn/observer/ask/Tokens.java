package dev.cairn.observer.ask;

/**
 * How many tokens a text is, estimated: each model counts in its own way, and none of them is at hand. Three and a half ASCII
 * characters a token, and one for each other character, is more than models count for code, JSON and prose (see
 * {@code observers.md}), so a bound in tokens is kept.
 */
final class Tokens {
    private static final double ASCII_PER_TOKEN = 3.5;

    private Tokens() {}

    static int estimate(String text) {
        int others = 0;
        for (int i = 0; i < text.length(); i++) {
            others += text.charAt(i) >= 128 ? 1 : 0;
        }
        return (int) Math.ceil((text.length() - others) / ASCII_PER_TOKEN) + others;
    }

    /** The most bytes that are surely no more tokens than this. */
    static int bytes(int tokens) {
        return (int) (tokens * ASCII_PER_TOKEN);
    }
}
