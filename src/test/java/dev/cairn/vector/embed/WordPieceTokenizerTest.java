package dev.cairn.vector.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.model.CairnException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WordPieceTokenizerTest {
    private static String json = "";
    private static WordPieceTokenizer tokenizer;
    private static JsonObject golden;

    @BeforeAll
    static void read() throws IOException {
        json = resource(BundledModel.TOKENIZER);
        tokenizer = TokenizerReader.fromJson(json, "the bundled one");
        // Made with Hugging Face's tokenizers, of the same file.
        golden = new JsonObject(resource("/embed/tokens.json"));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = WordPieceTokenizerTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> differences(WordPieceTokenizer tried, String set, int limit) {
        List<String> wrong = new ArrayList<>();
        JsonArray cases = golden.getJsonArray(set);
        assertThat(cases).hasSizeGreaterThan(30);
        for (int i = 0; i < cases.size(); i++) {
            JsonObject each = cases.getJsonObject(i);
            long[] expected = each.getJsonArray("ids").stream()
                    .mapToLong(id -> ((Number) id).longValue())
                    .toArray();
            long[] ids = tried.encode(each.getString("text"), limit);
            if (!Arrays.equals(expected, ids)) {
                wrong.add(each + " but " + Arrays.toString(ids));
            }
        }
        return wrong;
    }

    @Test
    void givesTheIdsOfTheReference() {
        assertThat(differences(tokenizer, "whole", 100_000)).isEmpty();
    }

    @Test
    void cutsWhereTheReferenceDoes() {
        assertThat(differences(tokenizer, "cutTo16", 16)).isEmpty();
    }

    @Test
    void isTheSameOfAVocabularyAlone() {
        Map<String, Object> vocab = new JsonObject(json)
                .getJsonObject("model")
                .getJsonObject("vocab")
                .getMap();
        List<String> lines = new ArrayList<>(Collections.nCopies(vocab.size(), ""));
        vocab.forEach((piece, id) -> lines.set((Integer) id, piece));

        WordPieceTokenizer other = TokenizerReader.fromVocabulary(lines, new JsonObject(), "vocab.txt");

        assertThat(differences(other, "whole", 100_000)).isEmpty();
    }

    @Test
    void keepsCaseAndAccentsOfAModelThatKnowsThem() {
        List<String> lines = List.of("[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]", "É", "e", "##E");

        WordPieceTokenizer cased =
                TokenizerReader.fromVocabulary(lines, new JsonObject().put("do_lower_case", false), "vocab.txt");
        WordPieceTokenizer uncased = TokenizerReader.fromVocabulary(lines, new JsonObject(), "vocab.txt");

        assertThat(cased.encode("É eE", 10)).containsExactly(1, 5, 6, 7, 2);
        assertThat(uncased.encode("É eE", 10)).containsExactly(1, 6, 0, 2);
    }

    @Test
    void aLimitBelowTheTokensAroundLeavesThoseAlone() {
        assertThat(tokenizer.encode("some words", 1)).containsExactly(101, 102);
    }

    @Test
    void refusesOtherKinds() {
        assertThatThrownBy(() -> TokenizerReader.fromJson("{\"model\":{\"type\":\"Unigram\"}}", "x/tokenizer.json"))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("vector.model")
                .hasMessageContaining("x/tokenizer.json has a model of type Unigram")
                .hasMessageContaining("with WordPiece")
                .hasMessageContaining(EmbeddingModel.BUNDLED);
        assertThatThrownBy(() -> TokenizerReader.fromJson("{", "x")).hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> TokenizerReader.fromJson("{\"model\":[]}", "x"))
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> TokenizerReader.fromVocabulary(List.of("a", "b"), new JsonObject(), "vocab.txt"))
                .hasMessageContaining("has no token [UNK]");
    }
}
