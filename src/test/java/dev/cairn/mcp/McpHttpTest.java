package dev.cairn.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The handler over real HTTP, against the SDK's client and against what Claude Code was seen to send. */
class McpHttpTest {
    private McpEndpoint endpoint;
    private WebClient web;

    @BeforeEach
    void start() throws Exception {
        endpoint = new McpEndpoint();
        web = WebClient.create(endpoint.vertx);
    }

    @AfterEach
    void stop() throws Exception {
        endpoint.close();
    }

    @Test
    void theSdksClientIsServed() {
        HttpClientStreamableHttpTransport transport = HttpClientStreamableHttpTransport.builder(
                        "http://127.0.0.1:" + endpoint.port)
                .endpoint("/mcp")
                .build();
        try (McpSyncClient client = McpClient.sync(transport)
                .requestTimeout(Duration.ofSeconds(10))
                .initializationTimeout(Duration.ofSeconds(10))
                .build()) {
            McpSchema.InitializeResult initialized = client.initialize();
            assertThat(initialized.protocolVersion()).isEqualTo("2025-11-25");
            assertThat(initialized.serverInfo().title()).isEqualTo("Test server");
            assertThat(initialized.instructions()).isEqualTo("Call echo.");

            client.ping();
            assertThat(client.listTools().tools())
                    .extracting(McpSchema.Tool::name)
                    .containsExactly("echo", "refuse", "fail", "crash");
            assertThat(client.listTools().tools().get(0).annotations().readOnlyHint())
                    .isTrue();

            McpSchema.CallToolResult said = client.callTool(call("echo", Map.of("text", "héllo\n漢 😀")));
            assertThat(said.isError()).isFalse();
            assertThat(said.structuredContent()).isNull();
            assertThat(((McpSchema.TextContent) said.content().get(0)).text()).isEqualTo("héllo\n漢 😀");
            assertThat(client.callTool(call("refuse", Map.of())).isError()).isTrue();
            Assertions.assertThatThrownBy(() -> client.callTool(call("absent", Map.of())))
                    .isInstanceOf(McpError.class)
                    .hasMessageContaining("unknown tool 'absent'");
        }
    }

    private static McpSchema.CallToolRequest call(String tool, Map<String, Object> arguments) {
        return McpSchema.CallToolRequest.builder(tool).arguments(arguments).build();
    }

    @Test
    @DisplayName("Claude Code's sequence: the probe fails at once, then it connects and calls")
    void claudeCodesSequence() throws Exception {
        long begin = System.nanoTime();
        HttpResponse<Buffer> probe = post("""
                {"method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/clientInfo":{"name":"claude-code",\
                "version":"2.1.330"}}},"jsonrpc":"2.0","id":"server-discover-probe-1"}""", "mcp-method", "server/discover", "mcp-protocol-version", "2026-07-28");
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isLessThan(3_000);
        assertThat(probe.bodyAsJsonObject().getString("id")).isEqualTo("server-discover-probe-1");
        assertThat(probe.bodyAsJsonObject().getJsonObject("error").getInteger("code"))
                .isEqualTo(-32602);

        HttpResponse<Buffer> initialized = post("""
                {"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"roots":{},\
                "elicitation":{}},"clientInfo":{"name":"claude-code","version":"2.1.330"}},"jsonrpc":"2.0","id":0}""");
        assertThat(initialized.getHeader("content-type")).isEqualTo("application/json");
        assertThat(initialized.getHeader("mcp-session-id")).isNull();
        assertThat(initialized.bodyAsJsonObject().getJsonObject("result").getString("protocolVersion"))
                .isEqualTo("2025-11-25");

        String[] spoken = {"mcp-protocol-version", "2025-11-25"};
        HttpResponse<Buffer> noted = post("{\"method\":\"notifications/initialized\",\"jsonrpc\":\"2.0\"}", spoken);
        assertThat(noted.statusCode()).isEqualTo(202);
        assertThat(noted.body()).isNull();
        assertThat(web.get(endpoint.port, "127.0.0.1", "/mcp")
                        .putHeader("accept", "text/event-stream")
                        .send()
                        .await(10, TimeUnit.SECONDS)
                        .statusCode())
                .isEqualTo(405);
        assertThat(post("{\"method\":\"tools/list\",\"jsonrpc\":\"2.0\",\"id\":1}", spoken)
                        .bodyAsJsonObject()
                        .getJsonObject("result")
                        .getJsonArray("tools"))
                .hasSize(4);
        JsonObject called = post("""
                        {"method":"tools/call","params":{"name":"echo","arguments":{"text":"hi"},\
                        "_meta":{"claudecode/toolUseId":"toolu_01","progressToken":2}},"jsonrpc":"2.0","id":2}""", spoken).bodyAsJsonObject();
        assertThat(called).isEqualTo(new JsonObject("""
                        {"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"hi"}],"isError":false}}"""));
    }

    private HttpResponse<Buffer> post(String body, String... headers) throws Exception {
        var request = web.post(endpoint.port, "127.0.0.1", "/mcp")
                .putHeader("content-type", "application/json")
                .putHeader("accept", "application/json, text/event-stream");
        for (int i = 0; i < headers.length; i += 2) {
            request.putHeader(headers[i], headers[i + 1]);
        }
        return request.sendBuffer(Buffer.buffer(body)).await(10, TimeUnit.SECONDS);
    }
}
