package dev.cairn.http.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Parses one JSON value from UTF-8 bytes, within bounds.
 *
 * <p>Refused with INVALID_ARGUMENT: bytes that are not UTF-8, anything that is not exactly one JSON value, a key given twice,
 * nesting deeper than the bound, numbers of more than 1,000 digits. Numbers keep every digit. Thread-safe.
 */
public final class StrictJson {
    private static final char REPLACEMENT = '\uFFFD';

    private final ObjectReader reader;
    private final int maxDepth;

    /**
     * @param maxDepth how deeply arrays and objects may be nested
     * @param maxBytes the largest body, in bytes; no text within it can be longer
     */
    public StrictJson(int maxDepth, int maxBytes) {
        this.maxDepth = maxDepth;
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxStringLength(maxBytes)
                        .build())
                // Keys come from strangers: interning them would only fill the JVM's table.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
        reader = JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                // A double would turn 1e400 into Infinity, which is no JSON.
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build()
                .reader();
    }

    /** The value these bytes hold. */
    public JsonNode parse(byte[] bytes) {
        String text = utf8(bytes, "body");
        try {
            JsonNode node = reader.readTree(text);
            if (node.isMissingNode()) {
                throw CairnException.invalid("body", "the body is empty; send JSON");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw refusal(e);
        } catch (NumberFormatException e) {
            throw new CairnException(ErrorCode.INVALID_ARGUMENT, "a number of the JSON is out of range", "body", e);
        }
    }

    /**
     * The text these bytes hold.
     *
     * @throws CairnException INVALID_ARGUMENT for {@code field} when they are not UTF-8
     */
    public static String utf8(byte[] bytes, String field) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        // The fast decoder replaces what it cannot read; only then is a second, strict look needed.
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CairnException(ErrorCode.INVALID_ARGUMENT, field + " is not valid UTF-8", field, e);
        }
    }

    private CairnException refusal(JsonProcessingException e) {
        String what;
        if (e instanceof StreamConstraintsException) {
            what = String.valueOf(e.getOriginalMessage()).contains("nesting depth")
                    ? "JSON is nested deeper than " + maxDepth + " levels"
                    : "a number or a key of the JSON is too long";
        } else {
            what = "not valid JSON: " + firstSentence(e.getOriginalMessage());
        }
        JsonLocation at = e.getLocation();
        String place = at == null || at.getLineNr() < 1
                ? ""
                : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        return new CairnException(ErrorCode.INVALID_ARGUMENT, what + place, "body", e);
    }

    private static String firstSentence(String message) {
        int end = message.indexOf('\n');
        String line = end < 0 ? message : message.substring(0, end);
        return line.length() <= 200 ? line : line.substring(0, 200) + "…";
    }
}
