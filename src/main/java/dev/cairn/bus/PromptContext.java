package dev.cairn.bus;

import java.util.List;

/**
 * What bears on a prompt.
 *
 * @param text empty unless the outcome is {@code INJECTED}; otherwise at most 10,000 UTF-16 units
 * @param tokens about how many tokens it takes a model
 * @param ids the memories shown, the one that bears most first; the session counts as told of them
 */
public record PromptContext(Outcome outcome, String text, int tokens, List<Long> ids) {
    /** Why there is a text, or none. */
    public enum Outcome {
        INJECTED,
        /** No memory bears on the prompt. */
        BELOW,
        /** Those that do are of this session, or it was told of them before. */
        TOLD,
        /** Nobody can say: switched off, no vector index that is up, or a model whose distances are not known. */
        UNAVAILABLE,
        /** It took too long. */
        LATE
    }

    public PromptContext {
        ids = List.copyOf(ids);
    }

    public static PromptContext none(Outcome outcome) {
        return new PromptContext(outcome, "", 0, List.of());
    }
}
