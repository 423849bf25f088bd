package dev.cairn.config;

import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes of what a source says what its key wants, or refuses it. */
final class ValueReader {
    private ValueReader() {}

    /** A variable's text as JSON would say it; left as it is when it cannot be that. */
    static Object ofText(Key key, String text) {
        return switch (key.type()) {
            case NUMBER -> text.matches("-?\\d{1,18}") ? (Object) Long.valueOf(text) : text;
            case DECIMAL -> text.matches("-?\\d{1,9}(\\.\\d{1,9})?") ? (Object) Double.valueOf(text) : text;
            case BOOLEAN ->
                switch (text.toLowerCase(Locale.ROOT)) {
                    case "true", "1", "on", "yes" -> true;
                    case "false", "0", "off", "no" -> false;
                    default -> text;
                };
            case TEXTS -> {
                JsonArray items = new JsonArray();
                for (String item : text.split(",", -1)) {
                    if (!item.isBlank()) {
                        items.add(item.strip());
                    }
                }
                yield items;
            }
            case TEXT -> text;
        };
    }

    /**
     * The value as the key's type.
     *
     * @param source for the message
     * @throws ConfigException when it does not fit
     */
    static Object checked(Key key, @Nullable Object value, String source) {
        return switch (key.type()) {
            case NUMBER -> number(key, value, source);
            case DECIMAL -> decimal(key, value, source);
            case BOOLEAN -> {
                if (!(value instanceof Boolean flag)) {
                    throw wrong(key, "true or false", value, source);
                }
                yield flag;
            }
            case TEXT -> text(key, value, source);
            case TEXTS -> texts(key, value, source);
        };
    }

    private static Long number(Key key, @Nullable Object value, String source) {
        if (!(value instanceof Integer || value instanceof Long)) {
            throw wrong(key, "a whole number", value, source);
        }
        long number = ((Number) value).longValue();
        if (number < key.min() || number > key.max()) {
            throw outOfRange(key, value, source);
        }
        return number;
    }

    private static Double decimal(Key key, @Nullable Object value, String source) {
        // A range alone would let NaN pass.
        if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue())) {
            throw wrong(key, "a number", value, source);
        }
        if (number.doubleValue() < key.min() || number.doubleValue() > key.max()) {
            throw outOfRange(key, value, source);
        }
        return number.doubleValue();
    }

    private static String text(Key key, @Nullable Object value, String source) {
        if (!(value instanceof String text) || text.isBlank()) {
            throw wrong(key, "a text", value, source);
        }
        if (!key.words().isEmpty() && !key.words().contains(text)) {
            throw wrong(key, "one of " + key.words(), value, source);
        }
        return text;
    }

    private static List<String> texts(Key key, @Nullable Object value, String source) {
        if (!(value instanceof JsonArray array)) {
            throw wrong(key, "a list of texts", value, source);
        }
        List<String> texts = new ArrayList<>();
        for (Object item : array) {
            if (!(item instanceof String text)) {
                throw wrong(key, "a list of texts", value, source);
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }

    private static ConfigException outOfRange(Key key, Object value, String source) {
        return wrong(key, "a number from " + key.min() + " to " + key.max(), value, source);
    }

    private static ConfigException wrong(Key key, String wanted, @Nullable Object value, String source) {
        String shown = key.secret() ? "what it is" : "'" + value + "'";
        return new ConfigException(key.path() + " in " + source + " must be " + wanted + ", not " + shown);
    }
}
