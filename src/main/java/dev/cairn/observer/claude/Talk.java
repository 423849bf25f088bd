package dev.cairn.observer.claude;

import dev.cairn.observer.spi.ModelRequest;
import java.util.UUID;

/**
 * What one child is started for: it remembers what it was told, so it serves one conversation, with one set of instructions.
 *
 * @param sessionId what the child is to call its session
 * @param instructions what the model is to do, the form of its answers among it: the program's own way to ask for a schema costs
 *     further calls
 */
record Talk(String sessionId, String conversation, String instructions, int outputTokens) {
    static Talk of(ModelRequest request) {
        return new Talk(
                UUID.randomUUID().toString(), request.conversation(), request.instructions(), request.outputTokens());
    }

    /** Whether a question is of this conversation. */
    boolean serves(ModelRequest request) {
        return conversation.equals(request.conversation())
                && outputTokens == request.outputTokens()
                && instructions.equals(request.instructions());
    }
}
