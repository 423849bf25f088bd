package dev.cairn.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Parameters;
import dev.cairn.model.CairnException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The arguments of a tool call as texts, checked against the names and kinds in the tool's own schema. Models write
 * numbers as texts and single values where lists are allowed; both are taken.
 */
final class ToolArguments {
    private static final int MAX_IDS = 50;

    private ToolArguments() {}

    /** @throws CairnException INVALID_ARGUMENT naming the argument that is unknown or of the wrong kind */
    static Parameters read(ObjectNode arguments, ObjectNode schema) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        JsonNode properties = schema.path("properties");
        arguments.fields().forEachRemaining(argument -> {
            String name = argument.getKey();
            JsonNode property = properties.get(name);
            if (property == null) {
                TreeSet<String> known = new TreeSet<>();
                properties.fieldNames().forEachRemaining(known::add);
                String shown = Parameters.shown(name);
                throw CairnException.invalid(
                        shown, shown + " is not an argument; there are " + String.join(", ", known));
            }
            values.put(name, texts(name, argument.getValue(), Schema.allowsList(property)));
        });
        for (JsonNode required : schema.path("required")) {
            if (values.getOrDefault(required.asText(), List.of()).isEmpty()) {
                throw CairnException.invalid(required.asText(), required.asText() + " is missing; it is required");
            }
        }
        return new Parameters(name -> values.getOrDefault(name, List.of()));
    }

    /** Ids as the index shows them: {@code 12} or {@code #12}; each once, in their order. */
    static List<Long> ids(Parameters parameters, String field) {
        List<Long> ids = idsOrNone(parameters, field);
        if (ids.isEmpty()) {
            throw CairnException.invalid(field, field + " is empty; give 1 to " + MAX_IDS + " ids of memories");
        }
        return ids;
    }

    /** The same; an empty list when none is given. */
    static List<Long> idsOrNone(Parameters parameters, String field) {
        List<Long> ids = new ArrayList<>();
        for (String text : parameters.texts(field, 40)) {
            long id = id(field, text);
            if (!ids.contains(id)) {
                ids.add(id);
            }
        }
        return ids;
    }

    static long id(String field, String text) {
        String digits = text.strip().startsWith("#") ? text.strip().substring(1) : text.strip();
        if (!digits.matches("\\d{1,18}")) {
            throw CairnException.invalid(
                    field, field + " must be the id of a memory such as 12, not '" + Parameters.shown(text) + "'");
        }
        return Long.parseLong(digits);
    }

    private static List<String> texts(String name, JsonNode value, boolean listAllowed) {
        if (value.isNull()) {
            return List.of();
        }
        if (value.isValueNode()) {
            return List.of(value.asText());
        }
        if (!value.isArray() || !listAllowed) {
            throw CairnException.invalid(name, name + " must be a single value, not " + kind(value));
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode item : value) {
            if (!item.isValueNode() || item.isNull()) {
                throw CairnException.invalid(name, name + " must hold texts or numbers, not " + kind(item));
            }
            texts.add(item.asText());
        }
        return texts;
    }

    private static String kind(JsonNode value) {
        return value.isArray() ? "a list" : value.isObject() ? "an object" : "null";
    }
}
