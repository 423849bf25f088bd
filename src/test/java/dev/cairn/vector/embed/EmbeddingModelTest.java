package dev.cairn.vector.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingModelTest {
    @TempDir
    static Path cache;

    @TempDir
    Path directory;

    private static JsonArray golden;

    @BeforeAll
    static void read() throws IOException {
        // Made with ONNX Runtime and the tokenizers of Python, of the same files.
        golden = new JsonArray(new String(bytes("/embed/vectors.json"), StandardCharsets.UTF_8));
    }

    private static byte[] bytes(String resource) throws IOException {
        try (InputStream in = EmbeddingModelTest.class.getResourceAsStream(resource)) {
            return in.readAllBytes();
        }
    }

    private static double cosine(float[] vector, JsonArray expected) {
        double product = 0;
        double one = 0;
        double other = 0;
        for (int i = 0; i < expected.size(); i++) {
            double value = expected.getDouble(i);
            product += vector[i] * value;
            one += vector[i] * vector[i];
            other += value * value;
        }
        return product / Math.sqrt(one * other);
    }

    @Test
    void makesTheVectorsOfTheReference() throws Exception {
        try (OnnxEmbedder embedder = OnnxEmbedder.load(EmbeddingModel.of(EmbeddingModel.BUNDLED), cache)) {
            assertThat(embedder.dimensions()).isEqualTo(384);
            assertThat(embedder.id()).isEqualTo("bge-small-en-v1.5-q-46a5f4dc");
            for (int i = 0; i < golden.size(); i++) {
                JsonObject each = golden.getJsonObject(i);
                String text = each.getString("text");
                float[] vector = each.getString("kind").equals("query")
                        ? embedder.query(text, 512)
                        : embedder.document(text, 512);
                assertThat(cosine(vector, each.getJsonArray("vector"))).as(text).isGreaterThan(0.9999);
                double square = 0;
                for (float value : vector) {
                    square += value * value;
                }
                assertThat(square).isCloseTo(1, within(1e-5));
            }
        }
    }

    @Test
    void cutsALongText() throws Exception {
        try (OnnxEmbedder embedder = OnnxEmbedder.load(EmbeddingModel.of(EmbeddingModel.BUNDLED), cache)) {
            assertThat(embedder.document("one two three four five", 5))
                    .isEqualTo(embedder.document("one two three", 512))
                    .isNotEqualTo(embedder.document("one two three four five", 512));
            assertThat(embedder.document("word ".repeat(5_000), 100_000)).hasSize(384);
        }
    }

    @Test
    void theBundledModelsIdIsThatOfItsFiles() throws Exception {
        String digest = new Digests()
                .add(EmbeddingModelTest.class.getResourceAsStream(BundledModel.ONNX))
                .add(EmbeddingModelTest.class.getResourceAsStream(BundledModel.TOKENIZER))
                .hex();
        assertThat(BundledModel.DIGEST).isEqualTo(digest);
    }

    /** The bundled one, written as the directory of a model. */
    private void write(String onnx) throws IOException {
        Path file = directory.resolve(onnx);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes(BundledModel.ONNX));
        Map<String, Object> vocab = new JsonObject(new String(bytes(BundledModel.TOKENIZER), StandardCharsets.UTF_8))
                .getJsonObject("model")
                .getJsonObject("vocab")
                .getMap();
        List<String> lines = new ArrayList<>(Collections.nCopies(vocab.size(), ""));
        vocab.forEach((piece, id) -> lines.set((Integer) id, piece));
        Files.write(directory.resolve("vocab.txt"), lines);
    }

    @Test
    void readsADirectoryWithNothingButModelAndVocabulary() throws Exception {
        write("onnx/model_quantized.onnx");

        EmbeddingModel model = EmbeddingModel.of(directory.toString());

        assertThat(model.id()).matches(directory.getFileName() + "-[0-9a-f]{8}");
        assertThat(EmbeddingModel.of(directory.toString()).id()).isEqualTo(model.id());
        assertThat(model.firstToken()).isFalse();
        assertThat(model.maxTokens()).isEqualTo(512);
        try (OnnxEmbedder embedder = OnnxEmbedder.load(model, cache)) {
            JsonObject each = golden.getJsonObject(0);
            assertThat(cosine(embedder.query(each.getString("text"), 512), each.getJsonArray("mean")))
                    .isGreaterThan(0.9999);
        }
    }

    @Test
    void heedsTheSettingsOfADirectory() throws Exception {
        write("model.onnx");
        Files.writeString(
                directory.resolve("config_sentence_transformers.json"),
                "{\"prompts\":{\"query\":\"query: \",\"document\":\"passage: \"}}");
        Files.createDirectory(directory.resolve("1_Pooling"));
        Files.writeString(directory.resolve("1_Pooling/config.json"), "{\"pooling_mode_cls_token\":true}");
        Files.writeString(directory.resolve("sentence_bert_config.json"), "{\"max_seq_length\":6}");
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"model_max_length\":1e30}");

        EmbeddingModel model = EmbeddingModel.of(directory.toString());

        assertThat(model.firstToken()).isTrue();
        assertThat(model.maxTokens()).isEqualTo(6);
        try (OnnxEmbedder embedder = OnnxEmbedder.load(model, cache);
                OnnxEmbedder bundled = OnnxEmbedder.load(EmbeddingModel.of(EmbeddingModel.BUNDLED), cache)) {
            assertThat(embedder.query("one two three", 512)).isEqualTo(bundled.document("query: one two", 512));
            assertThat(embedder.document("one two three", 512)).isEqualTo(bundled.document("passage: one two", 512));
        }
    }

    @Test
    void refusesWhatIsNoModel() throws Exception {
        assertThatThrownBy(() -> EmbeddingModel.of("bge-large"))
                .hasMessageContaining("vector.model")
                .hasMessageContaining("no directory bge-large")
                .hasMessageContaining("bge-small-en-v1.5-q is built in");
        assertThatThrownBy(() -> EmbeddingModel.of(directory.toString())).hasMessageContaining("none of model.onnx");
        Files.writeString(directory.resolve("model.onnx"), "no model");
        assertThatThrownBy(() -> EmbeddingModel.of(directory.toString()))
                .hasMessageContaining("none of tokenizer.json, vocab.txt");
        Files.writeString(directory.resolve("vocab.txt"), "[UNK]\n[CLS]\n[SEP]\n");
        EmbeddingModel broken = EmbeddingModel.of(directory.toString());
        assertThatThrownBy(() -> OnnxEmbedder.load(broken, cache))
                .hasMessageContaining("vector.model")
                .hasMessageContaining("ONNX Runtime does not run it");
        Files.writeString(directory.resolve("tokenizer_config.json"), "{");
        assertThatThrownBy(() -> EmbeddingModel.of(directory.toString()))
                .hasMessageContaining("tokenizer_config.json is not JSON");
    }

    @Test
    void unpacksAnewWhatIsNotAsItWas() throws Exception {
        Path file = Unpacked.resource(BundledModel.TOKENIZER, directory);
        Object key = Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey();
        assertThat(Unpacked.resource(BundledModel.TOKENIZER, directory)).isEqualTo(file);
        assertThat(Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                        .fileKey())
                .isEqualTo(key);
        byte[] bytes = Files.readAllBytes(file);
        bytes[1_000] ^= 1;
        Files.write(file, bytes);

        Unpacked.resource(BundledModel.TOKENIZER, directory);

        assertThat(Files.readAllBytes(file)).isEqualTo(bytes(BundledModel.TOKENIZER));
        try (var left = Files.list(directory)) {
            assertThat(left).containsExactly(file);
        }
    }
}
