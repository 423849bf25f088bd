package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.util.ArrayList;
import java.util.List;

/** Compares what was recorded with what is answered: the same fields of the same JSON types, all the way down. */
final class Shape {
    private Shape() {}

    /** The places, each as {@code path: what differs}. More fields than recorded are no difference. */
    static List<String> differences(JsonNode recorded, JsonNode answered) {
        List<String> differences = new ArrayList<>();
        compare("$", recorded, answered, differences);
        return differences;
    }

    private static void compare(String at, JsonNode recorded, JsonNode answered, List<String> differences) {
        if (recorded.isNull()) {
            return;
        }
        if (recorded.getNodeType() != answered.getNodeType()) {
            differences.add(at + ": " + word(recorded) + " was recorded, " + word(answered) + " is answered");
        } else if (recorded.isObject()) {
            recorded.fields().forEachRemaining(field -> {
                if (!answered.has(field.getKey())) {
                    differences.add(at + "." + field.getKey() + ": missing");
                } else {
                    compare(at + "." + field.getKey(), field.getValue(), answered.get(field.getKey()), differences);
                }
            });
        } else if (recorded.isArray() && !recorded.isEmpty()) {
            if (answered.isEmpty()) {
                differences.add(at + ": empty");
            }
            for (JsonNode item : answered) {
                compare(at + "[]", recorded.get(0), item, differences);
            }
        }
    }

    private static String word(JsonNode json) {
        return json.getNodeType() == JsonNodeType.MISSING
                ? "nothing"
                : json.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
    }
}
