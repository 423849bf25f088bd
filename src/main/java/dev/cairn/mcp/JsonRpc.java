package dev.cairn.mcp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.process.Child;
import org.jspecify.annotations.Nullable;

/** JSON-RPC 2.0 as MCP uses it: one message a request, no batches, params by name. */
final class JsonRpc {
    static final int PARSE_ERROR = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;
    static final int INTERNAL_ERROR = -32603;

    private static final int MAX_DEPTH = 100;
    /** No less than a whole line of a child: what is read was bounded before it came here. */
    private static final int MAX_TEXT = Child.MAX_LINE;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_TEXT)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonRpc() {}

    /** What a body turned out to be. */
    sealed interface Message {}

    /** Wants an answer. */
    record Request(JsonNode id, String method, ObjectNode params) implements Message {}

    /** Taken, not answered. */
    record Notification(String method) implements Message {}

    /** The answer to a request; whether it has what one must have is for who asked to judge. */
    record Response(
            @Nullable JsonNode id,
            @Nullable JsonNode result,
            @Nullable JsonNode error) implements Message {}

    /** No message, or one that is not allowed. */
    record Malformed(JsonNode id, int code, String message) implements Message {}

    static Message read(String body) {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            return new Malformed(NullNode.instance, PARSE_ERROR, "Parse error: the body is not valid JSON");
        }
        if (tree.isMissingNode()) {
            return new Malformed(NullNode.instance, PARSE_ERROR, "Parse error: the body is empty");
        }
        if (tree.isArray()) {
            return malformed("batches are not supported; post each message by itself");
        }
        if (!(tree instanceof ObjectNode message)) {
            return malformed("the body must be one JSON-RPC message, an object");
        }
        JsonNode version = message.path("jsonrpc");
        if (!version.isTextual() || !version.asText().equals("2.0")) {
            return malformed("jsonrpc must be \"2.0\"");
        }
        JsonNode method = message.get("method");
        if (method == null && (message.has("result") || message.has("error"))) {
            return new Response(message.get("id"), message.get("result"), message.get("error"));
        }
        JsonNode id = message.get("id");
        if (id != null && !id.isTextual() && !id.isIntegralNumber()) {
            return malformed("id must be a string or a whole number");
        }
        if (method == null) {
            return malformed("method is missing");
        }
        if (!method.isTextual()) {
            return malformed("method must be a string");
        }
        if (id == null) {
            return new Notification(method.asText());
        }
        JsonNode params = message.get("params");
        if (params == null || params.isNull()) {
            return new Request(id, method.asText(), JsonNodeFactory.instance.objectNode());
        }
        return params instanceof ObjectNode byName
                ? new Request(id, method.asText(), byName)
                : new Malformed(id, INVALID_PARAMS, "Invalid params: params must be an object");
    }

    private static Malformed malformed(String why) {
        return new Malformed(NullNode.instance, INVALID_REQUEST, "Invalid request: " + why);
    }

    static String request(long id, String method, ObjectNode params) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("jsonrpc", "2.0").put("id", id).put("method", method).set("params", params);
        return message.toString();
    }

    static String notification(String method, @Nullable ObjectNode params) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("jsonrpc", "2.0").put("method", method);
        if (params != null) {
            message.set("params", params);
        }
        return message.toString();
    }

    static String result(JsonNode id, JsonNode result) {
        ObjectNode message = envelope(id);
        message.set("result", result);
        return message.toString();
    }

    static String error(@Nullable JsonNode id, int code, String text) {
        return error(id, code, text, null);
    }

    /** @param data for programs; null for none */
    static String error(@Nullable JsonNode id, int code, String text, @Nullable ObjectNode data) {
        ObjectNode message = envelope(id);
        ObjectNode error = message.putObject("error").put("code", code).put("message", text);
        if (data != null) {
            error.set("data", data);
        }
        return message.toString();
    }

    /** The data of an error about a resource; null for null. */
    static @Nullable ObjectNode uri(@Nullable String uri) {
        return uri == null ? null : JsonNodeFactory.instance.objectNode().put("uri", uri);
    }

    private static ObjectNode envelope(@Nullable JsonNode id) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("jsonrpc", "2.0");
        message.set("id", id == null ? NullNode.instance : id);
        return message;
    }
}
