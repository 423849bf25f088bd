package dev.cairn.http;

import io.vertx.core.Future;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What speaks MCP behind {@code POST /mcp}. Called on the event loop; must not block it. */
public interface McpEndpoint {
    /**
     * @param status the HTTP status
     * @param json the body; null for none
     */
    record Reply(int status, @Nullable String json) {}

    /**
     * Answers one message.
     *
     * @param body the message as it was posted: UTF-8, within the size bound, not parsed
     * @param headers the request's headers with names in lower case, the first value of each
     * @param structured whether the client asks for structured answers of every tool
     */
    Future<Reply> handle(String body, Map<String, String> headers, boolean structured);
}
