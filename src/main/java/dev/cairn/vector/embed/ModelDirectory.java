package dev.cairn.vector.embed;

import dev.cairn.model.CairnException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model in a directory, laid out as sentence-transformers and its exporters do. */
final class ModelDirectory implements EmbeddingModel.Source {
    private static final List<String> ONNX =
            List.of("model.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx", "model_quantized.onnx");
    private static final List<String> TOKENIZERS = List.of("tokenizer.json", "vocab.txt");
    private static final int MAX_TOKENS = 512;

    private final Path directory;
    private final Path onnx;
    private final Path tokenizer;

    private ModelDirectory(Path directory) {
        this.directory = directory;
        this.onnx = first(directory, ONNX);
        this.tokenizer = first(directory, TOKENIZERS);
    }

    static EmbeddingModel read(String name) {
        Path directory;
        try {
            directory = Path.of(name);
        } catch (InvalidPathException e) {
            throw EmbeddingModel.refused("\"" + name + "\" is no path", e);
        }
        if (!Files.isDirectory(directory)) {
            throw EmbeddingModel.refused("there is no directory " + name + ", and no model of that name", null);
        }
        ModelDirectory files = new ModelDirectory(directory);
        try {
            return files.model();
        } catch (IOException e) {
            throw EmbeddingModel.refused("its files cannot be read: " + e, e);
        } catch (ClassCastException e) {
            throw EmbeddingModel.refused(
                    "its settings in " + name + " are not of the known form: " + e.getMessage(), e);
        }
    }

    private EmbeddingModel model() throws IOException {
        String digest = new Digests()
                .add(Files.newInputStream(onnx))
                .add(Files.newInputStream(tokenizer))
                .hex();
        JsonObject prompts = settings("config_sentence_transformers.json").getJsonObject("prompts", new JsonObject());
        return new EmbeddingModel(
                directory.toAbsolutePath().normalize().getFileName() + "-" + digest,
                this,
                settings("1_Pooling/config.json").getBoolean("pooling_mode_cls_token", false),
                prompts.getString("query", ""),
                prompts.getString("document", ""),
                maxTokens());
    }

    private int maxTokens() throws IOException {
        int max = MAX_TOKENS;
        for (@Nullable
        Number each : new @Nullable Number[] {
            settings("sentence_bert_config.json").getNumber("max_seq_length"),
            settings("tokenizer_config.json").getNumber("model_max_length"),
            settings("config.json").getNumber("max_position_embeddings")
        }) {
            // Where nobody set it, it is an absurdly large number.
            if (each != null && each.doubleValue() >= 1) {
                max = (int) Math.min(max, each.doubleValue());
            }
        }
        return max;
    }

    @Override
    public Path onnx(Path cache) {
        return onnx;
    }

    @Override
    public WordPieceTokenizer tokenizer() throws IOException {
        try {
            return tokenizer.endsWith("vocab.txt")
                    ? TokenizerReader.fromVocabulary(
                            Files.readAllLines(tokenizer), settings("tokenizer_config.json"), tokenizer.toString())
                    : TokenizerReader.fromJson(Files.readString(tokenizer), tokenizer.toString());
        } catch (MalformedInputException e) {
            throw EmbeddingModel.refused(tokenizer + " is not in UTF-8", e);
        }
    }

    /** What a file says; nothing when it is not there. */
    private JsonObject settings(String file) throws IOException {
        Path path = directory.resolve(file);
        if (!Files.exists(path)) {
            return new JsonObject();
        }
        try {
            return new JsonObject(Files.readString(path));
        } catch (DecodeException | MalformedInputException e) {
            throw EmbeddingModel.refused(path + " is not JSON", e);
        }
    }

    private static Path first(Path directory, List<String> names) throws CairnException {
        return names.stream()
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> EmbeddingModel.refused(
                        directory + " has none of " + String.join(", ", names) + " that can be read", null));
    }
}
