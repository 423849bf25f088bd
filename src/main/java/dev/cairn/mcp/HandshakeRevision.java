package dev.cairn.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** 2025-11-25 and the revisions before it, as a server without sessions speaks them: {@code initialize} is answered, kept is nothing. */
final class HandshakeRevision implements Revision {
    private static final int RESOURCE_NOT_FOUND = -32_002;

    private final McpServerInfo info;
    private final Methods methods;

    HandshakeRevision(McpServerInfo info, Methods methods) {
        this.info = info;
        this.methods = methods;
    }

    @Override
    public @Nullable ObjectNode run(JsonRpc.Request request) {
        return switch (request.method()) {
            case "initialize" -> initialize(request.params());
            case "ping" -> JsonNodeFactory.instance.objectNode();
            default -> null;
        };
    }

    private ObjectNode initialize(ObjectNode params) {
        String newest = Revisions.HANDSHAKE.get(0);
        JsonNode asked = params.get("protocolVersion");
        if (asked == null || !asked.isTextual()) {
            throw McpFault.invalid("protocolVersion must be a string such as " + newest);
        }
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.put("protocolVersion", Revisions.HANDSHAKE.contains(asked.asText()) ? asked.asText() : newest);
        result.set("capabilities", methods.capabilities());
        result.set("serverInfo", info.json());
        return result.put("instructions", info.instructions());
    }

    @Override
    public McpReply result(JsonRpc.Request request, ObjectNode result) {
        return new McpReply(200, JsonRpc.result(request.id(), result));
    }

    @Override
    public McpReply unknown(JsonRpc.Request request) {
        return new McpReply(
                200,
                JsonRpc.error(
                        request.id(), JsonRpc.METHOD_NOT_FOUND, "Method not found: " + Texts.shown(request.method())));
    }

    @Override
    public McpReply fault(JsonRpc.Request request, McpFault fault) {
        int code = switch (fault.kind()) {
            case INVALID_PARAMS -> JsonRpc.INVALID_PARAMS;
            case NO_RESOURCE -> RESOURCE_NOT_FOUND;
            case UNAVAILABLE -> JsonRpc.INTERNAL_ERROR;
        };
        return new McpReply(
                200, JsonRpc.error(request.id(), code, String.valueOf(fault.getMessage()), JsonRpc.uri(fault.uri())));
    }
}
