package dev.cairn.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of MCP over lines of JSON, as with a server on the standard streams of a child.
 *
 * <p>It ends with its channel; whoever owns the child ends that. Every method fails with a {@link McpException} only and
 * completes on the caller's context. Thread-safe.
 */
public final class McpClient {
    /** A server that lists more pages of tools than this goes round in circles. */
    private static final int MAX_PAGES = 100;

    private final McpConnection connection;
    private final McpPeer server;
    private final String protocolVersion;

    private McpClient(McpConnection connection, McpPeer server, String protocolVersion) {
        this.connection = connection;
        this.server = server;
        this.protocolVersion = protocolVersion;
    }

    /**
     * Introduces itself to the server and agrees on a revision of the protocol, the newest that both know.
     *
     * @param self what the server is told about the client
     * @param timeoutMs how long the server may take to answer, in milliseconds; a started process needs time to be up
     */
    public static Future<McpClient> connect(Vertx vertx, LineChannel channel, McpPeer self, long timeoutMs) {
        McpConnection connection = McpConnection.open(vertx, channel);
        ObjectNode params = JsonNodeFactory.instance.objectNode();
        params.put("protocolVersion", Revisions.HANDSHAKE.get(0));
        params.putObject("capabilities");
        params.putObject("clientInfo").put("name", self.name()).put("version", self.version());
        return connection.request("initialize", params, timeoutMs).compose(result -> {
            String spoken = result.path("protocolVersion").asText();
            if (!Revisions.HANDSHAKE.contains(spoken)) {
                return McpConnection.bad(
                        "initialize",
                        "the protocol version '" + spoken + "'; known are " + String.join(", ", Revisions.HANDSHAKE));
            }
            connection.tell("notifications/initialized", null);
            JsonNode info = result.path("serverInfo");
            McpPeer server = new McpPeer(
                    info.path("name").asText(""), info.path("version").asText(""));
            return Future.succeededFuture(new McpClient(connection, server, spoken));
        });
    }

    /** Who the server says that it is. */
    public McpPeer server() {
        return server;
    }

    /** The revision agreed on. */
    public String protocolVersion() {
        return protocolVersion;
    }

    /** How many lines of the server were neither an answer nor a request. */
    public long ignoredLines() {
        return connection.ignored();
    }

    /** How many requests wait for their answers; at most 256, more are refused with BUSY. */
    public int waiting() {
        return connection.waiting();
    }

    /** Whether the server answers at all. */
    public Future<Void> ping(long timeoutMs) {
        return connection
                .request("ping", JsonNodeFactory.instance.objectNode(), timeoutMs)
                .mapEmpty();
    }

    /**
     * All tools, of all pages.
     *
     * @param timeoutMs for each page, in milliseconds
     */
    public Future<List<ListedTool>> listTools(long timeoutMs) {
        return page(new ArrayList<>(), null, 1, timeoutMs);
    }

    private Future<List<ListedTool>> page(List<ListedTool> found, @Nullable String cursor, int number, long timeoutMs) {
        ObjectNode params = JsonNodeFactory.instance.objectNode();
        if (cursor != null) {
            params.put("cursor", cursor);
        }
        return connection.request("tools/list", params, timeoutMs).compose(result -> {
            if (!result.path("tools").isArray()) {
                return McpConnection.bad("tools/list", "no list of tools");
            }
            for (JsonNode tool : result.path("tools")) {
                if (!tool.path("name").isTextual() || !(tool.path("inputSchema") instanceof ObjectNode schema)) {
                    return McpConnection.bad("tools/list", "a tool without a name or a schema");
                }
                found.add(new ListedTool(
                        tool.path("name").asText(), tool.path("description").asText(""), schema));
            }
            JsonNode next = result.path("nextCursor");
            if (!next.isTextual()) {
                return Future.succeededFuture(List.copyOf(found));
            }
            return number == MAX_PAGES
                    ? McpConnection.bad("tools/list", "more than " + MAX_PAGES + " pages")
                    : page(found, next.asText(), number + 1, timeoutMs);
        });
    }

    /**
     * Calls a tool. What the tool itself refuses is an answer with {@link ToolResult#error()}, no failure.
     *
     * @param timeoutMs the deadline in milliseconds; past it the server is told to give up
     */
    public Future<ToolResult> callTool(String name, ObjectNode arguments, long timeoutMs) {
        ObjectNode params = JsonNodeFactory.instance.objectNode();
        params.put("name", name).set("arguments", arguments);
        return connection.request("tools/call", params, timeoutMs).compose(result -> {
            JsonNode structured = result.get("structuredContent");
            JsonNode contents = result.path("content");
            if (!contents.isArray() && structured == null) {
                return McpConnection.bad("tools/call", "no content");
            }
            List<String> texts = new ArrayList<>();
            for (JsonNode content : contents) {
                if (content.path("type").asText().equals("text")) {
                    texts.add(content.path("text").asText());
                }
            }
            return Future.succeededFuture(new ToolResult(
                    texts,
                    structured == null || structured.isNull() ? null : structured,
                    result.path("isError").asBoolean(false)));
        });
    }
}
