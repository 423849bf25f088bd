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

/** A model behind the Gemini API. It caches what prompts have in common by itself. */
final class GeminiModel extends HttpModel<GeminiForm> {
    GeminiModel(ProviderContext context, Service service, String model) {
        super(context, service, model, GeminiForm.BEST);
    }

    @Override
    String path() {
        return "/models/" + model() + ":generateContent";
    }

    @Override
    void head(MultiMap headers, @Nullable String key) {
        if (key != null) {
            headers.add("x-goog-api-key", key);
        }
    }

    @Override
    ObjectNode body(ModelRequest request, GeminiForm form) {
        ObjectNode body = Trees.object();
        String instructions = form.output().instructions(request.instructions(), request.schema());
        if (form.apart()) {
            body.putObject("systemInstruction").putArray("parts").addObject().put("text", instructions);
        }
        ArrayNode parts =
                body.putArray("contents").addObject().put("role", "user").putArray("parts");
        if (!form.apart()) {
            parts.addObject().put("text", instructions);
        }
        if (!request.opening().isEmpty()) {
            parts.addObject().put("text", request.opening());
        }
        parts.addObject().put("text", request.document());
        ObjectNode generation = body.putObject("generationConfig").put("maxOutputTokens", request.outputTokens());
        if (form.output() != Output.TEXT) {
            generation.put("responseMimeType", "application/json");
        }
        if (form.output() == Output.SCHEMA) {
            generation.set("responseJsonSchema", Trees.schema(request.schema()));
        }
        switch (form.thinking()) {
            case NONE -> generation.putObject("thinkingConfig").put("thinkingBudget", 0);
            case LOW -> generation.putObject("thinkingConfig").put("thinkingLevel", "low");
            case FREE -> {}
        }
        return body;
    }

    @Override
    @Nullable
    GeminiForm lesser(GeminiForm form, Refusal refusal) {
        return form.lesser(refusal);
    }

    @Override
    @Nullable
    ModelAnswer read(JsonNode body) {
        JsonNode candidate = body.at("/candidates/0");
        boolean blocked = !body.at("/promptFeedback/blockReason").asText("").isEmpty();
        if (!candidate.isObject() && !blocked) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : candidate.at("/content/parts")) {
            if (!part.path("thought").asBoolean()) {
                text.append(part.path("text").asText());
            }
        }
        return new ModelAnswer(
                text.toString(),
                candidate.isObject() ? end(candidate.path("finishReason").asText()) : End.REFUSED,
                modelNamed(body.path("modelVersion"), model()),
                usage(body.path("usageMetadata")));
    }

    private static End end(String reason) {
        return switch (reason) {
            case "MAX_TOKENS" -> End.CUT;
            case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "OTHER" -> End.REFUSED;
            default -> End.COMPLETE;
        };
    }

    /** What is read from a cache is told as a part of what is read, thoughts beside what is written. */
    private static ModelUsage usage(JsonNode usage) {
        long cached = Trees.count(usage, "/cachedContentTokenCount");
        long read = Trees.count(usage, "/promptTokenCount") + Trees.count(usage, "/toolUsePromptTokenCount");
        return new ModelUsage(
                Math.max(0, read - cached),
                Trees.count(usage, "/candidatesTokenCount") + Trees.count(usage, "/thoughtsTokenCount"),
                cached,
                0,
                null);
    }
}
