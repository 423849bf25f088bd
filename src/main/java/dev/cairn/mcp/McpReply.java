package dev.cairn.mcp;

import org.jspecify.annotations.Nullable;

/**
 * What a POST is answered with.
 *
 * @param status 200 for the answer to a request, 202 for a notification or a response, 400 for what is no message
 * @param json one JSON-RPC message, for {@code application/json}; null for an empty body
 */
public record McpReply(int status, @Nullable String json) {}
