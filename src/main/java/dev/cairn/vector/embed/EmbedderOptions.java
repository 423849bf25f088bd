package dev.cairn.vector.embed;

import java.nio.file.Path;

/**
 * How texts are embedded.
 *
 * @param model the bundled model's name, or a directory
 * @param cache a directory for files that are unpacked once
 * @param queryTokens a search is cut to so many tokens
 * @param documentTokens a document is cut to so many tokens
 * @param queueTexts so many documents may wait
 * @param idleMs after so long without a text the model is unloaded; 0 keeps it
 */
public record EmbedderOptions(
        String model, Path cache, int queryTokens, int documentTokens, int queueTexts, long idleMs) {
    /** The model that is in the worker's jar. */
    public static final String BUNDLED = EmbeddingModel.BUNDLED;

    /** The bundled model, as it was measured to serve best. */
    public static EmbedderOptions bundled(Path cache) {
        return new EmbedderOptions(BUNDLED, cache, 128, 256, 1_024, 0);
    }
}
