package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

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
