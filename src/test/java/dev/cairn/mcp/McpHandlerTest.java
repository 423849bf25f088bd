package dev.cairn.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class McpHandlerTest {
    private final Vertx vertx = Vertx.vertx();
    private final McpHandler handler = McpEndpoint.handler(vertx);

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @DisplayName("the client's revision is spoken when it is known, otherwise the newest we know")
    @CsvSource({
        "2025-11-25, 2025-11-25",
        "2025-06-18, 2025-06-18",
        "2025-03-26, 2025-03-26",
        "2024-11-05, 2024-11-05",
        "2026-07-28, 2025-11-25",
        "nonsense, 2025-11-25"
    })
    void negotiatesTheRevision(String asked, String spoken) throws Exception {
        JsonObject result = result(request("initialize", new JsonObject().put("protocolVersion", asked)));

        assertThat(result.getString("protocolVersion")).isEqualTo(spoken);
        assertThat(result.getJsonObject("serverInfo"))
                .isEqualTo(new JsonObject()
                        .put("name", "test")
                        .put("title", "Test server")
                        .put("version", "1.2.3"));
        assertThat(result.getString("instructions")).isEqualTo("Call echo.");
        assertThat(result.getJsonObject("capabilities").fieldNames()).containsExactly("tools");
    }

    @Test
    void listsToolsWithSchemasAndHints() throws Exception {
        JsonArray tools = result(request("tools/list", null)).getJsonArray("tools");

        assertThat(tools).hasSize(4);
        assertThat(tools.getJsonObject(0)).isEqualTo(new JsonObject("""
                        {"name":"echo","title":"Echo","description":"Says it again",
                         "inputSchema":{"type":"object","properties":{"text":{"type":"string"}},"additionalProperties":false},
                         "annotations":{"title":"Echo","readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,
                         "openWorldHint":false}}"""));
        assertThat(tools.getJsonObject(1).getJsonObject("annotations").getBoolean("readOnlyHint"))
                .isFalse();
        assertThat(tools.getJsonObject(1).getJsonObject("annotations").getBoolean("idempotentHint"))
                .isFalse();
        assertThat(tools.getJsonObject(2).getJsonObject("annotations").getBoolean("destructiveHint"))
                .isTrue();
    }

    @Test
    void answersAreTextOnlySoThatTheModelSeesThem() throws Exception {
        JsonObject result = result(call("echo", new JsonObject().put("text", "héllo 漢")));

        assertThat(result)
                .isEqualTo(
                        new JsonObject("{\"content\":[{\"type\":\"text\",\"text\":\"héllo 漢\"}],\"isError\":false}"));
        assertThat(result(call("refuse", new JsonObject())))
                .isEqualTo(new JsonObject(
                        "{\"content\":[{\"type\":\"text\",\"text\":\"text must be short\"}],\"isError\":true}"));
    }

    @Test
    void aLongAnswerIsCutToWhatHostsShow() throws Exception {
        String text = result(call("echo", new JsonObject().put("text", "😀".repeat(50_000))))
                .getJsonArray("content")
                .getJsonObject(0)
                .getString("text");

        assertThat(text.length()).isLessThan(25_000).isGreaterThan(24_000);
        assertThat(text).endsWith("😀\n(cut for length)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "crash"})
    void aDefectOfAToolIsAnInternalErrorWithoutItsDetails(String tool) throws Exception {
        McpReply reply = reply(call(tool, new JsonObject()));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(error(reply).getInteger("code")).isEqualTo(-32603);
        assertThat(reply.json()).doesNotContain("secret detail");
    }

    @Test
    void idsComeBackAsTheyWere() throws Exception {
        for (String id : new String[] {"\"server-discover-probe-1\"", "0", "-7", "12345678901234567890", "\"\""}) {
            McpReply reply = reply("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"ping\"}");
            assertThat(reply).isEqualTo(new McpReply(200, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}"));
        }
    }

    @ParameterizedTest
    @DisplayName("notifications and responses are taken without an answer")
    @ValueSource(
            strings = {
                "{'jsonrpc':'2.0','method':'notifications/initialized'}",
                "{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':1}}",
                "{'jsonrpc':'2.0','method':'notifications/unheard-of'}",
                "{'jsonrpc':'2.0','id':1,'result':{}}",
                "{'jsonrpc':'2.0','id':null,'error':{'code':1,'message':'m'}}"
            })
    void takesWhatWantsNoAnswer(String body) throws Exception {
        assertThat(reply(body.replace('\'', '"'))).isEqualTo(new McpReply(202, null));
    }

    @ParameterizedTest
    @DisplayName("H7: what is wrong is told by JSON-RPC's code and in words")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | 400 | -32700 | Parse error: the body is empty",
                "{ | 400 | -32700 | Parse error: the body is not valid JSON",
                "{'jsonrpc':'2.0','id':1,'method':'ping'} x | 400 | -32700 | Parse error: the body is not valid JSON",
                "[] | 400 | -32600 | Invalid request: batches are not supported; post each message by itself",
                "[{'jsonrpc':'2.0','id':1,'method':'ping'}] | 400 | -32600 | Invalid request: batches are not supported;",
                "'ping' | 400 | -32600 | Invalid request: the body must be one JSON-RPC message, an object",
                "null | 400 | -32600 | Invalid request: the body must be one JSON-RPC message, an object",
                "{} | 400 | -32600 | Invalid request: jsonrpc must be '2.0'",
                "{'jsonrpc':2.0,'id':1,'method':'ping'} | 400 | -32600 | Invalid request: jsonrpc must be '2.0'",
                "{'jsonrpc':'2.0'} | 400 | -32600 | Invalid request: method is missing",
                "{'jsonrpc':'2.0','id':1} | 400 | -32600 | Invalid request: method is missing",
                "{'jsonrpc':'2.0','id':null,'method':'ping'} | 400 | -32600 | Invalid request: id must be a string or",
                "{'jsonrpc':'2.0','id':1.5,'method':'ping'} | 400 | -32600 | Invalid request: id must be a string or",
                "{'jsonrpc':'2.0','id':{},'method':'ping'} | 400 | -32600 | Invalid request: id must be a string or",
                "{'jsonrpc':'2.0','id':1,'method':7} | 400 | -32600 | Invalid request: method must be a string",
                "{'jsonrpc':'2.0','id':1,'method':'ping','params':[]} | 400 | -32602 | Invalid params: params must be an object",
                "{'jsonrpc':'2.0','id':1,'method':'server/discovers'} | 200 | -32601 | Method not found: server/discovers",
                "{'jsonrpc':'2.0','id':1,'method':'server/discover'} | 400 | -32602 | Invalid params: _meta must have io.mod",
                "{'jsonrpc':'2.0','id':1,'method':'resources/list'} | 200 | -32601 | Method not found: resources/list",
                "{'jsonrpc':'2.0','id':1,'method':'initialize'} | 200 | -32602 | Invalid params: protocolVersion must be",
                "{'jsonrpc':'2.0','id':1,'method':'tools/list','params':{'cursor':'x'}} | 200 | -32602 | Invalid params: cursor",
                "{'jsonrpc':'2.0','id':1,'method':'tools/call'} | 200 | -32602 | Invalid params: name must be a string",
                "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':1}} | 200 | -32602 | Invalid params: name must",
                "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'x'}} | 200 | -32602 | Invalid params: unknown tool 'x'; there are echo, refuse, fail, crash",
                "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'echo','arguments':[]}} | 200 | -32602 | Invalid params: arguments must be an object"
            })
    void refuses(String body, int status, int code, String message) throws Exception {
        McpReply reply = reply(body == null ? "" : body.replace('\'', '"'));

        assertThat(reply.status()).isEqualTo(status);
        assertThat(error(reply).getInteger("code")).isEqualTo(code);
        assertThat(error(reply).getString("message")).startsWith(message.replace("'2.0'", "\"2.0\""));
    }

    @Test
    @DisplayName("H7: deep nesting is a parse error, not a stack overflow")
    void deepNesting() throws Exception {
        String deep = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"a\":" + "[".repeat(100_000);

        assertThat(reply(deep).status()).isEqualTo(400);
        assertThat(error(reply(deep)).getInteger("code")).isEqualTo(-32700);
    }

    @Test
    void aRevisionInTheHeaderThatTheBodyDoesNotNameIsRefusedButForTheFirstMessage() throws Exception {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("MCP-Protocol-Version", "2026-07-28");
        String list = request("tools/list", null);

        McpReply refusal = handler.handle(headers, list, false).await(10, TimeUnit.SECONDS);
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(error(refusal).getString("message")).contains("protocolVersion, such as 2026-07-28");
        assertThat(handler.handle(headers, call("echo", new JsonObject()), false)
                        .await(10, TimeUnit.SECONDS)
                        .status())
                .isEqualTo(400);
        assertThat(handler.handle(
                                headers,
                                request("initialize", new JsonObject().put("protocolVersion", "2025-11-25")),
                                false)
                        .await(10, TimeUnit.SECONDS)
                        .status())
                .isEqualTo(200);
        headers.set("mcp-protocol-version", "2025-06-18");
        assertThat(handler.handle(headers, list, false)
                        .await(10, TimeUnit.SECONDS)
                        .status())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("H7: garbage never yields a server error, an answer that is not JSON-RPC, or none")
    void garbage() throws Exception {
        Random random = new Random(77);
        String valid = call("echo", new JsonObject().put("text", "x").put("n", 1)) + request("initialize", null);
        String[] pieces = {
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\"jsonrpc\":\"2.0\"",
            "\"id\":1",
            "\"id\":null",
            "\"method\":\"tools/call\"",
            "\"method\":\"initialize\"",
            "\"params\":{\"name\":\"echo\",\"arguments\":",
            "null",
            "true",
            "1e999",
            "-",
            "\\u0000",
            "\uD83D",
            "\u0000",
            "漢",
            "\"params\":",
            "\"protocolVersion\":",
            "99999999999999999999999",
            " "
        };
        for (int i = 0; i < 5_000; i++) {
            StringBuilder body = new StringBuilder();
            if (random.nextBoolean()) {
                body.append(valid, 0, random.nextInt(valid.length()));
                for (int n = random.nextInt(4); n > 0 && body.length() > 0; n--) {
                    body.setCharAt(random.nextInt(body.length()), (char) random.nextInt(0x300));
                }
            } else {
                for (int n = random.nextInt(20); n > 0; n--) {
                    body.append(pieces[random.nextInt(pieces.length)]);
                }
            }
            McpReply reply = reply(body.toString());
            assertThat(reply.status()).isIn(200, 202, 400);
            if (reply.json() != null) {
                JsonObject message = new JsonObject(reply.json());
                assertThat(message.getString("jsonrpc")).isEqualTo("2.0");
                assertThat(message.containsKey("result") ^ message.containsKey("error"))
                        .isTrue();
            }
        }
    }

    private McpReply reply(String body) throws Exception {
        return handler.handle(MultiMap.caseInsensitiveMultiMap(), body, false).await(10, TimeUnit.SECONDS);
    }

    private JsonObject result(String body) throws Exception {
        McpReply reply = reply(body);
        assertThat(reply.status()).isEqualTo(200);
        return new JsonObject(reply.json()).getJsonObject("result");
    }

    private static JsonObject error(McpReply reply) {
        return new JsonObject(reply.json()).getJsonObject("error");
    }

    private static String request(String method, @org.jspecify.annotations.Nullable JsonObject params) {
        JsonObject request = new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", method);
        return (params == null ? request : request.put("params", params)).encode();
    }

    private static String call(String tool, JsonObject arguments) {
        return request("tools/call", new JsonObject().put("name", tool).put("arguments", arguments));
    }
}
