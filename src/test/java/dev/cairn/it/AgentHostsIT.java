package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The files for other agents in {@code deploy}, run as those agents run them: documented sessions through the real commands
 * into the real worker, and without one.
 */
class AgentHostsIT {
    private static final Path HOSTS = Path.of("src/test/resources/hosts").toAbsolutePath();
    private static final Path DEPLOY = Path.of("deploy").toAbsolutePath();
    private static final String DOOR = "http://127.0.0.1:37777";
    private static final long DEADLINE_S = 30;

    @TempDir
    Path dir;

    private record Run(int exitCode, String output, String errors, long tookMs) {}

    /** @param timeoutMs when the host ends it */
    private record Hook(String event, String command, long timeoutMs) {}

    /** The hooks of a host's file, by event. */
    private static Map<String, Hook> hooks(String host) throws IOException {
        Map<String, Hook> hooks = new LinkedHashMap<>();
        JsonNode events = switch (host) {
            case "codex" -> json(DEPLOY.resolve("codex/hooks.json"));
            case "cursor" -> json(DEPLOY.resolve("cursor/hooks.json"));
            case "gemini" -> json(DEPLOY.resolve("gemini-cli/cairn/hooks/hooks.json"));
            default -> WireFormat.mapper().createObjectNode();
        };
        events.path("hooks").fields().forEachRemaining(event -> {
            JsonNode first = event.getValue().path(0);
            JsonNode hook = first.has("command") ? first : first.path("hooks").path(0);
            // Gemini CLI counts in milliseconds, the others in seconds.
            long unit = host.equals("gemini") ? 1 : 1_000;
            hooks.put(
                    event.getKey(),
                    new Hook(
                            event.getKey(),
                            hook.path("command").asText(),
                            hook.path("timeout").asLong() * unit));
        });
        return hooks;
    }

    private static JsonNode json(Path file) throws IOException {
        return WireFormat.mapper().readTree(Files.readString(file));
    }

    private static List<Path> bodies(String host) throws IOException {
        try (Stream<Path> files = Files.list(HOSTS.resolve(host))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @DisplayName(
            "a documented session becomes the observations and the summary of a person's liking, under its platform")
    @ValueSource(strings = {"codex", "cursor", "gemini", "opencode"})
    void aSessionIsRemembered(String host) throws Exception {
        Tools.require("curl");
        Map<String, Hook> hooks = hooks(host);
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            Api api = worker.api();
            // The first context of a cold JVM can outlast, on a busy machine, the 2 s that a hook waits.
            assertThat(api.get("/api/context?project=none").status()).isEqualTo(200);
            for (Path file : bodies(host)) {
                String body = Files.readString(file);
                Hook hook = hooks.get(json(file).path("hook_event_name").asText());
                if (hook == null) {
                    assertThat(api.post("/hooks?platform=" + host, body).status())
                            .as(file.toString())
                            .isEqualTo(200);
                } else {
                    Run run = run(hook.command().replace(DOOR, worker.url()), body);
                    assertThat(run.exitCode()).as(hook.event()).isZero();
                    assertThat(run.errors()).isEmpty();
                    assertThat(WireFormat.mapper().readTree(run.output()).isObject())
                            .as(run.output())
                            .isTrue();
                }
            }
            api.awaitJson("/api/stats", stats -> stats.path("summaries").asInt() > 0 && idle(stats));

            String made = remembered(api, host);
            Path written = Path.of("target", "hosts", host + ".txt");
            Files.createDirectories(written.getParent());
            Files.writeString(written, made);
            Path golden = HOSTS.resolve(host + ".txt");
            assertThat(made).isEqualTo(Files.exists(golden) ? Files.readString(golden) : "");
            assertPlatform(api, host);
            assertTold(api, hooks, worker.url(), host);
        }
    }

    private static boolean idle(JsonNode stats) {
        return stats.at("/queue/open").asInt()
                        + stats.at("/queue/pending").asInt()
                        + stats.at("/queue/claimed").asInt()
                == 0;
    }

    /** What a person is given to read, without ids and times. */
    private static String remembered(Api api, String host) throws Exception {
        StringBuilder text = new StringBuilder();
        for (JsonNode each :
                api.get("/api/observations?platform=" + host).json().path("items")) {
            lines(text, each, List.of("type", "title", "subtitle", "narrative", "text"));
            each.path("facts")
                    .forEach(fact -> text.append("- ").append(fact.asText()).append('\n'));
            each.path("filesModified")
                    .forEach(file ->
                            text.append("modified ").append(file.asText()).append('\n'));
            each.path("commands")
                    .forEach(command -> text.append("command ")
                            .append(command.path("command").asText())
                            .append(" -> ")
                            .append(command.path("outcome").asText())
                            .append('\n'));
        }
        for (JsonNode each : api.get("/api/summaries?platform=" + host).json().path("items")) {
            text.append("summary\n");
            lines(text, each, List.of("request", "investigated", "learned", "completed", "nextSteps", "notes"));
        }
        return text.toString();
    }

    private static void lines(StringBuilder text, JsonNode row, List<String> fields) {
        for (String field : fields) {
            if (!row.path(field).asText("").isEmpty()) {
                text.append(field).append(": ").append(row.path(field).asText()).append('\n');
            }
        }
    }

    /** Every row knows its platform, and every list keeps to one. */
    private static void assertPlatform(Api api, String host) throws Exception {
        for (String list : List.of("observations", "summaries", "prompts", "tool-uses", "sessions")) {
            JsonNode mine = api.get("/api/" + list + "?platform=" + host).json().path("items");
            assertThat(mine).as(list).isNotEmpty();
            mine.forEach(
                    row -> assertThat(row.path("platform").asText()).as(list).isEqualTo(host));
            assertThat(api.get("/api/" + list + "?platform=claude-code").json().path("items"))
                    .as(list)
                    .isEmpty();
        }
        assertThat(api.get("/api/search?query=rounding&platform=" + host)
                        .json()
                        .path("total")
                        .asInt())
                .isPositive();
        assertThat(api.get("/api/search?query=rounding&platform=claude-code")
                        .json()
                        .path("total")
                        .asInt())
                .isZero();
    }

    /** The next session is told, in the host's form. */
    private void assertTold(Api api, Map<String, Hook> hooks, String url, String host) throws Exception {
        Path start = bodies(host).get(0);
        String session = json(start).path("session_id").asText();
        String body = Files.readString(start).replace(session, "the-next-session");
        Hook hook = hooks.get(json(start).path("hook_event_name").asText());
        String answer = hook == null
                ? api.post("/hooks?platform=" + host, body).body()
                : run(hook.command().replace(DOOR, url), body).output();
        String place = switch (host) {
            case "cursor" -> "/additional_context";
            case "opencode" -> "/context";
            default -> "/hookSpecificOutput/additionalContext";
        };
        assertThat(WireFormat.mapper().readTree(answer).at(place).asText())
                .as(answer)
                .contains("The cart shows the wrong total");
    }

    @ParameterizedTest
    @DisplayName("each hook posts its own event, in less time than the host gives it; the MCP server is the worker's")
    @CsvSource({"codex,8", "cursor,9", "gemini,5"})
    void theFilesAreConsistent(String host, int count) throws Exception {
        Map<String, Hook> hooks = hooks(host);
        assertThat(hooks).hasSize(count);
        for (Hook hook : hooks.values()) {
            assertThat(hook.command()).contains("'" + DOOR + "/hooks/" + hook.event() + "?platform=" + host + "'");
            long waits = 1_000L * Long.parseLong(hook.command().replaceAll(".* -m (\\d+) .*", "$1"));
            assertThat(hook.timeoutMs()).as(hook.event()).isBetween(waits + 1, 3_000L);
        }
        String server = switch (host) {
            case "codex" -> Files.readString(DEPLOY.resolve("codex/config.toml"));
            case "cursor" -> Files.readString(DEPLOY.resolve("cursor/mcp.json"));
            default -> Files.readString(DEPLOY.resolve("gemini-cli/cairn/gemini-extension.json"));
        };
        assertThat(server).contains("\"" + DOOR + "/mcp\"");
        assertThat(Files.readString(DEPLOY.resolve("opencode/opencode.json"))).contains("\"" + DOOR + "/mcp\"");
    }

    @ParameterizedTest
    @DisplayName(
            "C1, C3: a worker that is down or answers 500 is not heard of; one that hangs costs the time-out at most")
    @ValueSource(strings = {"codex", "cursor", "gemini"})
    void theHostGoesOnWithoutTheWorker(String host) throws Exception {
        Tools.require("curl");
        List<Hook> hooks = List.copyOf(hooks(host).values());
        String down = free();
        for (Hook hook : hooks) {
            assertSilent(hook, run(hook.command().replace(DOOR, down), "{}"));
        }
        try (ServerSocket broken = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> answerEachWith500(broken), "broken-worker");
            server.setDaemon(true);
            server.start();
            for (Hook hook : hooks) {
                assertSilent(hook, run(hook.command().replace(DOOR, at(broken)), "{}"));
            }
        }
        // Takes connections, as a wedged worker's kernel does, and never answers.
        try (ServerSocket hung = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            for (Hook hook : List.of(hooks.get(0), hooks.get(hooks.size() - 1))) {
                Run run = run(hook.command().replace(DOOR, at(hung)), "{}");
                assertSilent(hook, run);
                assertThat(run.tookMs())
                        .as("ends by itself before the host ends it")
                        .isLessThan(hook.timeoutMs());
            }
        }
    }

    private static String free() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return at(taken);
        }
    }

    private static String at(ServerSocket server) {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    private static void assertSilent(Hook hook, Run run) {
        assertThat(run.exitCode()).as(hook.event()).isZero();
        assertThat(run.output() + run.errors()).as(hook.event()).isEmpty();
    }

    private static void answerEachWith500(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                assertThat(socket.getInputStream().read(new byte[4_096])).isPositive();
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

    @Test
    @DisplayName(
            "OpenCode's plugin: a session is recorded with what its child did, and the next one is told in the system prompt")
    void theOpenCodePluginTells() throws Exception {
        Tools.require("node");
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            JsonNode first = plugin(worker.url(), "ses_1");
            assertThat(first.path("system")).hasSize(1);

            Api api = worker.api();
            api.awaitJson("/api/stats", stats -> stats.path("summaries").asInt() > 0 && idle(stats));
            assertThat(api.get("/api/sessions?platform=opencode").json().path("items"))
                    .as("a child is no session of its own")
                    .hasSize(1);
            JsonNode prompts = api.get("/api/prompts?platform=opencode").json().path("items");
            assertThat(prompts).hasSize(1);
            assertThat(prompts.at("/0/text").asText()).isEqualTo("Add a license file");
            JsonNode uses = api.get("/api/tool-uses?platform=opencode").json().path("items");
            assertThat(uses).hasSize(2);
            assertThat(uses.at("/0/agentId").asText()).isEqualTo("ses_1-child");

            JsonNode second = plugin(worker.url(), "ses_2");
            assertThat(second.path("system")).hasSize(2);
            assertThat(second.at("/system/1").asText()).contains("Add a license file");
        }
    }

    @Test
    @DisplayName("C1: OpenCode's plugin is silent without a worker, and waits for one that hangs once")
    void theOpenCodePluginIsPatientOnce() throws Exception {
        Tools.require("node");
        JsonNode down = plugin(free(), "ses_1");
        assertThat(down.path("system")).hasSize(1);
        assertThat(down.path("tookMs").asLong()).isLessThan(1_500);

        try (ServerSocket hung = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            JsonNode run = plugin(at(hung), "ses_1");
            assertThat(run.path("system")).hasSize(1);
            assertThat(run.path("tookMs").asLong()).isBetween(1_500L, 4_000L);
        }
    }

    private JsonNode plugin(String url, String session) throws Exception {
        Files.writeString(dir.resolve("cairn.mjs"), Files.readString(DEPLOY.resolve("opencode/cairn.js")));
        Path driver = Files.writeString(
                dir.resolve("driver.mjs"), Files.readString(Path.of("src/test/resources/hosts-drivers/opencode.mjs")));
        Run run = run(List.of("node", driver.toString(), session), "", Map.of("CAIRN_URL", url));
        assertThat(run.exitCode()).as(run.errors()).isZero();
        assertThat(run.errors()).isEmpty();
        return WireFormat.mapper().readTree(run.output());
    }

    /** Runs a command as the hosts do: by the shell, the event on standard input. */
    private Run run(String command, String body) throws Exception {
        return run(List.of("sh", "-c", command), body, Map.of());
    }

    private Run run(List<String> command, String body, Map<String, String> environment) throws Exception {
        File input = Files.writeString(Files.createTempFile(dir, "in", ".json"), body)
                .toFile();
        File output = Files.createTempFile(dir, "out", ".txt").toFile();
        File errors = Files.createTempFile(dir, "err", ".txt").toFile();
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                .directory(dir.toFile())
                .redirectInput(input)
                .redirectOutput(output)
                .redirectError(errors);
        // A proxy that a user's shell names must not get what is meant for this machine.
        builder.environment().put("http_proxy", "http://127.0.0.1:9");
        builder.environment().keySet().removeIf(name -> name.startsWith("CAIRN_"));
        builder.environment().putAll(environment);
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
