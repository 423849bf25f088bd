package dev.cairn.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.MultiMap;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What intermediaries route by: headers that repeat a part of the body. "Standard Request Headers", "Value Encoding". */
final class RoutingHeaders {
    private static final String OPEN = "=?base64?";
    private static final String CLOSE = "?=";

    /** Which parameter the header Mcp-Name repeats. */
    private static final Map<String, String> NAMED_BY =
            Map.of("tools/call", "name", "prompts/get", "name", "resources/read", "uri");

    private RoutingHeaders() {}

    /** What Mcp-Name must say of a request; null when it is not needed, or the parameter is not there. */
    static @Nullable String name(String method, JsonNode params) {
        String parameter = NAMED_BY.get(method);
        JsonNode value = parameter == null ? null : params.get(parameter);
        return value != null && value.isTextual() ? value.asText() : null;
    }

    /** What differs, in words; null when nothing does. */
    static @Nullable String mismatch(MultiMap headers, JsonRpc.Request request) {
        String method = one(headers, "mcp-method");
        if (method == null || !method.equals(request.method())) {
            return differs("Mcp-Method", method, request.method());
        }
        String name = name(request.method(), request.params());
        if (name == null) {
            return null;
        }
        String given = one(headers, "mcp-name");
        return given != null && name.equals(decoded(given)) ? null : differs("Mcp-Name", given, name);
    }

    private static @Nullable String one(MultiMap headers, String header) {
        List<String> given = headers.getAll(header);
        return given.size() == 1 ? given.get(0).strip() : null;
    }

    private static @Nullable String decoded(String value) {
        if (!value.startsWith(OPEN) || !value.endsWith(CLOSE) || value.length() < OPEN.length() + CLOSE.length()) {
            return value;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(value.substring(OPEN.length(), value.length() - CLOSE.length()));
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return null;
        }
    }

    private static String differs(String header, @Nullable String given, String body) {
        return given == null
                ? "Header mismatch: the header " + header + " must be there once"
                : "Header mismatch: the header " + header + " says '" + Texts.shown(given) + "', the body '"
                        + Texts.shown(body) + "'";
    }
}
