package dev.cairn.vector.embed;

import dev.cairn.model.CairnException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the files a tokenizer is described in. */
final class TokenizerReader {
    private static final int WORD_LIMIT = 100;

    private TokenizerReader() {}

    /**
     * From Hugging Face's {@code tokenizer.json}.
     *
     * @throws CairnException when it is not that of a BERT model
     */
    static WordPieceTokenizer fromJson(String json, String source) {
        try {
            return read(new JsonObject(json), source);
        } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
            throw unreadable(source, e);
        }
    }

    private static WordPieceTokenizer read(JsonObject file, String source) {
        JsonObject model = file.getJsonObject("model", new JsonObject());
        expect("WordPiece", model, "model ", source);
        JsonObject normalizer = file.getJsonObject("normalizer", new JsonObject());
        expect("BertNormalizer", normalizer, "normalizer ", source);
        expect("BertPreTokenizer", file.getJsonObject("pre_tokenizer", new JsonObject()), "splitter ", source);
        JsonObject vocab = model.getJsonObject("vocab", new JsonObject());
        Map<String, Integer> pieces = new HashMap<>(2 * vocab.size());
        vocab.forEach(each -> pieces.put(each.getKey(), ((Number) each.getValue()).intValue()));
        boolean lowerCase = normalizer.getBoolean("lowercase", true);
        return new WordPieceTokenizer(new WordPieceTokenizer.Settings(
                new CharacterForms(
                        normalizer.getBoolean("clean_text", true),
                        normalizer.getBoolean("handle_chinese_chars", true),
                        orElse(normalizer.getBoolean("strip_accents"), lowerCase),
                        lowerCase),
                new Vocabulary(
                        pieces,
                        model.getString("continuing_subword_prefix", "##"),
                        id(pieces, model.getString("unk_token", "[UNK]"), source)),
                added(file.getJsonArray("added_tokens", new JsonArray())),
                around(file, true, pieces, source),
                around(file, false, pieces, source),
                model.getInteger("max_input_chars_per_word", WORD_LIMIT)));
    }

    private static boolean orElse(@Nullable Boolean value, boolean other) {
        return value == null ? other : value;
    }

    /** Those that are looked for in the text as it stands; others would be looked for in what the normaliser left. */
    private static Map<String, Integer> added(JsonArray tokens) {
        Map<String, Integer> added = new HashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            JsonObject token = tokens.getJsonObject(i);
            String content = token.getString("content", "");
            if (!token.getBoolean("normalized", false) && !token.getBoolean("single_word", false)) {
                added.put(content, token.getInteger("id"));
            }
        }
        added.remove("");
        return added;
    }

    private static List<Integer> around(JsonObject file, boolean before, Map<String, Integer> pieces, String source) {
        JsonObject processor = file.getJsonObject("post_processor");
        if (processor == null) {
            return List.of();
        }
        String type = processor.getString("type", "");
        if (type.equals("BertProcessing") || type.equals("RobertaProcessing")) {
            JsonArray token = processor.getJsonArray(before ? "cls" : "sep");
            return List.of(token.getInteger(1));
        }
        expect("TemplateProcessing", processor, "template ", source);
        List<Integer> ids = new ArrayList<>();
        boolean text = false;
        for (Object each : processor.getJsonArray("single")) {
            JsonObject item = (JsonObject) each;
            JsonObject special = item.getJsonObject("SpecialToken");
            if (special == null) {
                text = true;
            } else if (before != text) {
                ids.add(special(processor, special.getString("id", ""), pieces, source));
            }
        }
        return ids;
    }

    private static int special(JsonObject processor, String name, Map<String, Integer> pieces, String source) {
        JsonObject known =
                processor.getJsonObject("special_tokens", new JsonObject()).getJsonObject(name);
        return known == null
                ? id(pieces, name, source)
                : known.getJsonArray("ids").getInteger(0);
    }

    /**
     * From BERT's {@code vocab.txt}, a piece a line.
     *
     * @param config what {@code tokenizer_config.json} says, or nothing
     */
    static WordPieceTokenizer fromVocabulary(List<String> lines, JsonObject config, String source) {
        Map<String, Integer> pieces = new HashMap<>(2 * lines.size());
        for (int i = 0; i < lines.size(); i++) {
            pieces.put(lines.get(i).stripTrailing(), i);
        }
        pieces.remove("");
        try {
            boolean lowerCase = config.getBoolean("do_lower_case", true);
            Map<String, Integer> added = new HashMap<>();
            for (String name : List.of("unk_token", "sep_token", "pad_token", "cls_token", "mask_token")) {
                String token = token(config, name);
                Integer id = pieces.get(token);
                if (id != null) {
                    added.put(token, id);
                }
            }
            return new WordPieceTokenizer(new WordPieceTokenizer.Settings(
                    new CharacterForms(
                            true,
                            config.getBoolean("tokenize_chinese_chars", true),
                            orElse(config.getBoolean("strip_accents"), lowerCase),
                            lowerCase),
                    new Vocabulary(pieces, "##", id(pieces, token(config, "unk_token"), source)),
                    added,
                    List.of(id(pieces, token(config, "cls_token"), source)),
                    List.of(id(pieces, token(config, "sep_token"), source)),
                    WORD_LIMIT));
        } catch (ClassCastException e) {
            throw unreadable(source, e);
        }
    }

    /** {@code sep_token} is {@code [SEP]} if nobody says otherwise. */
    private static String token(JsonObject config, String name) {
        Object value = config.getValue(name);
        if (value instanceof JsonObject described) {
            value = described.getValue("content");
        }
        return value instanceof String text && !text.isEmpty()
                ? text
                : "[" + name.substring(0, name.indexOf('_')).toUpperCase(Locale.ROOT) + "]";
    }

    private static int id(Map<String, Integer> pieces, String token, String source) {
        Integer id = pieces.get(token);
        if (id == null) {
            throw refused(source, "has no token " + token);
        }
        return id;
    }

    private static void expect(String type, JsonObject part, String what, String source) {
        String found = part.getString("type", "none");
        if (!type.equals(found)) {
            throw refused(source, "has a " + what + "of type " + found + "; only " + type + " is known");
        }
    }

    private static CairnException unreadable(String source, Exception e) {
        return EmbeddingModel.refused("its tokenizer " + source + " cannot be read: " + e.getMessage(), e);
    }

    private static CairnException refused(String source, String why) {
        return EmbeddingModel.refused(
                "its tokenizer " + source + " " + why + ". Take a model of the BERT family, with WordPiece", null);
    }
}
