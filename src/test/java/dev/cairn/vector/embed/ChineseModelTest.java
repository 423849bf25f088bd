package dev.cairn.vector.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real quantised bge-small-zh-v1.5, laid out in a directory as {@code vector.model} wants it. The expected values were made with ONNX
 * Runtime and the tokenizers of Python, of the same files.
 */
class ChineseModelTest {
    private static final String POOL = "连接池太小，高负载时请求超时。";
    private static final String GARDEN = "花园里有玫瑰和一个养鱼的池塘。";
    private static final String QUESTION = "请求为什么会超时？";

    @TempDir
    static Path directory;

    private static OnnxEmbedder embedder;

    @BeforeAll
    static void layOut() throws Exception {
        copy("/bge-small-zh-v1.5-q.onnx", "onnx/model_quantized.onnx");
        copy("/bge-small-zh-v1.5-q-tokenizer.json", "tokenizer.json");
        Files.createDirectories(directory.resolve("1_Pooling"));
        Files.writeString(directory.resolve("1_Pooling/config.json"), "{\"pooling_mode_cls_token\": true}");
        embedder = OnnxEmbedder.load(EmbeddingModel.of(directory.toString()), directory);
    }

    private static void copy(String resource, String file) throws IOException {
        Path to = directory.resolve(file);
        Files.createDirectories(to.getParent());
        try (InputStream in = ChineseModelTest.class.getResourceAsStream(resource)) {
            Files.copy(in, to);
        }
    }

    @AfterAll
    static void close() throws Exception {
        embedder.close();
    }

    @Test
    void everyCharacterIsAToken() throws Exception {
        WordPieceTokenizer tokenizer =
                EmbeddingModel.of(directory.toString()).source().tokenizer();

        assertThat(tokenizer.encode(QUESTION, 512))
                .containsExactly(101L, 6435L, 3724L, 711L, 784L, 720L, 833L, 6631L, 3198L, 8043L, 102L);
    }

    @Test
    void makesTheVectorsOfTheReference() throws Exception {
        assertThat(embedder.dimensions()).isEqualTo(512);
        assertBegins(POOL, -0.01457, 0.01225, 0.0611, 0.03674, -0.0063, -0.05655, -0.03113, 0.02806);
        assertBegins(GARDEN, 0.02185, 0.0283, 0.05749, 0.01614, 0.00553, -0.06729, -0.02309, 0.01561);
        assertBegins(
                "Vert.x 的 event loop 不能被阻塞，否则 HTTP 请求会超时。",
                -0.01544,
                0.01696,
                0.05016,
                0.02117,
                0.03409,
                -0.00676,
                -0.09589,
                0.03462);
    }

    private static void assertBegins(String text, double... expected) throws Exception {
        float[] vector = embedder.document(text, 10_000);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) vector[i]).as("%s [%d]", text, i).isCloseTo(expected[i], within(0.002));
        }
    }

    @Test
    void whatIsRelatedIsNearer() throws Exception {
        float[] question = embedder.query(QUESTION, 10_000);

        assertThat(cosine(question, embedder.document(POOL, 10_000)))
                .isGreaterThan(cosine(question, embedder.document(GARDEN, 10_000)) + 0.15);
    }

    private static double cosine(float[] one, float[] other) {
        return IntStream.range(0, one.length)
                .mapToDouble(i -> one[i] * other[i])
                .sum();
    }
}
