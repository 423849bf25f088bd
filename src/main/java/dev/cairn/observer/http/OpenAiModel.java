package dev.cairn.observer.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.observer.spi.ModelAnswer;
import dev.cairn.observer.spi.ModelAnswer.End;
import dev.cairn.observer.spi.ModelRequest;
import dev.cairn.observer.spi.ModelUsage;
import dev.cairn.observer.spi.ProviderContext;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/** A model behind an OpenAI-compatible server. Prompt caches there need no word from us. */
final class OpenAiModel extends HttpModel<OpenAiForm> {
    /** What OpenRouter reports is in dollars. */
    private static final double MICROS = 1_000_000;

    private final boolean keyless;

    OpenAiModel(ProviderContext context, Service service, String model) {
        super(context, service, model, OpenAiForm.of(context.config().openaiOutput(), service.endpoint()));
        keyless = service.endpoint().loopback() || !service.endpoint().encrypted();
    }

    @Override
    String path() {
        return "/chat/completions";
    }

    @Override
    boolean keyless() {
        return keyless;
    }

    @Override
    void head(MultiMap headers, @Nullable String key) {
        if (key != null) {
            headers.add("Authorization", "Bearer " + key);
        }
    }

    @Override
    ObjectNode body(ModelRequest request, OpenAiForm form) {
        ObjectNode body = Trees.object().put("model", model()).put(form.limit(), request.outputTokens());
        ArrayNode messages = body.putArray("messages");
        messages.addObject()
                .put("role", "system")
                .put("content", form.output().instructions(request.instructions(), request.schema()));
        messages.addObject().put("role", "user").put("content", request.message());
        if (form.output() == Output.SCHEMA) {
            body.putObject("response_format")
                    .put("type", "json_schema")
                    .putObject("json_schema")
                    .put("name", "answer")
                    .put("strict", true)
                    .set("schema", Trees.schema(request.schema()));
        } else if (form.output() == Output.JSON) {
            body.putObject("response_format").put("type", "json_object");
        }
        return body;
    }

    @Override
    @Nullable
    OpenAiForm lesser(OpenAiForm form, Refusal refusal) {
        return form.lesser(refusal);
    }

    @Override
    @Nullable
    ModelAnswer read(JsonNode body) {
        JsonNode choice = body.at("/choices/0");
        JsonNode message = choice.path("message");
        if (!message.isObject() || choice.hasNonNull("error")) {
            return null;
        }
        String refusal = message.path("refusal").asText("");
        return new ModelAnswer(
                refusal.isEmpty() ? text(message.path("content")) : refusal,
                refusal.isEmpty() ? end(choice.path("finish_reason").asText()) : End.REFUSED,
                modelNamed(body.path("model"), model()),
                usage(body.path("usage")));
    }

    /** OpenRouter tells within the choice that its upstream broke off. */
    @Override
    Refusal refusal(Reply reply, JsonNode answer) {
        JsonNode choice = answer.at("/choices/0");
        return choice.hasNonNull("error") ? Refusal.of(reply, choice) : super.refusal(reply, answer);
    }

    /** A text, or parts with texts. */
    private static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.asText("");
        }
        StringBuilder text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asText()));
        return text.toString();
    }

    private static End end(String reason) {
        return switch (reason) {
            case "length" -> End.CUT;
            case "content_filter" -> End.REFUSED;
            default -> End.COMPLETE;
        };
    }

    /** What is read from a cache is told as a part of what is read. */
    private static ModelUsage usage(JsonNode usage) {
        long cached = Math.max(
                Trees.count(usage, "/prompt_tokens_details/cached_tokens"),
                Trees.count(usage, "/prompt_cache_hit_tokens"));
        long written = Trees.count(usage, "/prompt_tokens_details/cache_write_tokens");
        JsonNode cost = usage.path("cost");
        return new ModelUsage(
                Math.max(0, Trees.count(usage, "/prompt_tokens") - cached - written),
                Trees.count(usage, "/completion_tokens"),
                cached,
                written,
                cost.isNumber() && cost.asDouble() >= 0 ? Math.round(cost.asDouble() * MICROS) : null);
    }
}
