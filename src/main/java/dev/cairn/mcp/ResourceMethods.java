package dev.cairn.mcp;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.time.Instant;

/** {@code resources/list}, {@code resources/templates/list} and {@code resources/read}. */
final class ResourceMethods {
    private final McpResources resources;

    ResourceMethods(McpResources resources) {
        this.resources = resources;
    }

    Future<ObjectNode> list(ObjectNode params) {
        return resources.list(Texts.cursor(params)).map(page -> {
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            ArrayNode list = result.putArray("resources");
            page.resources().forEach(resource -> list.add(describe(resource)));
            if (page.next() != null) {
                result.put("nextCursor", page.next());
            }
            return result;
        });
    }

    ObjectNode templates(ObjectNode params) {
        Texts.onlyPage(params);
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        ArrayNode list = result.putArray("resourceTemplates");
        resources
                .templates()
                .forEach(template -> list.addObject()
                        .put("uriTemplate", template.uriTemplate())
                        .put("name", template.name())
                        .put("title", template.title())
                        .put("description", template.description())
                        .put("mimeType", template.mimeType()));
        return result;
    }

    Future<ObjectNode> read(ObjectNode params) {
        return resources
                .read(Texts.required(params, "uri", "the URI of a resource"))
                .map(content -> {
                    ObjectNode result = JsonNodeFactory.instance.objectNode();
                    result.putArray("contents")
                            .addObject()
                            .put("uri", content.uri())
                            .put("mimeType", content.mimeType())
                            .put("text", content.text());
                    return result;
                });
    }

    private static ObjectNode describe(McpResources.Resource resource) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("uri", resource.uri())
                .put("name", resource.name())
                .put("title", resource.title())
                .put("mimeType", resource.mimeType());
        node.putObject("annotations")
                .put(
                        "lastModified",
                        Instant.ofEpochMilli(resource.lastModified()).toString());
        return node;
    }
}
