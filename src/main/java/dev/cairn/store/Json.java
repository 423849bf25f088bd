package dev.cairn.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CommandRun;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists as they stand in columns: JSON arrays, null for an empty one. */
final class Json {
    private Json() {}

    static @Nullable String column(List<?> items) {
        return items.isEmpty() ? null : WireFormat.encode(items);
    }

    static JsonNode tree(String json) {
        try {
            return WireFormat.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a column does not hold JSON", e);
        }
    }

    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>(array.size());
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    static List<CommandRun> commands(JsonNode array) {
        List<CommandRun> commands = new ArrayList<>(array.size());
        array.forEach(item -> commands.add(WireFormat.decode(item, CommandRun.class)));
        return commands;
    }

    static @Nullable String text(@Nullable JsonNode value) {
        return value == null || value.isNull() ? null : value.asText();
    }

    static @Nullable Long number(@Nullable JsonNode value) {
        return value == null || value.isNull() ? null : value.asLong();
    }
}
