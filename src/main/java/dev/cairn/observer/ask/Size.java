package dev.cairn.observer.ask;

import dev.cairn.config.ObserverConfig;

/**
 * How much is told to a model at once.
 *
 * @param uses tool uses at most
 * @param tokens estimated tokens at most, unless a single tool use has more
 * @param fieldBytes how long each input and each output may be, in bytes of UTF-8; the middle of a longer one is left out
 * @param history whether the model is told of earlier observations
 */
record Size(int uses, int tokens, int fieldBytes, boolean history) {
    /** So many turns wait that each question should take more of them along. */
    static final int MANY_WAITING = 50;

    private static final int WHEN_BEHIND = 3;
    private static final int MOST_FIELD = 8 * 1024;
    private static final int LEAST_FIELD = 512;

    /** @param waiting how many turns are ready */
    static Size of(ObserverConfig.Batch batch, int waiting) {
        // One tool use a question is somebody's choice; it holds whatever waits.
        boolean behind = waiting >= MANY_WAITING && batch.toolUses() > 1;
        int uses = behind ? batch.toolUses() * WHEN_BEHIND : batch.toolUses();
        int tokens = behind ? batch.tokens() * WHEN_BEHIND : batch.tokens();
        int field = Math.max(LEAST_FIELD, Math.min(MOST_FIELD, Tokens.bytes(batch.tokens()) / 2));
        return new Size(uses, tokens, field, batch.historyTokens() > 0);
    }

    /** Half of it: fewer tool uses as long as there are several, then shorter ones. */
    Size half(int told) {
        if (told > 1) {
            return new Size(told / 2, tokens, fieldBytes, false);
        }
        return new Size(1, tokens, Math.max(LEAST_FIELD, fieldBytes / 2), false);
    }

    /** Whether half of it is less than what was told. */
    boolean isDivisible(int told, int documentLength) {
        return told > 1 || (fieldBytes > LEAST_FIELD && documentLength > fieldBytes);
    }
}
