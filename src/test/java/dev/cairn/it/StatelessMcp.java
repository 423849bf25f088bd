package dev.cairn.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A client of MCP revision 2026-07-28 over HTTP, written from its specification: no handshake, each request by itself. */
final class StatelessMcp {
    static final String REVISION = "2026-07-28";
    private static final String PREFIX = "io.modelcontextprotocol/";

    private final Api api;
    private final String url;
    private int ids;

    StatelessMcp(Api api, String url) {
        this.api = api;
        this.url = url;
    }

    /** A message of this revision. */
    static ObjectNode message(int id, String method, String params) throws Exception {
        ObjectNode message = WireFormat.mapper().createObjectNode();
        message.put("jsonrpc", "2.0").put("id", id).put("method", method);
        ObjectNode given = (ObjectNode) WireFormat.mapper().readTree(params);
        ObjectNode meta = given.putObject("_meta").put(PREFIX + "protocolVersion", REVISION);
        meta.putObject(PREFIX + "clientInfo").put("name", "it").put("version", "1");
        meta.putObject(PREFIX + "clientCapabilities");
        message.set("params", given);
        return message;
    }

    /** The result of a request, which must be complete and say who answers. */
    JsonNode result(String method, String params) throws Exception {
        Api.Answer answer = send(method, params);
        JsonNode result = answer.json().path("result");
        boolean fits = answer.status() == 200
                && result.path("resultType").asText().equals("complete")
                && result.path("_meta")
                        .path(PREFIX + "serverInfo")
                        .path("name")
                        .asText()
                        .equals("cairn");
        if (!fits) {
            throw new AssertionError(method + ": " + answer);
        }
        return result;
    }

    Api.Answer send(String method, String params) throws Exception {
        ObjectNode message = message(++ids, method, params);
        JsonNode name = message.path("params").path(method.equals("resources/read") ? "uri" : "name");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", REVISION)
                .header("Mcp-Method", method);
        if (name.isTextual()) {
            String encoded = Base64.getEncoder().encodeToString(name.asText().getBytes(StandardCharsets.UTF_8));
            request.header("Mcp-Name", name.asText().matches("[!-~]+") ? name.asText() : "=?base64?" + encoded + "?=");
        }
        return api.send(request.POST(HttpRequest.BodyPublishers.ofString(message.toString())));
    }
}
