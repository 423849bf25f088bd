package dev.cairn.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Page;
import dev.cairn.bus.Projects;
import dev.cairn.bus.What;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.ToolUse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as JSON. A row's project is its key, as in search hits and in parameters; its name stands beside it. */
final class Views {
    private Views() {}

    /** The rows of a page, of whichever kind was asked for. */
    static List<?> rows(Page page, What what) {
        return switch (what) {
            case SESSIONS -> page.sessions();
            case PROMPTS -> page.prompts();
            case TOOL_USES -> page.toolUses();
            case OBSERVATIONS -> page.observations();
            case SUMMARIES -> page.summaries();
            case MEMORIES -> throw new IllegalArgumentException("memories of any kind are not listed");
        };
    }

    /** {@code {items, next}}; {@code next} is null on the last page. */
    static String page(List<?> rows, @Nullable String next) {
        ObjectNode json = items(rows);
        json.put("next", next);
        return json.toString();
    }

    /** {@code {items}}. */
    static String list(List<?> rows) {
        return items(rows).toString();
    }

    static String row(Object row) {
        return tree(row).toString();
    }

    static String projects(Projects projects) {
        ObjectNode json = WireFormat.mapper().createObjectNode();
        ArrayNode items = json.putArray("projects");
        for (Projects.Row row : projects.projects()) {
            items.add(tree(row));
        }
        return json.toString();
    }

    /** About how many bytes the JSON will have, as far as it can be large at all. */
    static long weight(List<?> rows) {
        long weight = 0;
        for (Object row : rows) {
            weight += 500;
            if (row instanceof ToolUse use) {
                weight += length(use.input()) + length(use.response()) + length(use.error());
            }
        }
        return weight;
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static ObjectNode items(List<?> rows) {
        ObjectNode json = WireFormat.mapper().createObjectNode();
        ArrayNode items = json.putArray("items");
        for (Object row : rows) {
            items.add(tree(row));
        }
        return json;
    }

    private static JsonNode tree(Object row) {
        ObjectNode tree = WireFormat.mapper().valueToTree(row);
        JsonNode project = tree.get("project");
        if (project != null && project.isObject()) {
            tree.set("project", project.get("key"));
            tree.set("projectName", project.get("name"));
        }
        return tree;
    }
}
