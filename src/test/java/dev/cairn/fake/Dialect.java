package dev.cairn.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The wire format of a model's API: how it is asked, answers and refuses. */
public enum Dialect {
    ANTHROPIC("/v1/messages", "x-api-key"),
    OPENAI("/v1/chat/completions", "authorization"),
    GEMINI("/v1beta/models/", "x-goog-api-key");

    private final String path;
    private final String keyHeader;

    Dialect(String path, String keyHeader) {
        this.path = path;
        this.keyHeader = keyHeader;
    }

    /** The name of the provider that speaks it, as in {@code observer.provider}. */
    public String provider() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What goes under {@code observer} in a configuration that asks a server at this address. */
    public JsonObject settings(String url, String key, String model) {
        return new JsonObject()
                .put("provider", provider())
                .put(
                        provider(),
                        new JsonObject().put("url", url).put("apiKey", key).put("model", model));
    }

    /** What comes after the server's address in the provider's {@code url} setting. */
    String base() {
        return switch (this) {
            case ANTHROPIC -> "";
            case OPENAI -> "/v1";
            case GEMINI -> "/v1beta";
        };
    }

    static Dialect of(String path) {
        for (Dialect dialect : values()) {
            boolean named = dialect == GEMINI
                    ? path.startsWith(dialect.path) && path.endsWith(":generateContent")
                    : path.equals(dialect.path);
            if (named) {
                return dialect;
            }
        }
        return null;
    }

    String key(Map<String, String> headers) {
        String value = headers.get(keyHeader);
        return value != null && this == OPENAI && value.startsWith("Bearer ") ? value.substring(7) : value;
    }

    /** What is wrong with a request, or null: a server refuses what is not of its protocol. */
    String wrong(Asked asked) {
        JsonNode body = asked.body();
        if (!"application/json".equals(asked.headers().get("content-type"))) {
            return "content-type must be application/json";
        }
        return switch (this) {
            case ANTHROPIC ->
                !asked.headers().containsKey("anthropic-version")
                        ? "anthropic-version: header is required"
                        : missing(body, "/model", "/max_tokens", "/messages/0/content");
            case OPENAI -> missing(body, "/model", "/messages/0/content");
            case GEMINI -> missing(body, "/contents/0/parts/0");
        };
    }

    private static String missing(JsonNode body, String... places) {
        for (String place : places) {
            if (body.at(place).isMissingNode()) {
                return place + ": field required";
            }
        }
        return null;
    }

    String instructions(JsonNode body) {
        return switch (this) {
            case ANTHROPIC -> body.at("/system/0/text").asText();
            case OPENAI -> body.at("/messages/0/content").asText();
            case GEMINI -> body.at("/systemInstruction/parts/0/text").asText();
        };
    }

    /** What the user's side says: the texts of its parts, the document last. */
    List<String> says(JsonNode body) {
        return switch (this) {
            case ANTHROPIC -> body.at("/messages/0/content").findValuesAsText("text");
            case OPENAI -> List.of(body.at("/messages/1/content").asText());
            case GEMINI -> body.at("/contents/0/parts").findValuesAsText("text");
        };
    }

    JsonNode schema(JsonNode body) {
        return switch (this) {
            case ANTHROPIC -> body.at("/tools/0/input_schema");
            case OPENAI -> body.at("/response_format/json_schema/schema");
            case GEMINI -> body.at("/generationConfig/responseJsonSchema");
        };
    }

    /** An answer with this text, which is JSON where the request has a schema; the figures are always the same. */
    public String answer(Asked asked, String text) {
        JsonNode model = asked.body().path("model");
        return switch (this) {
            case ANTHROPIC ->
                """
                    {"id":"msg_fake","type":"message","role":"assistant","model":%s,"content":[%s],"stop_reason":"%s",
                     "stop_sequence":null,"usage":{"input_tokens":70,"output_tokens":20,"cache_read_input_tokens":25,
                     "cache_creation_input_tokens":5}}""".formatted(
                                model,
                                asked.body().path("tools").isEmpty()
                                        ? "{\"type\":\"text\",\"text\":" + quoted(text) + "}"
                                        : "{\"type\":\"tool_use\",\"id\":\"toolu_fake\",\"name\":"
                                                + asked.body().at("/tools/0/name") + ",\"input\":" + text + "}",
                                asked.body().path("tools").isEmpty() ? "end_turn" : "tool_use");
            case OPENAI -> """
                    {"id":"chatcmpl-fake","object":"chat.completion","created":1,"model":%s,"choices":[{"index":0,
                     "message":{"role":"assistant","content":%s,"refusal":null},"logprobs":null,"finish_reason":"stop"}],
                     "usage":{"prompt_tokens":95,"completion_tokens":20,"total_tokens":115,
                     "prompt_tokens_details":{"cached_tokens":25}}}""".formatted(model, quoted(text));
            case GEMINI -> """
                    {"candidates":[{"content":{"parts":[{"text":%s}],"role":"model"},"finishReason":"STOP","index":0}],
                     "usageMetadata":{"promptTokenCount":95,"candidatesTokenCount":15,"thoughtsTokenCount":5,
                     "cachedContentTokenCount":25,"totalTokenCount":115},"modelVersion":%s}""".formatted(quoted(text), quoted(asked.model()));
        };
    }

    /** An error in the API's form. */
    String error(int status, String type, String message) {
        ObjectNode body = WireFormat.mapper().createObjectNode();
        switch (this) {
            case ANTHROPIC ->
                body.put("type", "error").putObject("error").put("type", type).put("message", message);
            case OPENAI ->
                body.putObject("error")
                        .put("message", message)
                        .put("type", type)
                        .putNull("code");
            case GEMINI ->
                body.putObject("error")
                        .put("code", status)
                        .put("message", message)
                        .put("status", type.toUpperCase(Locale.ROOT));
        }
        return body.toString();
    }

    static String quoted(String text) {
        return WireFormat.encode(text);
    }

    static JsonNode tree(byte[] bytes) {
        try {
            return WireFormat.mapper().readTree(bytes);
        } catch (java.io.IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
