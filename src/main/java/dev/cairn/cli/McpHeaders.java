package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers that a message read from standard input needs over HTTP. Since revision 2026-07-28 a message says itself which
 * revision it is of, and parts of it are repeated in headers; before, a handshake has settled the revision.
 */
final class McpHeaders {
    private static final String VERSION = "MCP-Protocol-Version";
    private static final Map<String, String> NAMED_BY =
            Map.of("tools/call", "name", "prompts/get", "name", "resources/read", "uri");

    private McpHeaders() {}

    /** @param agreed the revision of the handshake; null before it, or without one */
    static Map<String, String> of(JsonNode message, @Nullable String agreed) {
        Map<String, String> headers = new LinkedHashMap<>();
        JsonNode params = message.path("params");
        JsonNode declared = params.path("_meta").path("io.modelcontextprotocol/protocolVersion");
        if (!declared.isTextual()) {
            if (agreed != null) {
                headers.put(VERSION, agreed);
            }
            return headers;
        }
        headers.put(VERSION, value(declared.asText()));
        String method = message.path("method").asText();
        headers.put("Mcp-Method", value(method));
        JsonNode name = params.path(NAMED_BY.getOrDefault(method, ""));
        if (name.isTextual()) {
            headers.put("Mcp-Name", value(name.asText()));
        }
        return headers;
    }

    /** As it is when a header can carry that, otherwise in Base64. */
    private static String value(String text) {
        boolean plain = !text.isEmpty()
                && text.chars().allMatch(c -> c >= 0x20 && c <= 0x7E)
                && text.equals(text.strip())
                && !(text.startsWith("=?base64?") && text.endsWith("?="));
        return plain
                ? text
                : "=?base64?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }
}
