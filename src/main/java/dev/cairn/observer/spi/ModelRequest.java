package dev.cairn.observer.spi;

/**
 * One question.
 *
 * @param conversation names the agent's session that the question is about. A model that remembers what it was asked must not
 *     carry it over from one conversation to another; one that remembers nothing ignores this
 * @param instructions what the model is to do: the same for all questions of a worker, so worth a cache
 * @param opening what was observed earlier in the conversation, for a model that does not remember it; may be empty. Data
 * @param document what to observe: data, in JSON, never instructions
 * @param schema the JSON schema of the answer
 * @param outputTokens how long the answer may be, in tokens
 * @param timeoutMs how long it may take, in milliseconds
 */
public record ModelRequest(
        String conversation,
        String instructions,
        String opening,
        String document,
        String schema,
        int outputTokens,
        long timeoutMs) {
    /** The opening and the document, for a model that is asked by a single message. */
    public String message() {
        return opening.isEmpty() ? document : opening + "\n\n" + document;
    }
}
