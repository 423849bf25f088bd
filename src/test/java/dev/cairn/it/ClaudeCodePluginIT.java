package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin as it lies in the repository: what its hooks are, and what they do when they are run as the host runs them. */
class ClaudeCodePluginIT {
    private static final Path MARKETPLACE = Path.of("deploy", "claude-code").toAbsolutePath();
    private static final Path PLUGIN = MARKETPLACE.resolve("cairn");
    private static final String DOOR = "http://127.0.0.1:37777";
    private static final long DEADLINE_S = 30;

    @TempDir
    Path dir;

    private record Hook(String event, JsonNode json) {
        boolean command() {
            return json.path("type").asText().equals("command");
        }

        String url() {
            if (!command()) {
                return json.path("url").asText();
            }
            for (JsonNode argument : json.path("args")) {
                if (argument.asText().startsWith("http:")) {
                    return argument.asText();
                }
            }
            throw new AssertionError("no URL in " + json);
        }
    }

    private record Run(int exitCode, String output, String errors, long tookMs) {}

    private static JsonNode read(Path file) throws IOException {
        return WireFormat.mapper().readTree(Files.readString(file));
    }

    private static List<Hook> hooks() throws IOException {
        List<Hook> hooks = new ArrayList<>();
        Map<String, JsonNode> events = new LinkedHashMap<>();
        read(PLUGIN.resolve("hooks/hooks.json"))
                .path("hooks")
                .fields()
                .forEachRemaining(e -> events.put(e.getKey(), e.getValue()));
        events.forEach((event, groups) ->
                groups.forEach(group -> group.path("hooks").forEach(hook -> hooks.add(new Hook(event, hook)))));
        return hooks;
    }

    private static Hook hook(String event) throws IOException {
        return hooks().stream()
                .filter(hook -> hook.event().equals(event))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theMarketplaceOffersThePluginByTheSameName() throws Exception {
        JsonNode offered = read(MARKETPLACE.resolve(".claude-plugin/marketplace.json"))
                .path("plugins")
                .path(0);
        Path source = MARKETPLACE.resolve(offered.path("source").asText()).normalize();
        assertThat(source).isEqualTo(PLUGIN);
        JsonNode plugin = read(PLUGIN.resolve(".claude-plugin/plugin.json"));
        assertThat(plugin.path("name")).isEqualTo(offered.path("name"));
        JsonNode server = read(PLUGIN.resolve(".mcp.json")).at("/mcpServers/memory");
        assertThat(server.path("url").asText()).isEqualTo(DOOR + "/mcp");
        assertThat(server.path("alwaysLoad").asBoolean())
                .as("or the host hides the tools behind a search for tools")
                .isTrue();
        String skill = Files.readString(PLUGIN.resolve("skills/memory/SKILL.md"));
        assertThat(skill).startsWith("---\nname: memory\ndescription: ");
        for (String tool : List.of("search", "timeline", "get_observations", "save_memory", "forget")) {
            assertThat(skill).contains("`" + tool + "`");
        }
    }

    @Test
    @DisplayName("C2: no shell, and no process for a tool call; each wait is short")
    void theHooksAreCheap() throws Exception {
        assertThat(hooks())
                .extracting(Hook::event)
                .contains(
                        "SessionStart",
                        "UserPromptSubmit",
                        "PostToolUse",
                        "PostToolUseFailure",
                        "PostToolBatch",
                        "SubagentStop",
                        "PostCompact",
                        "Stop",
                        "SessionEnd");
        for (Hook hook : hooks()) {
            assertThat(hook.url()).isEqualTo(DOOR + "/hooks/" + hook.event());
            assertThat(hook.json().path("timeout").asInt()).as(hook.event()).isBetween(1, 3);
            assertThat(hook.command())
                    .as("%s is a process of its own", hook.event())
                    .isEqualTo(!hook.event().startsWith("PostTool"));
            if (hook.command()) {
                assertThat(hook.json().path("command").asText()).isEqualTo("curl");
                assertThat(hook.json().path("args").isArray()).as("exec form").isTrue();
            }
        }
    }

    @Test
    @DisplayName("every hook is taken by the worker; the next session is told what happened (C4)")
    void theWorkerTakesThemAll() throws Exception {
        Tools.require("curl");
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            Api api = worker.api();
            for (Hook hook : hooks()) {
                String body = bodyOf(hook.event());
                if (hook.command()) {
                    Run run = run(hook, worker.url(), body);
                    assertThat(run.exitCode()).as(hook.event()).isZero();
                    assertThat(run.errors()).isEmpty();
                    assertThat(WireFormat.mapper().readTree(run.output()).isObject())
                            .isTrue();
                } else {
                    Api.Answer answer = api.send(
                            HttpRequest.newBuilder(URI.create(hook.url().replace(DOOR, worker.url())))
                                    .header("Content-Type", "application/json")
                                    .header("Authorization", "Bearer ")
                                    .POST(HttpRequest.BodyPublishers.ofString(body)));
                    assertThat(answer.status()).as(hook.event()).isEqualTo(200);
                }
            }
            api.awaitJson("/api/stats", stats -> stats.path("summaries").asInt() > 0);
            Run next = run(
                    hook("SessionStart"),
                    worker.url(),
                    bodyOf("SessionStart").replace(Recording.SESSION, "the-next-session"));
            assertThat(WireFormat.mapper()
                            .readTree(next.output())
                            .at("/hookSpecificOutput/additionalContext")
                            .asText())
                    .contains("Do the thing");
        }
    }

    @Test
    @DisplayName(
            "C1, C3: a worker that is down or answers 500 is not heard of; one that hangs costs the time-out at most")
    void theHostGoesOnWithoutTheWorker() throws Exception {
        Tools.require("curl");
        List<Hook> commands = hooks().stream().filter(Hook::command).toList();
        String down;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            down = "http://127.0.0.1:" + taken.getLocalPort();
        }
        for (Hook hook : commands) {
            assertSilent(hook, run(hook, down, "{}"));
        }
        try (ServerSocket broken = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> answerEachWith500(broken), "broken-worker");
            server.setDaemon(true);
            server.start();
            for (Hook hook : commands) {
                assertSilent(hook, run(hook, "http://127.0.0.1:" + broken.getLocalPort(), "{}"));
            }
        }
        // Takes connections, as a wedged worker's kernel does, and never answers.
        try (ServerSocket hung = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Hook hook = hook("SessionEnd");
            Run run = run(hook, "http://127.0.0.1:" + hung.getLocalPort(), "{}");
            assertSilent(hook, run);
            assertThat(run.tookMs())
                    .as("ends by itself before the host ends it")
                    .isLessThan(TimeUnit.SECONDS.toMillis(
                            hook.json().path("timeout").asInt()));
        }
    }

    @Test
    @DisplayName("C3: a hundred hooks against a dead worker, and none ends with a code that the host takes for a word")
    void aHundredHooksAgainstADeadWorker() throws Exception {
        Tools.require("curl");
        List<Hook> commands = hooks().stream().filter(Hook::command).toList();
        String down;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            down = "http://127.0.0.1:" + taken.getLocalPort();
        }
        for (int i = 0; i < 100; i++) {
            Hook hook = commands.get(i % commands.size());
            assertSilent(hook, run(hook, down, "{}"));
        }
    }

    @Test
    @DisplayName("C2: a session is told what is known within a tenth of a second")
    void aSessionStartIsQuick() throws Exception {
        Tools.require("curl");
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            for (int i = 0; i < 20; i++) {
                String memory = "{\"text\":\"Fact " + i + " of the project\",\"project\":\"" + Recording.CWD + "\"}";
                assertThat(worker.api().post("/api/memories", memory).status()).isEqualTo(201);
            }
            Hook hook = hook("SessionStart");
            List<Long> took = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String body = bodyOf("SessionStart").replace(Recording.SESSION, "session-" + i);
                Run run = run(hook, worker.url(), body);
                assertThat(run.output()).contains("Fact 19 of the project");
                took.add(run.tookMs());
            }
            took.sort(null);
            System.out.println("claude: SessionStart took " + took + " ms");
            // The one that met the least of what else this machine does.
            assertThat(took.get(0)).isLessThan(100);
        }
    }

    private static void assertSilent(Hook hook, Run run) {
        assertThat(run.exitCode())
                .as("%s: any other code is shown", hook.event())
                .isZero();
        assertThat(run.output() + run.errors()).as(hook.event()).isEmpty();
    }

    private static void answerEachWith500(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                byte[] request = new byte[4_096];
                int read = socket.getInputStream().read(request);
                assertThat(read).isPositive();
                socket.getOutputStream()
                        .write("HTTP/1.1 500 No\r\nContent-Length: 5\r\nConnection: close\r\n\r\nnope\n"
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    private static String bodyOf(String event) throws IOException {
        return Recording.body(
                switch (event) {
                    case "SessionStart" -> "command-SessionStart-startup";
                    case "PostToolUse" -> "PostToolUse-Write";
                    case "PostToolUseFailure" -> "PostToolUseFailure-Bash";
                    default -> event;
                });
    }

    /** Runs a command hook as the host does: its argv with the plugin's directory filled in, the event on standard input. */
    private Run run(Hook hook, String url, String body) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(hook.json().path("command").asText()));
        hook.json()
                .path("args")
                .forEach(argument -> command.add(argument.asText()
                        .replace("${CLAUDE_PLUGIN_ROOT}", PLUGIN.toString())
                        .replace(DOOR, url)));
        File input = Files.writeString(Files.createTempFile(dir, "in", ".json"), body)
                .toFile();
        File output = Files.createTempFile(dir, "out", ".txt").toFile();
        File errors = Files.createTempFile(dir, "err", ".txt").toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectInput(input)
                .redirectOutput(output)
                .redirectError(errors);
        // A proxy that a user's shell names must not get what is meant for this machine.
        builder.environment().put("http_proxy", "http://127.0.0.1:9");
        long begin = System.nanoTime();
        Process process = builder.start();
        if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running: " + command);
        }
        return new Run(
                process.exitValue(),
                Files.readString(output.toPath()),
                Files.readString(errors.toPath()),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }
}
