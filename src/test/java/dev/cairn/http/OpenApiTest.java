package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import dev.cairn.bus.Bus;
import dev.cairn.bus.WireFormat;
import dev.cairn.http.compat.Compat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code openapi.json}: well formed, of the routes there are, with the parameters they take. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
    private static final Path EVENTS = Path.of("src/main/resources/dev/cairn/http/events.schema.json");
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");
    private static final Pattern TEMPLATE = Pattern.compile("\\{([^}]+)}");

    private HttpHarness http;
    private JsonNode api;

    @BeforeAll
    void start(@TempDir Path dir) throws IOException {
        http = HttpHarness.start(dir, Map.of("compat", false), Limits.DEFAULT);
        api = WireFormat.mapper().readTree(http.get("/openapi.json").body());
    }

    @AfterAll
    void stop() {
        http.close();
    }

    /** Every operation, with "get /path" for messages. */
    private void operations(BiConsumer<String, JsonNode> each) {
        api.get("paths")
                .fields()
                .forEachRemaining(path -> path.getValue()
                        .fields()
                        .forEachRemaining(
                                method -> each.accept(method.getKey() + " " + path.getKey(), method.getValue())));
    }

    private JsonNode resolved(JsonNode node) {
        JsonNode ref = node.get("$ref");
        return ref == null ? node : api.at(ref.asText().substring(1));
    }

    private List<JsonNode> parameters(JsonNode operation, String place) {
        List<JsonNode> parameters = new ArrayList<>();
        operation.path("parameters").forEach(each -> {
            JsonNode parameter = resolved(each);
            if (parameter.get("in").asText().equals(place)) {
                parameters.add(parameter);
            }
        });
        return parameters;
    }

    private Set<String> names(JsonNode operation, String place) {
        Set<String> names = new TreeSet<>();
        parameters(operation, place)
                .forEach(parameter -> names.add(parameter.get("name").asText()));
        return names;
    }

    @Test
    void itIsServedWithTheWorkersVersionAndATag() {
        Reply reply = http.get("/openapi.json");
        assertThat(reply.header("content-type")).isEqualTo("application/json");
        assertThat(api.get("openapi").asText()).isEqualTo("3.1.0");
        assertThat(api.at("/info/version").asText()).isEqualTo("1.2.3");
        Reply again = http.request(
                "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: " + reply.header("etag") + "\r\n\r\n");
        assertThat(again.status()).isEqualTo(304);
    }

    @Test
    void itHasEveryRouteAndNoOther() {
        Set<String> registered = new TreeSet<>();
        RouteTable.of(
                        http.vertx,
                        new Bus(http.vertx),
                        http.wiring(),
                        new Live("i-1", Limits.DEFAULT.streams()),
                        Limits.DEFAULT,
                        new Compat.Shared(http.wiring().config(), http.wiring().info(), Map.of()))
                .methods()
                .forEach((path, methods) -> methods.forEach(method -> registered.add(
                        method.toLowerCase(java.util.Locale.ROOT) + " " + path.replaceAll(":([a-z]+)", "{$1}"))));
        Set<String> described = new TreeSet<>();
        operations((name, operation) -> described.add(name));
        assertThat(described).isEqualTo(registered).hasSizeGreaterThan(50);
    }

    @Test
    void everyOperationIsWellFormed() {
        Set<String> ids = new HashSet<>();
        Set<String> tags = new HashSet<>();
        api.get("tags").forEach(tag -> tags.add(tag.get("name").asText()));
        operations((name, operation) -> {
            assertThat(METHODS).as(name).contains(name.split(" ", 2)[0]);
            assertThat(ids.add(operation.path("operationId").asText()))
                    .as("%s: operationId of its own", name)
                    .isTrue();
            assertThat(operation.path("summary").asText()).as(name).isNotBlank();
            assertThat(tags).as(name).contains(operation.at("/tags/0").asText());
            Set<String> template = new TreeSet<>();
            TEMPLATE.matcher(name).results().forEach(part -> template.add(part.group(1)));
            assertThat(names(operation, "path")).as(name).isEqualTo(template);
            parameters(operation, "path")
                    .forEach(parameter ->
                            assertThat(parameter.path("required").asBoolean()).isTrue());
            Set<String> seen = new HashSet<>();
            operation.path("parameters").forEach(each -> {
                JsonNode parameter = resolved(each);
                assertThat(parameter.has("schema")).as(name + " " + parameter).isTrue();
                assertThat(seen.add(parameter.get("in") + " " + parameter.get("name")))
                        .as("%s %s is there once", name, parameter.get("name"))
                        .isTrue();
            });
            boolean success = false;
            for (Iterator<String> codes = operation.get("responses").fieldNames(); codes.hasNext(); ) {
                String code = codes.next();
                assertThat(code).as(name).matches("[1-5]\\d\\d|default");
                assertThat(resolved(operation.get("responses").get(code))
                                .path("description")
                                .asText())
                        .as("%s %s", name, code)
                        .isNotBlank();
                success |= code.startsWith("2");
            }
            assertThat(success).as("%s tells its success", name).isTrue();
            assertThat(operation.has("requestBody"))
                    .as(name)
                    .isEqualTo(name.startsWith("post ") || name.startsWith("put "));
        });
        assertThat(api.at("/components/securitySchemes/token/scheme").asText()).isEqualTo("bearer");
    }

    @Test
    void everyReferenceLeadsSomewhereAndEveryComponentIsUsed() {
        Set<String> used = new TreeSet<>();
        references(api, used);
        assertThat(used).hasSizeGreaterThan(40).allSatisfy(ref -> {
            assertThat(ref).startsWith("#/");
            assertThat(api.at(ref.substring(1)).isMissingNode()).as(ref).isFalse();
        });
        for (String part : List.of("schemas", "parameters", "responses")) {
            api.at("/components/" + part)
                    .fieldNames()
                    .forEachRemaining(name -> assertThat(used).contains("#/components/" + part + "/" + name));
        }
    }

    private static void references(JsonNode node, Set<String> found) {
        if (node.isObject() && node.path("$ref").isTextual()) {
            found.add(node.get("$ref").asText());
        }
        node.forEach(child -> references(child, found));
    }

    @Test
    void everySchemaIsOneOfItsDialectAndRequiresWhatItHas() {
        Schema meta = JsonSchemas.of("{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}");
        List<JsonNode> schemas = new ArrayList<>();
        schemas(api, schemas);
        api.at("/components/schemas").forEach(schemas::add);
        assertThat(schemas).hasSizeGreaterThan(100).allSatisfy(schema -> {
            assertThat(JsonSchemas.faults(meta, schema.toString())).isEmpty();
            requiredIsThere(schema);
        });
        assertThat(JsonSchemas.faults(meta, "{\"type\":\"texts\"}"))
                .as("the check can fail")
                .isNotEmpty();
    }

    private static void schemas(JsonNode node, List<JsonNode> found) {
        if (node.isObject() && node.path("schema").isObject()) {
            found.add(node.get("schema"));
        }
        node.forEach(child -> schemas(child, found));
    }

    private static void requiredIsThere(JsonNode schema) {
        if (schema.path("type").asText().equals("object") && schema.has("properties")) {
            schema.path("required")
                    .forEach(name -> assertThat(schema.get("properties").has(name.asText()))
                            .as("%s of %s", name, schema)
                            .isTrue());
        }
        schema.path("properties").forEach(OpenApiTest::requiredIsThere);
        if (schema.path("items").isObject()) {
            requiredIsThere(schema.get("items"));
        }
    }

    @Test
    void theSchemaOfEventsIsTheOneThatIsServed() throws IOException {
        ObjectNode events = (ObjectNode) WireFormat.mapper().readTree(Files.readString(EVENTS));
        events.remove(List.of("$schema", "$id"));
        String moved = events.toString().replace("#/$defs/", "#/components/schemas/Events/$defs/");
        assertThat(api.at("/components/schemas/Events"))
                .isEqualTo(WireFormat.mapper().readTree(moved));
    }

    /** A route refuses a parameter it does not know by naming those it knows. */
    @Test
    void everyRouteTakesTheParametersItIsSaidToTakeAndNoOther() {
        String wrong = "nonsense";
        operations((name, operation) -> {
            String[] parts = name.split(" ", 2);
            String path = parts[1].replaceAll("\\{id}", "1").replaceAll("\\{[^}]+}", "x") + "?" + wrong + "=1";
            if (parts[0].equals("put") || path.startsWith("/api/admin/shutdown")) {
                return;
            }
            Reply reply = switch (parts[0]) {
                case "get" -> http.get(path);
                case "post" -> http.post(path, "{}");
                default -> http.request("DELETE " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            };
            Set<String> taken = new TreeSet<>();
            if (reply.status() == 400 && wrong.equals(reply.field())) {
                String list = reply.message().replaceFirst(".*the parameters are ?", "");
                taken.addAll(list.isEmpty() ? List.of() : List.of(list.split(", ")));
            }
            assertThat(names(operation, "query")).as(name).isEqualTo(taken);
        });
    }

    @Test
    void theErrorTableIsThatOfTheCode() {
        Set<String> codes = new TreeSet<>();
        api.at("/components/schemas/Error/properties/error/properties/code/enum")
                .forEach(code -> codes.add(code.asText()));
        Set<String> known = new TreeSet<>();
        for (dev.cairn.model.ErrorCode code : dev.cairn.model.ErrorCode.values()) {
            known.add(code.wire());
        }
        assertThat(codes).isEqualTo(known);
    }
}
