package dev.cairn.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code prompts/list} and {@code prompts/get}. */
final class PromptMethods {
    private final Map<String, McpPrompt> prompts = new LinkedHashMap<>();

    PromptMethods(List<McpPrompt> prompts) {
        prompts.forEach(prompt -> this.prompts.put(prompt.name(), prompt));
    }

    ObjectNode list(ObjectNode params) {
        Texts.onlyPage(params);
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        ArrayNode list = result.putArray("prompts");
        prompts.values().forEach(prompt -> list.add(describe(prompt)));
        return result;
    }

    Future<ObjectNode> get(ObjectNode params) {
        McpPrompt prompt = find(Texts.required(params, "name", "the name of a prompt"));
        return prompt.get().apply(arguments(prompt, params.get("arguments"))).map(text -> {
            ObjectNode result = JsonNodeFactory.instance.objectNode().put("description", prompt.description());
            result.putArray("messages")
                    .addObject()
                    .put("role", "user")
                    .putObject("content")
                    .put("type", "text")
                    .put("text", text);
            return result;
        });
    }

    McpPrompt find(String name) {
        McpPrompt prompt = prompts.get(name);
        if (prompt == null) {
            throw McpFault.invalid(
                    "unknown prompt '" + Texts.shown(name) + "'; there are " + String.join(", ", prompts.keySet()));
        }
        return prompt;
    }

    private static Map<String, String> arguments(McpPrompt prompt, @Nullable JsonNode given) {
        if (given != null && !given.isNull() && !given.isObject()) {
            throw McpFault.invalid("arguments must be an object");
        }
        List<String> known =
                prompt.arguments().stream().map(McpPrompt.Argument::name).toList();
        Map<String, String> arguments = new LinkedHashMap<>();
        if (given instanceof ObjectNode byName) {
            byName.fields().forEachRemaining(argument -> {
                String name = argument.getKey();
                if (!known.contains(name)) {
                    throw McpFault.invalid(Texts.shown(name) + " is no argument of " + prompt.name() + "; there are "
                            + String.join(", ", known));
                }
                if (!argument.getValue().isTextual()) {
                    throw McpFault.invalid(name + " must be a string");
                }
                if (!argument.getValue().asText().isBlank()) {
                    arguments.put(name, argument.getValue().asText());
                }
            });
        }
        String missing = prompt.arguments().stream()
                .filter(argument -> argument.required() && !arguments.containsKey(argument.name()))
                .map(McpPrompt.Argument::name)
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw McpFault.invalid(missing + " is missing; " + prompt.name() + " needs it");
        }
        return arguments;
    }

    private static ObjectNode describe(McpPrompt prompt) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", prompt.name()).put("title", prompt.title()).put("description", prompt.description());
        ArrayNode arguments = node.putArray("arguments");
        prompt.arguments()
                .forEach(argument -> arguments
                        .addObject()
                        .put("name", argument.name())
                        .put("description", argument.description())
                        .put("required", argument.required()));
        return node;
    }
}
