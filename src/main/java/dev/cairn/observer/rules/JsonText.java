package dev.cairn.observer.rules;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A tool's input or answer, read as far as it can be read.
 *
 * <p>Hosts spell keys differently ({@code file_path}, {@code filePath}), so keys are compared by their letters and digits in
 * lower case. JSON that was cut keeps all that stands before the cut, the beginning of the cut text included. What is not
 * JSON at all is one text under the empty key. Never throws. The order of keys does not matter.
 */
final class JsonText {
    static final JsonText EMPTY = new JsonText(new TreeMap<>());

    private static final int MAX_FIELDS = 4_000;
    private static final int MAX_DEPTH = 12;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
            .build();

    /** A scalar, with the key as the host spelled it. */
    record Field(String key, String value) {}

    private final SortedMap<String, Field> fields;

    private JsonText(SortedMap<String, Field> fields) {
        this.fields = fields;
    }

    static JsonText read(@Nullable String json) {
        if (json == null || json.isBlank()) {
            return EMPTY;
        }
        JsonText text = new JsonText(new TreeMap<>());
        String stripped = json.strip();
        char first = stripped.charAt(0);
        if (first != '{' && first != '[' && first != '"') {
            text.put("", "", stripped);
            return text;
        }
        try (JsonParser parser = FACTORY.createParser(stripped)) {
            text.readInto(parser, stripped);
        } catch (IOException | RuntimeException e) {
            // The fields before the damage are kept: that is all a cut text can give.
            return text.fields.isEmpty() && first != '"' ? plain(stripped) : text;
        }
        return text;
    }

    private static JsonText plain(String value) {
        JsonText text = new JsonText(new TreeMap<>());
        text.put("", "", value);
        return text;
    }

    private void readInto(JsonParser parser, String source) throws IOException {
        ArrayList<String> path = new ArrayList<>();
        ArrayList<Integer> indices = new ArrayList<>();
        String key = "";
        String raw = "";
        JsonToken token = parser.nextToken();
        while (token != null && fields.size() < MAX_FIELDS) {
            switch (token) {
                case FIELD_NAME -> {
                    raw = parser.currentName();
                    key = normalise(raw);
                }
                case START_OBJECT, START_ARRAY -> {
                    String inside = step(path, indices, key);
                    if (path.size() >= MAX_DEPTH) {
                        parser.skipChildren();
                    } else {
                        path.add(inside);
                        indices.add(token == JsonToken.START_ARRAY ? 0 : -1);
                        key = "";
                    }
                }
                case END_OBJECT, END_ARRAY -> {
                    path.remove(path.size() - 1);
                    indices.remove(indices.size() - 1);
                }
                case VALUE_NULL -> step(path, indices, key);
                default -> {
                    String at = step(path, indices, key);
                    put(at, raw, valueOf(parser, source));
                }
            }
            token = parser.nextToken();
        }
    }

    /** The path of the value at hand; counts on within an array. */
    private static String step(List<String> path, List<Integer> indices, String key) {
        if (path.isEmpty()) {
            return "";
        }
        int top = path.size() - 1;
        String parent = path.get(top);
        int index = indices.get(top);
        if (index >= 0) {
            indices.set(top, index + 1);
            return parent + "[" + index + "]";
        }
        return parent.isEmpty() ? key : parent + "." + key;
    }

    private static String valueOf(JsonParser parser, String source) throws IOException {
        long start = parser.currentTokenLocation().getCharOffset();
        try {
            return parser.getText();
        } catch (IOException cut) {
            int from = (int) Math.max(0, Math.min(source.length(), start + 1));
            return unescape(source, from);
        }
    }

    /** What stands in a text that never ends. */
    private static String unescape(String source, int from) {
        StringBuilder text = new StringBuilder(source.length() - from);
        for (int i = from; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '\\' && i + 1 < source.length()) {
                i++;
                char escaped = source.charAt(i);
                text.append(
                        switch (escaped) {
                            case 'n' -> '\n';
                            case 't' -> '\t';
                            case 'r', 'b', 'f', 'u' -> ' ';
                            default -> escaped;
                        });
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private void put(String path, String key, String value) {
        Field old = fields.get(path);
        // Two spellings of one key in one object: the choice must not hang on their order.
        if (old == null || key.compareTo(old.key()) < 0) {
            fields.put(path, new Field(key, value));
        }
    }

    private static String normalise(String key) {
        StringBuilder letters = new StringBuilder(key.length());
        for (int i = 0; i < key.length() && i < 100; i++) {
            if (Character.isLetterOrDigit(key.charAt(i))) {
                letters.append(key.charAt(i));
            }
        }
        return letters.toString().toLowerCase(Locale.ROOT);
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    /** The first of these fields that has a text; null when none has. */
    @Nullable
    String text(String... keys) {
        for (String key : keys) {
            Field field = fields.get(key);
            if (field != null && !field.value().isBlank()) {
                return field.value();
            }
        }
        return null;
    }

    /** The field as it stands, empty texts included; null when it is not there. */
    @Nullable
    String exact(String... keys) {
        for (String key : keys) {
            Field field = fields.get(key);
            if (field != null) {
                return field.value();
            }
        }
        return null;
    }

    /** The field as a whole number; -1 when it is none. */
    int number(String... keys) {
        String text = text(keys);
        if (text == null || text.length() > 9) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return Integer.parseInt(text);
    }

    boolean flag(String key) {
        return "true".equals(text(key));
    }

    /** The texts of an array of texts, at most {@code max}. */
    List<String> list(String key, int max) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < max; i++) {
            Field field = fields.get(key + "[" + i + "]");
            if (field == null) {
                break;
            }
            texts.add(field.value());
        }
        return texts;
    }

    /** The object at this path. */
    JsonText at(String path) {
        SortedMap<String, Field> part = new TreeMap<>();
        String prefix = path + ".";
        for (var entry : fields.subMap(prefix, path + "/").entrySet()) {
            part.put(entry.getKey().substring(prefix.length()), entry.getValue());
        }
        return new JsonText(part);
    }

    /** The objects of an array, at most {@code max}. */
    List<JsonText> items(String key, int max) {
        List<JsonText> items = new ArrayList<>();
        for (int i = 0; i < max; i++) {
            JsonText item = at(key + "[" + i + "]");
            if (item.isEmpty()) {
                break;
            }
            items.add(item);
        }
        return items;
    }

    /** All scalars, by path. */
    List<Field> all() {
        return List.copyOf(fields.values());
    }
}
