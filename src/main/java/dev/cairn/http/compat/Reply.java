package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;

/** What a request is answered. */
public record Reply(int status, String type, String body) {
    private static final String JSON = "application/json; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";

    static Reply json(JsonNode json) {
        return json(200, json);
    }

    static Reply json(int status, JsonNode json) {
        return new Reply(status, JSON, json.toString());
    }

    static Reply text(String text) {
        return new Reply(200, TEXT, text);
    }

    /** The answer of a tool: {@code {content: [{type: "text", text}]}}. */
    static Reply content(String text) {
        ObjectNode json = object();
        json.set("content", contentOf(text));
        return json(json);
    }

    /** The same as version 6 answers it: the bare list. */
    static Reply bareContent(String text) {
        return json(contentOf(text));
    }

    static JsonNode contentOf(String text) {
        var content = WireFormat.mapper().createArrayNode();
        content.addObject().put("type", "text").put("text", text);
        return content;
    }

    static ObjectNode object() {
        return WireFormat.mapper().createObjectNode();
    }
}
