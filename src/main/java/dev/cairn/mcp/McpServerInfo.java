package dev.cairn.mcp;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Who a server is.
 *
 * @param name for programs
 * @param title for people
 * @param instructions for the model: what the tools are good for, short
 */
public record McpServerInfo(String name, String title, String version, String instructions) {
    /** As the protocol has it, without the instructions. */
    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("title", title)
                .put("version", version);
    }
}
