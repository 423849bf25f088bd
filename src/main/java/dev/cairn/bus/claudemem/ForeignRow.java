package dev.cairn.bus.claudemem;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** One row of a table, wherever it comes from. A column that is missing is null, like one that holds nothing. */
public interface ForeignRow {
    /** The column as text; what is no text is written as such. */
    @Nullable
    String text(String column);

    /** The column as a whole number; null when it is none. */
    default @Nullable Long number(String column) {
        String text = text(column);
        if (text == null) {
            return null;
        }
        try {
            return Long.valueOf(text.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** A row that is written as a JSON object; lists may stand as JSON, or as text that holds JSON. */
    static ForeignRow of(JsonNode row) {
        return column -> {
            JsonNode value = row.get(column);
            if (value == null || value.isNull()) {
                return null;
            }
            return value.isValueNode() ? value.asText() : value.toString();
        };
    }
}
