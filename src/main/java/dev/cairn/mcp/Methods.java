package dev.cairn.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The methods that all revisions share: what they answer, before a revision dresses it. */
final class Methods {
    private static final int MAX_COMPLETIONS = 100;

    private final McpOffer offer;
    private final ToolMethods tools;
    private final PromptMethods prompts;
    private final @Nullable ResourceMethods resources;

    Methods(McpOffer offer) {
        this.offer = offer;
        this.tools = new ToolMethods(offer.tools());
        this.prompts = new PromptMethods(offer.prompts());
        this.resources = offer.resources() == null ? null : new ResourceMethods(offer.resources());
    }

    /** What is offered, as a server declares it. None of the lists tells of its changes. */
    ObjectNode capabilities() {
        ObjectNode capabilities = JsonNodeFactory.instance.objectNode();
        capabilities.putObject("tools").put("listChanged", false);
        if (resources != null) {
            capabilities.putObject("resources").put("listChanged", false).put("subscribe", false);
        }
        if (!offer.prompts().isEmpty()) {
            capabilities.putObject("prompts").put("listChanged", false);
        }
        if (offer.completion() != null) {
            capabilities.putObject("completions");
        }
        return capabilities;
    }

    /**
     * Runs a method.
     *
     * @param structured whether the client asks for structured answers of tools
     * @return null when there is no such method; fails with a {@link McpFault}, with anything else by a defect
     */
    @Nullable
    Future<ObjectNode> run(String method, ObjectNode params, boolean structured) {
        try {
            return switch (method) {
                case "tools/list" -> Future.succeededFuture(tools.list(params, structured));
                case "tools/call" -> tools.call(params, structured);
                case "resources/list" -> resources == null ? null : resources.list(params);
                case "resources/templates/list" ->
                    resources == null ? null : Future.succeededFuture(resources.templates(params));
                case "resources/read" -> resources == null ? null : resources.read(params);
                case "prompts/list" -> offer.prompts().isEmpty() ? null : Future.succeededFuture(prompts.list(params));
                case "prompts/get" -> offer.prompts().isEmpty() ? null : prompts.get(params);
                case "completion/complete" -> offer.completion() == null ? null : complete(params, offer.completion());
                default -> null;
            };
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<ObjectNode> complete(ObjectNode params, McpCompletion completion) {
        JsonNode argument = params.path("argument");
        if (!(argument instanceof ObjectNode named)) {
            throw McpFault.invalid("argument must be an object with name and value");
        }
        String name = Texts.required(named, "name", "the name of an argument");
        String typed = Texts.required(named, "value", "what is typed so far");
        return completion
                .complete(subject(params.path("ref"), name), name, typed)
                .map(values -> {
                    List<String> told = values.stream().limit(MAX_COMPLETIONS).toList();
                    ObjectNode result = JsonNodeFactory.instance.objectNode();
                    ObjectNode node = result.putObject("completion");
                    ArrayNode list = node.putArray("values");
                    told.forEach(list::add);
                    node.put("total", values.size()).put("hasMore", values.size() > told.size());
                    return result;
                });
    }

    private String subject(JsonNode ref, String argument) {
        String type = ref.path("type").asText();
        if (type.equals("ref/prompt") && ref instanceof ObjectNode named) {
            McpPrompt prompt = prompts.find(Texts.required(named, "name", "the name of a prompt"));
            if (prompt.arguments().stream().noneMatch(known -> known.name().equals(argument))) {
                throw McpFault.invalid(Texts.shown(argument) + " is no argument of " + prompt.name());
            }
            return prompt.name();
        }
        if (type.equals("ref/resource") && ref instanceof ObjectNode named && offer.resources() != null) {
            String uri = Texts.required(named, "uri", "the URI template of a resource");
            if (offer.resources().templates().stream()
                    .noneMatch(template -> template.uriTemplate().equals(uri))) {
                throw McpFault.invalid("unknown URI template '" + Texts.shown(uri) + "'");
            }
            return uri;
        }
        throw McpFault.invalid("ref must be an object of type ref/prompt or ref/resource");
    }
}
