package dev.cairn.bus.claudemem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.cairn.bus.WireFormat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Columns that hold JSON, or should. */
final class JsonColumn {
    private static final int ITEMS = 100;
    private static final int ITEM = 4_096;
    private static final ObjectReader STRICT =
            WireFormat.mapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonColumn() {}

    /** The list's items as texts; what is no JSON is kept as one item. Blank items are left out. */
    static List<String> list(@Nullable String column) {
        List<String> items = new ArrayList<>();
        if (column == null || column.isBlank()) {
            return items;
        }
        JsonNode tree = read(column);
        if (tree != null && tree.isArray()) {
            tree.forEach(
                    item -> add(items, item.isNull() ? "" : item.isValueNode() ? item.asText("") : item.toString()));
        } else if (tree == null || !tree.isNull()) {
            add(items, tree != null && tree.isTextual() ? tree.textValue() : column);
        }
        return items;
    }

    private static void add(List<String> items, String item) {
        String text = item.strip();
        if (!text.isEmpty() && items.size() < ITEMS) {
            items.add(Cut.middle(text, ITEM));
        }
    }

    /** A tool's input or answer as JSON text: as it is, or as a JSON string when it is no JSON or too long. */
    static @Nullable String raw(@Nullable String column, int most) {
        if (column == null || column.isBlank()) {
            return null;
        }
        boolean keep = column.length() <= most && read(column) != null;
        return keep ? column : WireFormat.encode(Cut.middle(column, most));
    }

    private static @Nullable JsonNode read(String json) {
        try {
            return STRICT.readTree(json);
        } catch (JsonProcessingException e) {
            // Not JSON: then it is text.
            return null;
        }
    }
}
