package dev.cairn.vector.embed;

import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a model and its tokenizer come from, and how its vectors are made. Its methods block.
 *
 * @param id the name with a digest of model and tokenizer: vectors of another id are of another model
 * @param source the model's file, and its tokenizer's
 * @param firstToken the first token's vector stands for the text; otherwise the mean of all
 * @param queryPrefix is put before a query
 * @param documentPrefix is put before a document
 * @param maxTokens it can take no more
 */
record EmbeddingModel(
        String id, Source source, boolean firstToken, String queryPrefix, String documentPrefix, int maxTokens) {
    /** The one that is in the worker's jar. */
    static final String BUNDLED = BundledModel.NAME;

    /** The setting a model is named by. */
    static final String KEY = "vector.model";

    /** Files that may have to be unpacked. */
    interface Source {
        /** @param cache where files may be put that are needed as files, and stay */
        Path onnx(Path cache) throws IOException;

        WordPieceTokenizer tokenizer() throws IOException;
    }

    /**
     * Finds a model and digests its files.
     *
     * @param name the bundled model's, or a directory
     * @throws CairnException when there is none of that name, or its files are not what is needed
     */
    static EmbeddingModel of(String name) {
        return name.equals(BUNDLED) ? BundledModel.model() : ModelDirectory.read(name);
    }

    static CairnException refused(String why, @Nullable Throwable cause) {
        return new CairnException(
                ErrorCode.INVALID_ARGUMENT,
                KEY + " names a model that cannot be used: " + why + "; " + BUNDLED + " is built in",
                KEY,
                cause);
    }
}
