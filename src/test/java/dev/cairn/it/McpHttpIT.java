package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /mcp} of a real worker, in both eras of the protocol, over what a session has left in its store. */
class McpHttpIT {
    @TempDir
    Path dir;

    private WorkerProcess worker;
    private Api api;
    private String sessionUri;

    @BeforeEach
    void aSessionHasEnded() throws Exception {
        worker = WorkerProcess.start(dir);
        api = worker.api();
        String common = "{\"session_id\":\"s 1/x\",\"cwd\":\"" + dir + "\",\"hook_event_name\":";
        hook(common + "\"UserPromptSubmit\",\"prompt\":\"Let the zeppelin land\"}");
        hook(common + "\"PostToolUse\",\"tool_name\":\"Write\",\"tool_use_id\":\"t1\",\"tool_input\":{\"file_path\":\""
                + dir + "/mast.txt\",\"content\":\"up\"},\"tool_response\":{\"type\":\"create\"}}");
        hook(common + "\"Stop\",\"last_assistant_message\":\"It has landed.\"}");
        hook(common + "\"SessionEnd\",\"reason\":\"other\"}");
        api.awaitJson("/api/stats", stats -> stats.path("summaries").asInt() == 1);
        sessionUri = "cairn://session/"
                + api.get("/api/sessions").json().at("/items/0/id").asLong();
    }

    private void hook(String body) throws Exception {
        assertThat(api.post("/hooks", body).status()).isEqualTo(200);
    }

    @AfterEach
    void stop() throws Exception {
        worker.close();
    }

    @Test
    @DisplayName("2026-07-28: discover, then every kind of thing, each request by itself")
    void withoutAHandshake() throws Exception {
        StatelessMcp client = new StatelessMcp(api, worker.url() + "/mcp");

        JsonNode server = client.result("server/discover", "{}");
        assertThat(server.path("supportedVersions").toString()).contains(StatelessMcp.REVISION, "2025-11-25");
        assertThat(server.path("capabilities").fieldNames())
                .toIterable()
                .containsExactly("tools", "resources", "prompts", "completions");
        JsonNode saved = client.result(
                "tools/call",
                "{\"name\":\"save_memory\",\"arguments\":{\"text\":\"Moor it twice\",\"project\":\"p\"}}");
        long id = saved.at("/structuredContent/id").asLong();
        assertThat(client.result("tools/call", "{\"name\":\"search\",\"arguments\":{\"query\":\"zeppelin\"}}")
                        .at("/content/0/text")
                        .asText())
                .contains("zeppelin");

        JsonNode listed = client.result("resources/list", "{}");
        assertThat(listed.path("cacheScope").asText()).isEqualTo("private");
        assertThat(listed.at("/resources/0/uri").asText()).isEqualTo(sessionUri);
        assertThat(listed.toString()).contains("cairn://observation/" + id);
        assertThat(client.result("resources/read", "{\"uri\":\"" + sessionUri + "\"}")
                        .at("/contents/0/text")
                        .asText())
                .startsWith("Session s 1/x of claude-code, ")
                .contains("asked:\n  | Let the zeppelin land\n", "mast.txt");
        assertThat(client.result("resources/read", "{\"uri\":\"cairn://session/s%201%2Fx?format=json\"}")
                        .at("/contents/0/text")
                        .asText())
                .contains("\"sessionId\":\"s 1/x\"");
        assertThat(client.result("prompts/get", "{\"name\":\"handover\"}")
                        .at("/messages/0/content/text")
                        .asText())
                .contains("Let the zeppelin land");
        assertThat(client.result(
                                "completion/complete",
                                "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"handover\"},"
                                        + "\"argument\":{\"name\":\"session\",\"value\":\"s\"}}")
                        .at("/completion/values/0")
                        .asText())
                .isEqualTo("s 1/x");
        assertThat(client.send("ping", "{}").status()).isEqualTo(404);
        assertThat(client.send("resources/read", "{\"uri\":\"cairn://observation/漢\"}")
                        .json()
                        .at("/error/code")
                        .asInt())
                .isEqualTo(-32602);
    }

    @Test
    @DisplayName("2025-11-25: the protocol's own Java client reads resources and prompts")
    void withAHandshake() throws Exception {
        HttpClientStreamableHttpTransport transport = HttpClientStreamableHttpTransport.builder(worker.url())
                .endpoint("/mcp")
                .build();
        try (McpSyncClient client = McpClient.sync(transport)
                .requestTimeout(Duration.ofSeconds(20))
                .initializationTimeout(Duration.ofSeconds(20))
                .build()) {
            assertThat(client.initialize().protocolVersion()).isEqualTo("2025-11-25");
            assertThat(client.listResources().resources().get(0).uri()).isEqualTo(sessionUri);
            assertThat(client.listResourceTemplates().resourceTemplates()).hasSize(4);
            McpSchema.ReadResourceResult read = client.readResource(
                    McpSchema.ReadResourceRequest.builder(sessionUri).build());
            assertThat(((McpSchema.TextResourceContents) read.contents().get(0)).text())
                    .contains("Let the zeppelin land");
            assertThat(client.listPrompts().prompts())
                    .extracting(McpSchema.Prompt::name)
                    .containsExactly("recall", "handover", "remember");
            McpSchema.GetPromptResult prompt = client.getPrompt(McpSchema.GetPromptRequest.builder("recall")
                    .arguments(Map.of("topic", "zeppelin"))
                    .build());
            assertThat(prompt.messages().get(0).content().toString()).contains("Memories 1-");
        }
    }

    @Test
    void structuredAnswersAreForWhoAsks() throws Exception {
        String call = "{\"name\":\"search\",\"arguments\":{\"query\":\"zeppelin\"}}";

        assertThat(new StatelessMcp(api, worker.url() + "/mcp")
                        .result("tools/call", call)
                        .has("structuredContent"))
                .isFalse();
        JsonNode hits = new StatelessMcp(api, worker.url() + "/mcp?structured=true")
                .result("tools/call", call)
                .at("/structuredContent/hits");
        assertThat(hits.isArray() && !hits.isEmpty()).isTrue();
    }

    private Api.Answer with(String method, String header, String value) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(worker.url() + "/mcp"))
                .header("Content-Type", "application/json")
                .header(header, value);
        return api.send(
                method.equals("POST")
                        ? request.POST(HttpRequest.BodyPublishers.ofString(
                                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"))
                        : request.method(method, HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    @DisplayName(
            "a foreign Origin is 403; a session id and Last-Event-ID are nothing; there is no stream and no session to end")
    void theTransport() throws Exception {
        assertThat(with("POST", "Origin", "https://evil.example").status()).isEqualTo(403);
        assertThat(with("POST", "Origin", "null").status()).isEqualTo(403);
        assertThat(with("POST", "Sec-Fetch-Site", "cross-site").status()).isEqualTo(403);
        assertThat(with("POST", "Origin", worker.url()).status()).isEqualTo(200);
        assertThat(rebound()).as("another Host").startsWith("HTTP/1.1 403 ");

        assertThat(with("POST", "Mcp-Session-Id", "made-up").status()).isEqualTo(200);
        assertThat(with("POST", "Last-Event-ID", "7").status()).isEqualTo(200);
        assertThat(with("GET", "Accept", "text/event-stream").status()).isEqualTo(405);
        assertThat(with("DELETE", "Mcp-Session-Id", "made-up").status()).isEqualTo(405);
    }

    /** A request as a page of another name sends it, when that name is made to resolve to the loopback. */
    private String rebound() throws Exception {
        URI uri = URI.create(worker.url());
        try (java.net.Socket socket = new java.net.Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("POST /mcp HTTP/1.1\r\nHost: evil.example:" + uri.getPort()
                                    + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
