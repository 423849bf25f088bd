package dev.cairn.mcp;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The handler with the tools, resources and prompts that the conformance suite asks every server under test to have, as far as
 * the handler has their kind: the worker itself has none of them.
 */
public final class ConformanceServer implements AutoCloseable {
    private static final String TEMPLATE = "test://template/{id}/data";

    private final McpEndpoint endpoint;

    /** Listens on a free port of the loopback. */
    public ConformanceServer() throws Exception {
        endpoint = new McpEndpoint(new McpHandler(
                new McpServerInfo("conformance", "Conformance", "1", "For the conformance suite."),
                new McpOffer(
                        tools(),
                        new Resources(),
                        prompts(),
                        (subject, argument, typed) -> Future.succeededFuture(List.of(typed + "aris", typed + "ark")))));
    }

    public int port() {
        return endpoint.port;
    }

    private static List<McpTool> tools() throws Exception {
        ObjectNode schema = (ObjectNode) new ObjectMapper().readTree("""
                {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
                 "$defs":{"address":{"$anchor":"addressDef","type":"object",
                   "properties":{"street":{"type":"string"},"city":{"type":"string"}}}},
                 "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},
                   "contactMethod":{"type":"string","enum":["phone","email"]},"phone":{"type":"string"},
                   "email":{"type":"string"}},
                 "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],
                 "if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},
                 "then":{"required":["phone"]},"else":{"required":["email"]},"additionalProperties":false}""");
        return List.of(
                tool("test_simple_text", schema(), McpToolAnswer.of("This is a simple text response for testing.")),
                tool(
                        "test_error_handling",
                        schema(),
                        McpToolAnswer.refusal("This tool intentionally returns an error for testing")),
                tool("json_schema_2020_12_tool", schema, McpToolAnswer.of("kept")));
    }

    private static ObjectNode schema() throws Exception {
        return (ObjectNode) new ObjectMapper().readTree("{\"type\":\"object\",\"additionalProperties\":false}");
    }

    private static McpTool tool(String name, ObjectNode schema, McpToolAnswer answer) {
        return new McpTool(name, name, name, schema, McpTool.Effect.READS, arguments -> Future.succeededFuture(answer));
    }

    private static List<McpPrompt> prompts() {
        return List.of(
                new McpPrompt(
                        "test_simple_prompt",
                        "Simple",
                        "Without arguments",
                        List.of(),
                        arguments -> Future.succeededFuture("This is a simple prompt for testing.")),
                new McpPrompt(
                        "test_prompt_with_arguments",
                        "With arguments",
                        "With two arguments",
                        List.of(
                                new McpPrompt.Argument("arg1", "the first", true),
                                new McpPrompt.Argument("arg2", "the second", true)),
                        ConformanceServer::filled));
    }

    private static Future<String> filled(Map<String, String> arguments) {
        return Future.succeededFuture(
                "Prompt with arguments: arg1='" + arguments.get("arg1") + "', arg2='" + arguments.get("arg2") + "'");
    }

    private static final class Resources implements McpResources {
        @Override
        public List<Template> templates() {
            return List.of(new Template(TEMPLATE, "template", "Template", "By id", "application/json"));
        }

        @Override
        public Future<Page> list(@Nullable String cursor) {
            return Future.succeededFuture(
                    new Page(List.of(new Resource("test://static-text", "static", "Static", "text/plain", 0)), null));
        }

        @Override
        public Future<Content> read(String uri) {
            if (uri.equals("test://static-text")) {
                return Future.succeededFuture(new Content(uri, "text/plain", "This is the content of the resource."));
            }
            if (uri.matches("test://template/\\d+/data")) {
                String id = uri.replaceAll("\\D", "");
                return Future.succeededFuture(new Content(uri, "application/json", "{\"id\":\"" + id + "\"}"));
            }
            throw McpFault.noResource(uri, "there is none");
        }
    }

    @Override
    public void close() throws Exception {
        endpoint.close();
    }
}
