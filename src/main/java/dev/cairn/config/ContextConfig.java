package dev.cairn.config;

/** The keys under {@code context}. */
public record ContextConfig(boolean enabled, int maxTokens, int summaries, int observations, Prompt prompt) {
    /**
     * The keys under {@code context.prompt}.
     *
     * @param minCosine 0 for what was measured for the model
     */
    public record Prompt(boolean enabled, int memories, int maxTokens, int deadlineMs, double minCosine) {}
}
