package dev.cairn.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes the JSON Schema of a tool's arguments. */
final class Schema {
    private final ObjectNode root = JsonNodeFactory.instance.objectNode();
    private final ObjectNode properties;

    Schema() {
        root.put("type", "object");
        properties = root.putObject("properties");
    }

    Schema text(String name, String description) {
        property(name, "string", description);
        return this;
    }

    Schema words(String name, String description, String... words) {
        ArrayNode choice = property(name, "string", description).putArray("enum");
        for (String word : words) {
            choice.add(word);
        }
        return this;
    }

    Schema number(String name, String description, int min, int max, int otherwise) {
        property(name, "integer", description)
                .put("minimum", min)
                .put("maximum", max)
                .put("default", otherwise);
        return this;
    }

    Schema flag(String name, String description) {
        property(name, "boolean", description);
        return this;
    }

    Schema id(String name, String description) {
        property(name, "integer", description).put("minimum", 0);
        return this;
    }

    /** One text, or several. */
    Schema texts(String name, String description) {
        ObjectNode property = properties.putObject(name);
        ArrayNode either = property.putArray("anyOf");
        either.addObject().put("type", "string");
        either.addObject().put("type", "array").putObject("items").put("type", "string");
        property.put("description", description);
        return this;
    }

    /** One id, or several. */
    Schema idOrIds(String name, String description, int max) {
        ObjectNode property = properties.putObject(name);
        ArrayNode either = property.putArray("anyOf");
        either.addObject().put("type", "integer").put("minimum", 1);
        ObjectNode list = either.addObject().put("type", "array").put("maxItems", max);
        list.putObject("items").put("type", "integer").put("minimum", 1);
        property.put("description", description);
        return this;
    }

    /** Several texts; none when it is empty. */
    Schema list(String name, String description) {
        property(name, "array", description).putObject("items").put("type", "string");
        return this;
    }

    /** A number without bounds, such as a time. */
    Schema time(String name, String description) {
        property(name, "integer", description);
        return this;
    }

    Schema ids(String name, String description, int max) {
        ObjectNode property = property(name, "array", description);
        property.putObject("items").put("type", "integer").put("minimum", 0);
        property.put("minItems", 1).put("maxItems", max);
        return this;
    }

    ObjectNode required(String... names) {
        if (names.length > 0) {
            ArrayNode required = root.putArray("required");
            for (String name : names) {
                required.add(name);
            }
        }
        return root.put("additionalProperties", false);
    }

    static boolean allowsList(JsonNode property) {
        return property.path("type").asText().equals("array") || property.has("anyOf");
    }

    private ObjectNode property(String name, String type, String description) {
        return properties.putObject(name).put("type", type).put("description", description);
    }
}
