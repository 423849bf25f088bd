package dev.cairn.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Revision 2026-07-28, by its specification. */
class McpStatelessTest {
    private static final String REVISION = "2026-07-28";
    private static final String PREFIX = "io.modelcontextprotocol/";

    private final Vertx vertx = Vertx.vertx();
    private final McpHandler handler = McpEndpoint.handler(vertx);

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    /** A request as a client of this revision makes it. */
    private static JsonObject request(String method, JsonObject params) {
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", "r-1")
                .put("method", method)
                .put(
                        "params",
                        params.copy()
                                .put(
                                        "_meta",
                                        new JsonObject()
                                                .put(PREFIX + "protocolVersion", REVISION)
                                                .put(PREFIX + "clientCapabilities", new JsonObject())));
    }

    private static Map<String, String> headers(String method, @Nullable String name) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("MCP-Protocol-Version", REVISION);
        headers.put("Mcp-Method", method);
        if (name != null) {
            headers.put("Mcp-Name", name);
        }
        return headers;
    }

    private McpReply post(Map<String, String> headers, JsonObject request) throws Exception {
        return handler.handle(MultiMap.caseInsensitiveMultiMap().addAll(headers), request.encode(), false)
                .await(10, TimeUnit.SECONDS);
    }

    private static JsonObject body(McpReply reply) {
        JsonObject body = new JsonObject(String.valueOf(reply.json()));
        assertThat(body.getString("jsonrpc")).isEqualTo("2.0");
        assertThat(body.getValue("id")).isEqualTo("r-1");
        return body;
    }

    @Test
    void discoverTellsRevisionsCapabilitiesAndWhoItIs() throws Exception {
        McpReply reply = post(headers("server/discover", null), request("server/discover", new JsonObject()));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(body(reply).getJsonObject("result")).isEqualTo(new JsonObject("""
                {"resultType":"complete",
                 "supportedVersions":["2026-07-28","2025-11-25","2025-06-18","2025-03-26","2024-11-05"],
                 "capabilities":{"tools":{"listChanged":false}},
                 "instructions":"Call echo.","ttlMs":300000,"cacheScope":"public",
                 "_meta":{"io.modelcontextprotocol/serverInfo":{"name":"test","title":"Test server","version":"1.2.3"}}}"""));
    }

    @Test
    void resultsSayThatTheyAreCompleteAndHowLongAListMayBeKept() throws Exception {
        JsonObject list = body(post(headers("tools/list", null), request("tools/list", new JsonObject())))
                .getJsonObject("result");
        assertThat(list.getJsonArray("tools")).hasSize(4);
        assertThat(list.getString("resultType")).isEqualTo("complete");
        assertThat(list.getInteger("ttlMs")).isPositive();

        JsonObject call = new JsonObject().put("name", "echo").put("arguments", new JsonObject().put("text", "hi"));
        JsonObject said = body(post(headers("tools/call", "echo"), request("tools/call", call)))
                .getJsonObject("result");
        assertThat(said.getString("resultType")).isEqualTo("complete");
        assertThat(said.getJsonArray("content").getJsonObject(0).getString("text"))
                .isEqualTo("hi");
        assertThat(said.fieldNames()).doesNotContain("ttlMs", "cacheScope");
    }

    @ParameterizedTest
    @DisplayName("what it removed, and what nobody knows, is 404 with -32601")
    @CsvSource({
        "initialize",
        "ping",
        "logging/setLevel",
        "resources/subscribe",
        "resources/list",
        "subscriptions/listen",
        "tools/listen"
    })
    void unknownMethods(String method) throws Exception {
        McpReply reply = post(headers(method, null), request(method, new JsonObject()));

        assertThat(reply.status()).isEqualTo(404);
        assertThat(body(reply).getJsonObject("error").getInteger("code")).isEqualTo(-32601);
    }

    @ParameterizedTest
    @DisplayName("a field of _meta that is missing or of the wrong type is 400 with -32602")
    @CsvSource({
        "protocolVersion, null",
        "protocolVersion, 20260728",
        "clientCapabilities, null",
        "clientCapabilities, []"
    })
    void metaIsRequired(String field, String value) throws Exception {
        JsonObject request = request("tools/list", new JsonObject());
        request.getJsonObject("params")
                .getJsonObject("_meta")
                .put(PREFIX + field, io.vertx.core.json.Json.decodeValue(value));

        McpReply reply = post(headers("tools/list", null), request);

        assertThat(reply.status()).isEqualTo(400);
        JsonObject error = body(reply).getJsonObject("error");
        assertThat(error.getInteger("code")).isEqualTo(-32602);
        assertThat(error.getString("message")).contains(PREFIX + field);
    }

    @Test
    void aRevisionNobodyKnowsIsAnsweredWithThoseThatAre() throws Exception {
        JsonObject request = request("tools/list", new JsonObject());
        request.getJsonObject("params").getJsonObject("_meta").put(PREFIX + "protocolVersion", "2027-01-01");
        Map<String, String> headers = headers("tools/list", null);
        headers.put("MCP-Protocol-Version", "2027-01-01");

        McpReply reply = post(headers, request);

        assertThat(reply.status()).isEqualTo(400);
        JsonObject error = body(reply).getJsonObject("error");
        assertThat(error.getInteger("code")).isEqualTo(-32022);
        assertThat(error.getJsonObject("data").getJsonArray("supported"))
                .isEqualTo(
                        new JsonArray("[\"2026-07-28\",\"2025-11-25\",\"2025-06-18\",\"2025-03-26\",\"2024-11-05\"]"));
        assertThat(error.getJsonObject("data").getString("requested")).isEqualTo("2027-01-01");
    }

    @ParameterizedTest
    @DisplayName("a header that is missing or says something else is 400 with -32020 and its name")
    @CsvSource({
        "MCP-Protocol-Version, ",
        "MCP-Protocol-Version, 2025-11-25",
        "MCP-Protocol-Version, 2027-01-01",
        "Mcp-Method, ",
        "Mcp-Method, tools/list",
        "Mcp-Method, TOOLS/CALL",
        "Mcp-Name, ",
        "Mcp-Name, refuse",
        "Mcp-Name, ECHO",
        "Mcp-Name, =?base64?cmVmdXNl?=",
        "Mcp-Name, =?base64?!!?=",
        "Mcp-Name, =?base64?/w==?="
    })
    void headersMustMatch(String header, @Nullable String value) throws Exception {
        Map<String, String> headers = headers("tools/call", "echo");
        if (value == null) {
            headers.remove(header);
        } else {
            headers.put(header, value);
        }

        McpReply reply = post(headers, request("tools/call", new JsonObject().put("name", "echo")));

        assertThat(reply.status()).isEqualTo(400);
        JsonObject error = body(reply).getJsonObject("error");
        assertThat(error.getInteger("code")).isEqualTo(-32020);
        assertThat(error.getString("message")).contains(header);
    }

    @Test
    void aNameInBase64IsDecodedAndAPaddedOneStripped() throws Exception {
        String odd = "évoque";
        String encoded = "=?base64?" + Base64.getEncoder().encodeToString(odd.getBytes(StandardCharsets.UTF_8)) + "?=";
        JsonObject request = request("tools/call", new JsonObject().put("name", odd));
        assertThat(body(post(headers("tools/call", encoded), request))
                        .getJsonObject("error")
                        .getString("message"))
                .as("the headers pass; there is no such tool")
                .startsWith("Invalid params: unknown tool");

        assertThat(post(headers("tools/call", " echo "), request("tools/call", new JsonObject().put("name", "echo")))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aNameThatTheBodyLacksIsTheBodysFault() throws Exception {
        McpReply reply = post(headers("tools/call", null), request("tools/call", new JsonObject()));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(body(reply).getJsonObject("error").getInteger("code")).isEqualTo(-32602);
    }

    @Test
    void aChannelWithoutHeadersNeedsNone() throws Exception {
        JsonObject probe = request("server/discover", new JsonObject());
        assertThat(body(handler.handle(probe.encode()).await(10, TimeUnit.SECONDS))
                        .getJsonObject("result")
                        .getJsonArray("supportedVersions"))
                .contains(REVISION);
        JsonObject call = request("tools/call", new JsonObject().put("name", "refuse"));
        assertThat(body(handler.handle(call.encode()).await(10, TimeUnit.SECONDS))
                        .getJsonObject("result")
                        .getBoolean("isError"))
                .isTrue();
    }

    @Test
    @DisplayName("both eras are served at once, each request by what it says of itself")
    void erasMix() throws Exception {
        JsonObject modern = request("tools/list", new JsonObject());
        JsonObject legacy = new JsonObject("{\"jsonrpc\":\"2.0\",\"id\":\"r-1\",\"method\":\"tools/list\"}");
        for (int i = 0; i < 3; i++) {
            assertThat(body(post(headers("tools/list", null), modern))
                            .getJsonObject("result")
                            .containsKey("resultType"))
                    .isTrue();
            assertThat(body(post(Map.of("MCP-Protocol-Version", "2025-11-25"), legacy))
                            .getJsonObject("result")
                            .fieldNames())
                    .containsExactly("tools");
        }
    }
}
