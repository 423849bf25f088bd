package dev.cairn.http.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.model.CairnException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object that a stranger sent. Every refusal names the field and what it must be; {@code null} counts
 * as not given.
 */
public final class Fields {
    private final JsonNode object;
    private final String path;

    private Fields(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** The fields of a whole body. */
    public static Fields of(JsonNode body) {
        return of(body, "");
    }

    /** The fields of an object at {@code path} within a body. */
    public static Fields of(JsonNode object, String path) {
        if (!object.isObject()) {
            String name = path.isEmpty() ? "body" : path;
            throw CairnException.invalid(name, name + " must be a JSON object, not " + kindOf(object));
        }
        return new Fields(object, path);
    }

    /** Refuses fields that are not among these. */
    public Fields only(Set<String> known) {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                String shown = name.length() <= 64 ? name : name.substring(0, 64) + "…";
                throw CairnException.invalid(
                        at(shown),
                        at(shown) + " is not a field here; the fields are " + String.join(", ", new TreeSet<>(known)));
            }
        }
        return this;
    }

    /** The raw value, or null when it is not given. */
    public @Nullable JsonNode raw(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** A text that must be given and not be blank. */
    public String text(String name) {
        String text = optionalText(name);
        if (text == null || text.isBlank()) {
            throw CairnException.invalid(at(name), at(name) + " is missing; give a text");
        }
        return text;
    }

    /** A text, or null. */
    public @Nullable String optionalText(String name) {
        JsonNode value = raw(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrong(name, "a text", value);
        }
        return Surrogates.repair(value.textValue());
    }

    /** A whole number, or null. */
    public @Nullable Long optionalLong(String name) {
        JsonNode value = raw(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(name, "a whole number", value);
        }
        return value.longValue();
    }

    /** True or false; false when it is not given. */
    public boolean flag(String name) {
        JsonNode value = raw(name);
        if (value == null) {
            return false;
        }
        if (!value.isBoolean()) {
            throw wrong(name, "true or false", value);
        }
        return value.booleanValue();
    }

    /** The items of an array, each with its own path for messages; empty when it is not given. */
    public List<Item> items(String name, int max) {
        JsonNode value = raw(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrong(name, "a list", value);
        }
        if (value.size() > max) {
            throw CairnException.invalid(
                    at(name), at(name) + " has " + value.size() + " items; at most " + max + " are accepted");
        }
        List<Item> items = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            items.add(new Item(value.get(i), at(name) + "[" + i + "]"));
        }
        return items;
    }

    /** A list of texts; empty when it is not given. */
    public List<String> texts(String name, int max) {
        List<String> texts = new ArrayList<>();
        for (Item item : items(name, max)) {
            if (!item.value().isTextual()) {
                throw mustBe(item.path(), "a text", item.value());
            }
            texts.add(Surrogates.repair(item.value().textValue()));
        }
        return texts;
    }

    /** A list of ids; empty when it is not given. */
    public List<Long> ids(String name, int max) {
        List<Long> ids = new ArrayList<>();
        for (Item item : items(name, max)) {
            ids.add(id(item.value(), item.path()));
        }
        return ids;
    }

    /** An id that must be given. */
    public long id(String name) {
        JsonNode value = object.path(name);
        return id(value, at(name));
    }

    private static long id(JsonNode value, String at) {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 1) {
            throw mustBe(at, "an id, a whole number from 1", value);
        }
        return value.longValue();
    }

    /** The field's full name in messages. */
    public String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private CairnException wrong(String name, String wanted, JsonNode value) {
        return mustBe(at(name), wanted, value);
    }

    private static CairnException mustBe(String at, String wanted, JsonNode value) {
        return CairnException.invalid(at, at + " must be " + wanted + ", not " + kindOf(value));
    }

    private static String kindOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case BOOLEAN -> "true or false";
            case NULL, MISSING -> "null";
            case NUMBER -> value.isIntegralNumber() && value.canConvertToLong() ? "the number " + value : "this number";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY -> "a text";
        };
    }

    /** One item of an array and where it stands. */
    public record Item(JsonNode value, String path) {}
}
