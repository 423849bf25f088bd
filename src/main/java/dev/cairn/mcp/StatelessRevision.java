package dev.cairn.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.MultiMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The revision 2026-07-28: no handshake, every request tells its revision and the client's capabilities in {@code _meta},
 * over HTTP in headers that must say the same. Section titles below are those of its specification.
 */
final class StatelessRevision implements Revision {
    private static final String PREFIX = "io.modelcontextprotocol/";
    private static final int HEADER_MISMATCH = -32_020;
    private static final int UNSUPPORTED_VERSION = -32_022;

    /** What a list that only another worker changes may be kept, in milliseconds. */
    private static final int FIXED_MS = 300_000;

    private record Caching(int ttlMs, String scope) {}

    private static final Caching FIXED = new Caching(FIXED_MS, "public");
    /** Memories come at any time, and what is forgotten must not live on in a cache. */
    private static final Caching MEMORY = new Caching(0, "private");

    /** "Cacheable Results". */
    private static final Map<String, Caching> CACHING = Map.of(
            "server/discover", FIXED,
            "tools/list", FIXED,
            "prompts/list", FIXED,
            "resources/templates/list", FIXED,
            "resources/list", MEMORY,
            "resources/read", MEMORY);

    private final McpServerInfo info;
    private final Methods methods;

    StatelessRevision(McpServerInfo info, Methods methods) {
        this.info = info;
        this.methods = methods;
    }

    /**
     * Whether a request is to be judged by this revision: it names, in {@code _meta} or in its header, a revision without a
     * handshake or one nobody knows.
     *
     * @param headers null on a channel that has none
     */
    static boolean concerns(@Nullable MultiMap headers, JsonRpc.Request request) {
        String inBody = declared(request);
        if (inBody != null && !Revisions.HANDSHAKE.contains(inBody)) {
            return true;
        }
        if (request.method().equals("initialize")) {
            return false;
        }
        String inHeader = headers == null ? null : headers.get("mcp-protocol-version");
        return (inHeader != null && !Revisions.HANDSHAKE.contains(inHeader))
                || (inBody == null && request.method().equals("server/discover"));
    }

    private static @Nullable String declared(JsonRpc.Request request) {
        JsonNode version = request.params().path("_meta").path(PREFIX + "protocolVersion");
        return version.isTextual() ? version.asText() : null;
    }

    /** Why a request is not one of this revision; null when it is. "Per-request protocol fields", "Server Validation". */
    @Nullable
    McpReply refusal(@Nullable MultiMap headers, JsonRpc.Request request) {
        String version = declared(request);
        if (version == null) {
            return badRequest(
                    request,
                    JsonRpc.INVALID_PARAMS,
                    "Invalid params: _meta must have " + PREFIX + "protocolVersion, such as "
                            + Revisions.STATELESS.get(0),
                    null);
        }
        String mismatch = headers == null ? null : versionMismatch(headers, version);
        if (mismatch != null) {
            return badRequest(request, HEADER_MISMATCH, mismatch, null);
        }
        if (!Revisions.STATELESS.contains(version)) {
            return badRequest(
                    request,
                    UNSUPPORTED_VERSION,
                    "Unsupported protocol version '" + Texts.shown(version) + "'; supported are "
                            + String.join(", ", Revisions.ALL),
                    supported(version));
        }
        if (!request.params().path("_meta").path(PREFIX + "clientCapabilities").isObject()) {
            return badRequest(
                    request,
                    JsonRpc.INVALID_PARAMS,
                    "Invalid params: _meta must have " + PREFIX + "clientCapabilities, an object",
                    null);
        }
        String routing = headers == null ? null : RoutingHeaders.mismatch(headers, request);
        return routing == null ? null : badRequest(request, HEADER_MISMATCH, routing, null);
    }

    private static @Nullable String versionMismatch(MultiMap headers, String version) {
        String header = headers.get("mcp-protocol-version");
        if (header == null) {
            return "Header mismatch: the header MCP-Protocol-Version is missing";
        }
        return header.equals(version)
                ? null
                : "Header mismatch: the header MCP-Protocol-Version says '" + Texts.shown(header) + "', the body '"
                        + Texts.shown(version) + "'";
    }

    private static ObjectNode supported(String requested) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        ArrayNode supported = data.putArray("supported");
        Revisions.ALL.forEach(supported::add);
        return data.put("requested", requested);
    }

    private static McpReply badRequest(JsonRpc.Request request, int code, String why, @Nullable ObjectNode data) {
        return new McpReply(400, JsonRpc.error(request.id(), code, why, data));
    }

    @Override
    public @Nullable ObjectNode run(JsonRpc.Request request) {
        if (!request.method().equals("server/discover")) {
            return null;
        }
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        ArrayNode versions = result.putArray("supportedVersions");
        Revisions.ALL.forEach(versions::add);
        result.set("capabilities", methods.capabilities());
        return result.put("instructions", info.instructions());
    }

    @Override
    public McpReply result(JsonRpc.Request request, ObjectNode result) {
        ObjectNode dressed = JsonNodeFactory.instance.objectNode().put("resultType", "complete");
        dressed.setAll(result);
        Caching caching = CACHING.get(request.method());
        if (caching != null) {
            dressed.put("ttlMs", caching.ttlMs()).put("cacheScope", caching.scope());
        }
        dressed.putObject("_meta").set(PREFIX + "serverInfo", info.json());
        return new McpReply(200, JsonRpc.result(request.id(), dressed));
    }

    /** "Protocol Version Header": 404, with an error in the body that tells it from a server without this endpoint. */
    @Override
    public McpReply unknown(JsonRpc.Request request) {
        return new McpReply(
                404,
                JsonRpc.error(
                        request.id(), JsonRpc.METHOD_NOT_FOUND, "Method not found: " + Texts.shown(request.method())));
    }

    @Override
    public McpReply fault(JsonRpc.Request request, McpFault fault) {
        int code = fault.kind() == McpFault.Kind.UNAVAILABLE ? JsonRpc.INTERNAL_ERROR : JsonRpc.INVALID_PARAMS;
        return new McpReply(
                200, JsonRpc.error(request.id(), code, String.valueOf(fault.getMessage()), JsonRpc.uri(fault.uri())));
    }
}
