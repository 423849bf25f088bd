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

/**
 * A model behind the Messages API. It must call a tool whose input has the schema: all models of that API do that, and none need
 * to be told in words.
 *
 * <p>The tool and the instructions, the same for all questions, are marked for the prompt cache (five minutes, longer with each
 * use). The API keeps only what is long enough: 1,024 to 4,096 tokens, by model (4,096 for Claude Haiku 4.5), and ignores the
 * mark otherwise at no cost. What was observed earlier is not marked: it is another for nearly every question, so that keeping
 * it would cost a quarter more and bring nothing.
 */
final class AnthropicModel extends HttpModel<Output> {
    private static final String VERSION = "2023-06-01";
    private static final String TOOL = "record";

    AnthropicModel(ProviderContext context, Service service, String model) {
        super(context, service, model, Output.SCHEMA);
    }

    @Override
    String path() {
        return "/v1/messages";
    }

    @Override
    void head(MultiMap headers, @Nullable String key) {
        headers.add("anthropic-version", VERSION);
        if (key != null) {
            headers.add("x-api-key", key);
        }
    }

    @Override
    ObjectNode body(ModelRequest request, Output form) {
        ObjectNode body = Trees.object().put("model", model()).put("max_tokens", request.outputTokens());
        body.putArray("system")
                .addObject()
                .put("type", "text")
                .put("text", request.instructions())
                .putObject("cache_control")
                .put("type", "ephemeral");
        body.putArray("tools")
                .addObject()
                .put("name", TOOL)
                .put("description", "Records the answer.")
                .set("input_schema", Trees.schema(request.schema()));
        body.putObject("tool_choice").put("type", "tool").put("name", TOOL).put("disable_parallel_tool_use", true);
        ArrayNode content =
                body.putArray("messages").addObject().put("role", "user").putArray("content");
        if (!request.opening().isEmpty()) {
            content.addObject().put("type", "text").put("text", request.opening());
        }
        content.addObject().put("type", "text").put("text", request.document());
        return body;
    }

    @Override
    @Nullable
    Output lesser(Output form, Refusal refusal) {
        return null;
    }

    @Override
    @Nullable
    ModelAnswer read(JsonNode body) {
        JsonNode content = body.path("content");
        if (!content.isArray()) {
            return null;
        }
        return new ModelAnswer(
                text(content),
                end(body.path("stop_reason").asText()),
                modelNamed(body.path("model"), model()),
                new ModelUsage(
                        Trees.count(body, "/usage/input_tokens"),
                        Trees.count(body, "/usage/output_tokens"),
                        Trees.count(body, "/usage/cache_read_input_tokens"),
                        Trees.count(body, "/usage/cache_creation_input_tokens"),
                        null));
    }

    private static String text(JsonNode content) {
        StringBuilder text = new StringBuilder();
        for (JsonNode block : content) {
            if (block.path("type").asText().equals("tool_use")) {
                return block.path("input").toString();
            }
            text.append(block.path("text").asText());
        }
        return text.toString();
    }

    private static End end(String reason) {
        return switch (reason) {
            case "max_tokens", "model_context_window_exceeded" -> End.CUT;
            case "refusal" -> End.REFUSED;
            default -> End.COMPLETE;
        };
    }
}
