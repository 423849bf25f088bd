package dev.cairn.vector.embed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The model that is in the worker's jar: BAAI's bge-small-en-v1.5, quantised to 8 bits. */
final class BundledModel implements EmbeddingModel.Source {
    static final String NAME = "bge-small-en-v1.5-q";
    static final String ONNX = "/bge-small-en-v1.5-q.onnx";
    static final String TOKENIZER = "/bge-small-en-v1.5-q-tokenizer.json";

    /** Of {@link Digests}; reading the files for it each time would cost as much as loading them. */
    static final String DIGEST = "46a5f4dc";

    private static final String QUERY_PREFIX = "Represent this sentence for searching relevant passages: ";
    private static final int MAX_TOKENS = 512;

    private BundledModel() {}

    static EmbeddingModel model() {
        return new EmbeddingModel(NAME + "-" + DIGEST, new BundledModel(), true, QUERY_PREFIX, "", MAX_TOKENS);
    }

    @Override
    public Path onnx(Path cache) throws IOException {
        return Unpacked.resource(ONNX, cache.resolve("models"));
    }

    @Override
    public WordPieceTokenizer tokenizer() throws IOException {
        try (InputStream in = BundledModel.class.getResourceAsStream(TOKENIZER)) {
            if (in == null) {
                throw new IOException("the build lacks " + TOKENIZER);
            }
            return TokenizerReader.fromJson(new String(in.readAllBytes(), StandardCharsets.UTF_8), TOKENIZER);
        }
    }
}
