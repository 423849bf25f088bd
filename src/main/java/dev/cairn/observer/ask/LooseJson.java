package dev.cairn.observer.ask;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

/**
 * Finds JSON in the words of a model: within a code fence or other words, with the small faults that models make, or broken off.
 * Thread-safe.
 */
final class LooseJson {
    /** So many beginnings of an object are tried. */
    private static final int MOST_TRIES = 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(50).build())
                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                    .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
                    .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
                    .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
                    .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                    .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                    .build())
            // What follows the value is the caller's to judge.
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @param complete whether it ended by itself; otherwise its unfinished part was left out */
    record Found(JsonNode value, boolean complete) {}

    private LooseJson() {}

    /** The first object or array that holds something; null when there is none. */
    static @Nullable Found find(String text) {
        int tries = 0;
        for (int at = next(text, 0); at >= 0 && tries < MOST_TRIES; at = next(text, at + 1), tries++) {
            JsonNode whole = read(text.substring(at));
            if (whole != null && whole.isContainerNode() && !whole.isEmpty()) {
                return new Found(whole, true);
            }
            String closed = whole == null ? closed(text, at) : null;
            JsonNode part = closed == null ? null : read(closed);
            if (part != null && !part.isEmpty()) {
                // It reaches to the end: whatever is whole behind here is a part of it.
                return new Found(part, false);
            }
        }
        return null;
    }

    private static int next(String text, int from) {
        int brace = text.indexOf('{', from);
        int bracket = text.indexOf('[', from);
        return brace < 0 ? bracket : bracket < 0 ? brace : Math.min(brace, bracket);
    }

    private static @Nullable JsonNode read(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            // No JSON from here; the caller looks elsewhere.
            return null;
        }
    }

    /**
     * A text that breaks off within a value, closed behind the last object or array that stands whole in it; null when none does,
     * or when it does not break off.
     */
    private static @Nullable String closed(String text, int from) {
        StringBuilder open = new StringBuilder();
        String closers = null;
        int end = -1;
        boolean string = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (string) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    string = false;
                }
            } else if (c == '"') {
                string = true;
            } else if (c == '{' || c == '[') {
                open.append(c == '{' ? '}' : ']');
            } else if (c == '}' || c == ']') {
                if (open.isEmpty()) {
                    return null;
                }
                open.setLength(open.length() - 1);
                if (open.isEmpty()) {
                    return null;
                }
                // Behind an object only: an array that is whole may stand in an object that is not.
                if (c == '}') {
                    end = i + 1;
                    closers = new StringBuilder(open).reverse().toString();
                }
            }
        }
        return closers == null ? null : text.substring(from, end) + closers;
    }
}
