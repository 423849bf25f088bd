package dev.cairn.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code tools/list} and {@code tools/call}. */
final class ToolMethods {
    private static final String CUT = "\n(cut for length)";

    private final Map<String, McpTool> tools = new LinkedHashMap<>();

    ToolMethods(List<McpTool> tools) {
        tools.forEach(tool -> this.tools.put(tool.name(), tool));
    }

    ObjectNode list(ObjectNode params, boolean structured) {
        Texts.onlyPage(params);
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        ArrayNode list = result.putArray("tools");
        tools.values().forEach(tool -> list.add(describe(tool, structured)));
        return result;
    }

    Future<ObjectNode> call(ObjectNode params, boolean structured) {
        String name = Texts.required(params, "name", "the name of a tool");
        McpTool tool = tools.get(name);
        if (tool == null) {
            throw McpFault.invalid(
                    "unknown tool '" + Texts.shown(name) + "'; there are " + String.join(", ", tools.keySet()));
        }
        JsonNode arguments = params.get("arguments");
        if (arguments == null || arguments.isNull()) {
            arguments = JsonNodeFactory.instance.objectNode();
        }
        if (!(arguments instanceof ObjectNode byName)) {
            throw McpFault.invalid("arguments must be an object");
        }
        return tool.call().apply(byName).map(answer -> content(answer, tool.structuredFor(structured)));
    }

    private static ObjectNode content(McpToolAnswer answer, boolean structured) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.putArray("content").addObject().put("type", "text").put("text", bounded(answer.text()));
        if (structured && answer.structured() != null) {
            result.set("structuredContent", answer.structured());
        }
        return result.put("isError", answer.error());
    }

    private static String bounded(String text) {
        if (text.length() <= McpHandler.MAX_TEXT) {
            return text;
        }
        int end = McpHandler.MAX_TEXT - CUT.length();
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + CUT;
    }

    private static ObjectNode describe(McpTool tool, boolean structured) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", tool.name()).put("title", tool.title()).put("description", tool.description());
        node.set("inputSchema", tool.inputSchema());
        if (tool.output() != null && tool.structuredFor(structured)) {
            node.set("outputSchema", tool.output().schema());
        }
        node.putObject("annotations")
                .put("title", tool.title())
                .put("readOnlyHint", tool.effect() == McpTool.Effect.READS)
                .put("destructiveHint", tool.effect() == McpTool.Effect.DESTROYS)
                .put("idempotentHint", tool.effect() != McpTool.Effect.ADDS)
                .put("openWorldHint", false);
        return node;
    }
}
