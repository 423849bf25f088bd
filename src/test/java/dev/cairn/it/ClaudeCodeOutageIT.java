package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.cairn.bus.WireFormat;
import dev.cairn.it.FakeMessagesApi.Turn;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** C1: the real Claude Code with the plugin installed, and no worker that is of use. */
@ExtendWith(OwnNetwork.class)
class ClaudeCodeOutageIT {
    private static final int PORT = 37777;
    /** SessionStart, UserPromptSubmit, PostToolUse, PostToolBatch, Stop, SessionEnd, as hooks.json bounds them. */
    private static final long HOOKS_MS = 2_000 + 2_000 + 2_000 + 1_000 + 2_000 + 1_000;
    /** What the host itself allows an MCP server that takes connections and says nothing; no setting of a plugin's. */
    private static final long MCP_MS = 8_000;
    /** For a machine that is busy with other builds. */
    private static final long SLACK_MS = 15_000;

    @TempDir
    Path dir;

    private Path project;
    private FakeMessagesApi model;
    private ClaudeCode claude;

    @BeforeAll
    static void installed() {
        ClaudeCode.require();
    }

    @BeforeEach
    void install() throws Exception {
        project = Files.createDirectory(dir.resolve("shop"));
        model = new FakeMessagesApi();
        claude = ClaudeCode.at(dir.resolve("home"), model);
        Map<String, String> environment = new HashMap<>(claude.environment());
        environment.put("CAIRN_DATA_DIR", dir.resolve("data").toString());
        environment.put("CAIRN_JAR", WorkerProcess.JAR.toAbsolutePath().toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        String script = Path.of("deploy", "bin", "cairn").toAbsolutePath().toString();
        Tools.Run install = Tools.run(dir, environment, List.of("/bin/sh", script, "install", "claude-code"));
        assertThat(install.exitCode())
                .as("no worker is needed: %s", install.output())
                .isZero();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        model.close();
        assertThat(claude.leftBehind()).isEmpty();
    }

    /** One prompt with one tool call, to its end, with nothing on standard error. */
    private long session() throws Exception {
        ObjectNode input = WireFormat.mapper().createObjectNode().put("command", "echo here");
        model.script(Turn.calls("Bash", input));
        ClaudeCode.Run run = claude.session(project, "Say where you are");
        assertThat(run.errors()).as("standard error").isEmpty();
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output().strip()).isEqualTo(FakeMessagesApi.DONE);
        assertThat(model.requests()).as("no hook made the agent go on or stop").hasSize(2);
        String conversation = model.requests().get(1).path("messages").toString();
        assertThat(conversation.contains("here"))
                .as("the tool's answer is in the next request")
                .isTrue();
        for (String trace : List.of("hook error", "hook failed", "hook additional context")) {
            assertThat(conversation.contains(trace))
                    .as("the model reads '%s'", trace)
                    .isFalse();
        }
        System.out.println("claude: a session took " + run.tookMs() + " ms");
        return run.tookMs();
    }

    @Test
    @DisplayName("C1: a worker that is down is not noticed")
    void down() throws Exception {
        session();
        assertThat(session()).as("a second start of the host, warm").isLessThan(SLACK_MS);
    }

    @Test
    @DisplayName("C1: a worker that answers 500 is not noticed")
    void broken() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT), 50);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                byte[] body =
                        "{\"error\":{\"code\":\"internal\",\"message\":\"no\"}}".getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(500, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        try {
            session();
            assertThat(session()).isLessThan(SLACK_MS);
        } finally {
            server.stop(0);
        }
    }

    @Test
    @DisplayName(
            "C1: a worker that takes connections and never answers costs the hooks' time-outs, and the session ends well")
    void hung() throws Exception {
        try (ServerSocket hung = new ServerSocket(PORT, 200, InetAddress.getLoopbackAddress())) {
            assertThat(hung.isBound()).isTrue();
            assertThat(session()).isLessThan(HOOKS_MS + MCP_MS + SLACK_MS);
        }
    }
}
