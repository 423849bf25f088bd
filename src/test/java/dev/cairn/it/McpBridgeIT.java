package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.config.InstanceFile;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cairn mcp} between the protocol's own client and a real worker that wants its token. */
class McpBridgeIT {
    @TempDir
    Path home;

    private McpSyncClient client(Path dir, String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("-jar", WorkerProcess.JAR.toAbsolutePath().toString(), "mcp"));
        arguments.addAll(List.of(options));
        ServerParameters bridge = ServerParameters.builder("java")
                .args(arguments)
                .env(Map.of(
                        "CAIRN_DATA_DIR",
                        dir.toString(),
                        "CAIRN_PORT",
                        "0",
                        "CAIRN_HTTP_AUTH",
                        "token",
                        "CAIRN_VECTOR_MODE",
                        "off"))
                .build();
        return McpClient.sync(new StdioClientTransport(bridge, McpJsonDefaults.getMapper()))
                .requestTimeout(Duration.ofSeconds(30))
                .initializationTimeout(Duration.ofSeconds(60))
                .build();
    }

    @Test
    void theSdksClientIsServedAndToldWhenTheWorkerIsGone() throws Exception {
        Path dir = Files.createDirectory(home.resolve("data"));
        try (WorkerProcess worker = WorkerProcess.launch(dir, Map.of("CAIRN_HTTP_AUTH", "token"), List.of())) {
            worker.awaitReady();
            try (McpSyncClient client = client(dir)) {
                client.initialize();
                assertThat(client.listTools().tools())
                        .extracting(McpSchema.Tool::name)
                        .contains("search", "save_memory");
                Map<String, Object> memory = Map.of("text", "The bridge carries this", "project", "p");
                assertThat(client.callTool(call("save_memory", memory)).isError())
                        .isNotEqualTo(Boolean.TRUE);
                assertThat(client.callTool(call("search", Map.of("query", "bridge")))
                                .content()
                                .toString())
                        .contains("The bridge carries this");

                worker.kill();
                worker.awaitExit();
                Assertions.assertThatThrownBy(() -> client.callTool(call("search", Map.of("query", "bridge"))))
                        .hasMessageContaining("no worker is running");

                try (WorkerProcess next = WorkerProcess.launch(dir, Map.of("CAIRN_HTTP_AUTH", "token"), List.of())) {
                    next.awaitReady();
                    assertThat(Objects.requireNonNull(client.callTool(call("search", Map.of("query", "bridge"))))
                                    .content()
                                    .toString())
                            .contains("The bridge carries this");
                }
            }
        }
    }

    @Test
    void withStartAWorkerIsStartedThatOutlivesTheBridgeAndServesTheNext() throws Exception {
        Path dir = home.resolve("fresh");
        ProcessHandle worker = null;
        try {
            try (McpSyncClient client = client(dir, "--start")) {
                client.initialize();
                worker = workerOf(dir);
                Map<String, Object> memory = Map.of("text", "The bridge brought its worker along", "project", "p");
                assertThat(client.callTool(call("save_memory", memory)).isError())
                        .isNotEqualTo(Boolean.TRUE);
            }
            assertThat(worker.isAlive()).as("it is no child of the bridge").isTrue();
            try (McpSyncClient next = client(dir, "--start")) {
                next.initialize();
                assertThat(next.callTool(call("search", Map.of("query", "brought")))
                                .content()
                                .toString())
                        .contains("The bridge brought its worker along");
            }
            assertThat(workerOf(dir)).as("one that runs is used").isEqualTo(worker);
        } finally {
            if (worker != null) {
                Tools.Run stop = Tools.run(
                        home,
                        Map.of("CAIRN_DATA_DIR", dir.toString(), "CAIRN_HTTP_AUTH", "token"),
                        List.of(
                                "java",
                                "-jar",
                                WorkerProcess.JAR.toAbsolutePath().toString(),
                                "stop"));
                worker.destroyForcibly();
                assertThat(stop.exitCode()).as(stop.output()).isZero();
            }
        }
        assertThat(worker.onExit()).succeedsWithin(Duration.ofSeconds(30));
    }

    private static ProcessHandle workerOf(Path dir) {
        long pid = InstanceFile.read(dir).orElseThrow().pid();
        return ProcessHandle.of(pid).orElseThrow();
    }

    private static McpSchema.CallToolRequest call(String tool, Map<String, Object> arguments) {
        return McpSchema.CallToolRequest.builder(tool).arguments(arguments).build();
    }

    @Test
    void aHostOfTheStatelessRevisionIsServedWithoutAHandshake() throws Exception {
        Path dir = Files.createDirectory(home.resolve("data"));
        try (WorkerProcess worker = WorkerProcess.launch(dir, Map.of(), List.of())) {
            worker.awaitReady();
            Path input = Files.writeString(
                    home.resolve("in"),
                    StatelessMcp.message(1, "server/discover", "{}") + "\n"
                            + StatelessMcp.message(
                                    2,
                                    "tools/call",
                                    "{\"name\":\"save_memory\",\"arguments\":{\"text\":\"Kept\",\"project\":\"p\"}}")
                            + "\n" + StatelessMcp.message(3, "prompts/list", "{}") + "\n"
                            + StatelessMcp.message(4, "resources/read", "{\"uri\":\"cairn://observation/漢\"}") + "\n"
                            + StatelessMcp.message(5, "ping", "{}") + "\n"
                            + "{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"tools/list\"}\n");
            String line = "java -jar '" + WorkerProcess.JAR.toAbsolutePath() + "' mcp --structured <'" + input + "'";
            Tools.Run run = Tools.run(home, Map.of("CAIRN_DATA_DIR", dir.toString()), List.of("/bin/sh", "-c", line));

            assertThat(run.exitCode()).isZero();
            Map<Integer, JsonNode> answers = new HashMap<>();
            for (String each : run.output().lines().toList()) {
                JsonNode answer = WireFormat.mapper().readTree(each);
                answers.put(answer.path("id").asInt(), answer);
            }
            assertThat(answers).as(run.output()).hasSize(6);
            assertThat(answers.get(1).at("/result/supportedVersions/0").asText())
                    .isEqualTo(StatelessMcp.REVISION);
            assertThat(answers.get(2).at("/result/structuredContent/project").asText())
                    .isEqualTo("p");
            assertThat(answers.get(3).at("/result/prompts").size()).isEqualTo(3);
            assertThat(answers.get(4).at("/error/code").asInt())
                    .as("the odd URI went through the header")
                    .isEqualTo(-32602);
            assertThat(answers.get(4).at("/error/message").asText()).startsWith("Resource not found");
            assertThat(answers.get(5).at("/error/code").asInt()).isEqualTo(-32601);
            assertThat(answers.get(6).at("/result/tools/0/outputSchema").isObject())
                    .as("a message of the other era")
                    .isTrue();
        }
    }

    @Test
    void whatIsNoMessageIsRefusedAndTheEndOfTheInputIsTheEnd() throws Exception {
        Path input = Files.writeString(
                home.resolve("in"),
                "this is not JSON\n[]\n{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}\n"
                        + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n");
        String line = "java -jar '" + WorkerProcess.JAR.toAbsolutePath() + "' mcp <'" + input + "'";
        Tools.Run run = Tools.run(
                home, Map.of("CAIRN_DATA_DIR", home.resolve("none").toString()), List.of("/bin/sh", "-c", line));
        assertThat(run.exitCode()).isZero();
        List<String> lines = run.output().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).contains("\"id\":null").contains("-32700");
        assertThat(lines.get(1)).contains("-32600");
        assertThat(lines.get(2)).contains("\"id\":7").contains("no worker is running");
    }
}
