package dev.cairn.observer.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;

/** JSON of questions and answers. */
final class Trees {
    private Trees() {}

    static ObjectNode object() {
        return WireFormat.mapper().createObjectNode();
    }

    /** @throws IllegalArgumentException for a schema that is no JSON, which is the asker's mistake */
    static JsonNode schema(String schema) {
        try {
            return WireFormat.mapper().readTree(schema);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the schema is no JSON", e);
        }
    }

    /** A figure that a server may leave out, or send as anything. */
    static long count(JsonNode holder, String pointer) {
        return Math.max(0, holder.at(pointer).asLong());
    }
}
