package dev.cairn.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of MCP, without sessions and without streams. Over streamable HTTP every POST is answered by one JSON
 * message, or by 202; over stdio ({@link McpStdioServer}) every line is. Thread-safe; the answer comes on the context the
 * tool answers on.
 *
 * <p>Why not the Java SDK's stateless server: its answers to what clients get wrong are not fit to pass on. Params of the
 * wrong type throw out of its handler (a missing {@code params} is a NullPointerException) instead of -32602, an unknown
 * tool is called "invalid_tool_name", and clients' words go to the log at INFO. Checking all that first leaves the SDK
 * four small answers, for which making the server took 0.6 s and its first call blocked the event loop for 0.13 s. The
 * SDK's client is what the tests talk to this class with.
 */
public final class McpHandler {
    /** The revisions spoken, the newest first. */
    public static final List<String> PROTOCOL_VERSIONS =
            List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

    /** The longest text of a tool, in UTF-16 units: hosts put much longer ones aside and show the model an error. */
    public static final int MAX_TEXT = 24_900;

    private static final Logger LOG = LoggerFactory.getLogger(McpHandler.class);
    private static final String CUT = "\n(cut for length)";
    private static final int SHOWN = 60;

    private final McpServerInfo info;
    private final Map<String, McpTool> tools = new LinkedHashMap<>();
    private final ObjectNode toolList = JsonNodeFactory.instance.objectNode();

    /** @param tools in the order of their listing */
    public McpHandler(McpServerInfo info, List<McpTool> tools) {
        this.info = info;
        ArrayNode list = toolList.putArray("tools");
        for (McpTool tool : tools) {
            this.tools.put(tool.name(), tool);
            list.add(describe(tool));
        }
    }

    /**
     * Handles the body of one POST.
     *
     * @param headers of the request; only {@code MCP-Protocol-Version} is looked at
     * @return never fails
     */
    public Future<McpReply> handle(MultiMap headers, String body) {
        JsonRpc.Message message = JsonRpc.read(body);
        if (message instanceof JsonRpc.Malformed malformed) {
            return reply(400, JsonRpc.error(malformed.id(), malformed.code(), malformed.message()));
        }
        if (!(message instanceof JsonRpc.Request request)) {
            return reply(202, null);
        }
        return switch (request.method()) {
            case "initialize" -> initialize(request);
            case "ping" -> spokenVersion(headers, request, JsonNodeFactory.instance.objectNode());
            case "tools/list" -> listTools(headers, request);
            case "tools/call" -> callTool(headers, request);
            default -> error(request, JsonRpc.METHOD_NOT_FOUND, "Method not found: " + shown(request.method()));
        };
    }

    private Future<McpReply> initialize(JsonRpc.Request request) {
        JsonNode asked = request.params().get("protocolVersion");
        if (asked == null || !asked.isTextual()) {
            return invalidParams(request, "protocolVersion must be a string such as " + PROTOCOL_VERSIONS.get(0));
        }
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.put(
                "protocolVersion",
                PROTOCOL_VERSIONS.contains(asked.asText()) ? asked.asText() : PROTOCOL_VERSIONS.get(0));
        result.putObject("capabilities").putObject("tools").put("listChanged", false);
        result.putObject("serverInfo")
                .put("name", info.name())
                .put("title", info.title())
                .put("version", info.version());
        result.put("instructions", info.instructions());
        return reply(200, JsonRpc.result(request.id(), result));
    }

    private Future<McpReply> listTools(MultiMap headers, JsonRpc.Request request) {
        JsonNode cursor = request.params().get("cursor");
        if (cursor != null && !cursor.isNull()) {
            return invalidParams(request, "cursor is unknown; the list has one page, leave cursor out");
        }
        return spokenVersion(headers, request, toolList);
    }

    private Future<McpReply> callTool(MultiMap headers, JsonRpc.Request request) {
        String refusal = unspoken(headers);
        if (refusal != null) {
            return reply(400, JsonRpc.error(request.id(), JsonRpc.INVALID_REQUEST, refusal));
        }
        JsonNode name = request.params().get("name");
        if (name == null || !name.isTextual()) {
            return invalidParams(request, "name must be a string: the name of a tool");
        }
        McpTool tool = tools.get(name.asText());
        if (tool == null) {
            return invalidParams(
                    request,
                    "unknown tool '" + shown(name.asText()) + "'; there are " + String.join(", ", tools.keySet()));
        }
        JsonNode arguments = request.params().get("arguments");
        if (arguments == null || arguments.isNull()) {
            arguments = JsonNodeFactory.instance.objectNode();
        }
        if (!(arguments instanceof ObjectNode byName)) {
            return invalidParams(request, "arguments must be an object");
        }
        return call(tool, byName).transform(answer -> {
            if (answer.failed()) {
                LOG.error("Tool {} failed", tool.name(), answer.cause());
                return error(request, JsonRpc.INTERNAL_ERROR, "Internal error in tool " + tool.name());
            }
            return reply(200, JsonRpc.result(request.id(), content(answer.result())));
        });
    }

    private static Future<McpToolAnswer> call(McpTool tool, ObjectNode arguments) {
        try {
            return tool.call().apply(arguments);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** Text only, unless the tool is one for programs: a host that finds structuredContent shows the model nothing else. */
    private static ObjectNode content(McpToolAnswer answer) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.putArray("content").addObject().put("type", "text").put("text", bounded(answer.text()));
        if (answer.structured() != null) {
            result.set("structuredContent", answer.structured());
        }
        return result.put("isError", answer.error());
    }

    private static String bounded(String text) {
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        int end = MAX_TEXT - CUT.length();
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + CUT;
    }

    private static ObjectNode describe(McpTool tool) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", tool.name()).put("title", tool.title()).put("description", tool.description());
        node.set("inputSchema", tool.inputSchema());
        node.putObject("annotations")
                .put("title", tool.title())
                .put("readOnlyHint", tool.effect() == McpTool.Effect.READS)
                .put("destructiveHint", tool.effect() == McpTool.Effect.DESTROYS)
                .put("idempotentHint", tool.effect() != McpTool.Effect.ADDS)
                .put("openWorldHint", false);
        return node;
    }

    private static Future<McpReply> spokenVersion(MultiMap headers, JsonRpc.Request request, ObjectNode result) {
        String refusal = unspoken(headers);
        return refusal == null
                ? reply(200, JsonRpc.result(request.id(), result))
                : reply(400, JsonRpc.error(request.id(), JsonRpc.INVALID_REQUEST, refusal));
    }

    /** Why the revision in the header cannot be served; null when there is none or it can. */
    private static @Nullable String unspoken(MultiMap headers) {
        String version = headers.get("mcp-protocol-version");
        return version == null || PROTOCOL_VERSIONS.contains(version)
                ? null
                : "Unsupported MCP-Protocol-Version '" + shown(version) + "'; supported are "
                        + String.join(", ", PROTOCOL_VERSIONS);
    }

    private static Future<McpReply> invalidParams(JsonRpc.Request request, String why) {
        return error(request, JsonRpc.INVALID_PARAMS, "Invalid params: " + why);
    }

    private static Future<McpReply> error(JsonRpc.Request request, int code, String text) {
        return reply(200, JsonRpc.error(request.id(), code, text));
    }

    private static Future<McpReply> reply(int status, @Nullable String json) {
        return Future.succeededFuture(new McpReply(status, json));
    }

    private static String shown(String text) {
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        return shown.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    }
}
