package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.it.FakeMessagesApi.Said;
import dev.cairn.it.FakeMessagesApi.Turn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The real Claude Code as the observer's model: a real worker, a home with all that a user may have, and an API by script. */
@ExtendWith(OwnNetwork.class)
class ClaudeObserverIT {
    private static final Path SCRIPT = Path.of("deploy", "bin", "cairn").toAbsolutePath();
    private static final String ANSWER = """
            {"observations":[{"type":"discovery","title":"The pelican build needs two passes","subtitle":"It does.",\
            "narrative":"It was built twice.","facts":["build.sh runs twice"],"concepts":["build"],"refs":[1]}],\
            "skipped":"","summary":{"request":"Build it","investigated":"","learned":"","completed":"Built.","next_steps":""}}""";

    @TempDir
    Path dir;

    private Path data;
    private Path project;
    private Path home;
    private FakeMessagesApi model;
    private ClaudeCode claude;
    private int uses;

    @BeforeAll
    static void installed() {
        ClaudeCode.require();
    }

    @BeforeEach
    void prepare() throws Exception {
        data = Files.createDirectory(dir.resolve("data"));
        project = Files.createDirectory(dir.resolve("shop"));
        home = Files.createDirectory(dir.resolve("home"));
        model = new FakeMessagesApi();
        model.answerAsides(request -> Said.text(ANSWER));
        claude = ClaudeCode.at(home, model);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        model.close();
        assertThat(claude.leftBehind()).as("processes of the agent").isEmpty();
    }

    /** A worker that observes with the real program, in the environment a user's would have. */
    private WorkerProcess worker(String... more) throws Exception {
        Map<String, String> environment = new HashMap<>(claude.environment());
        environment.put("CAIRN_PORT", "37777");
        environment.put("CAIRN_OBSERVER_PROVIDER", "claude");
        environment.put("CAIRN_OBSERVER_MAX", "1");
        environment.put("CAIRN_OBSERVER_CLAUDE_COMMAND", ClaudeCode.program().toString());
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        WorkerProcess worker = WorkerProcess.launch(data, environment, List.of());
        worker.awaitReady();
        return worker;
    }

    private static void hook(Api api, String event, String session, Path cwd, String... fields) throws Exception {
        ObjectNode body = WireFormat.mapper().createObjectNode();
        body.put("session_id", session).put("hook_event_name", event).put("cwd", cwd.toString());
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i + 1].startsWith("{")) {
                body.set(fields[i], WireFormat.mapper().readTree(fields[i + 1]));
            } else {
                body.put(fields[i], fields[i + 1]);
            }
        }
        Api.Answer answer = api.post("/hooks/" + event, body.toString());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    /** A turn of a session: a prompt, a tool use, its end. */
    private void turn(Api api, String session, String prompt, String command) throws Exception {
        hook(api, "UserPromptSubmit", session, project, "prompt", prompt);
        ObjectNode input = WireFormat.mapper().createObjectNode().put("command", command);
        ObjectNode output = WireFormat.mapper().createObjectNode().put("stdout", "done in two passes");
        hook(
                api,
                "PostToolUse",
                session,
                project,
                "tool_name",
                "Bash",
                "tool_use_id",
                "toolu_" + ++uses,
                "tool_input",
                input.toString(),
                "tool_response",
                output.toString());
        hook(api, "Stop", session, project, "last_assistant_message", "It is built.");
    }

    private static JsonNode drained(Api api, int summaries) throws Exception {
        return api.awaitJson(
                "/api/stats",
                stats -> stats.at("/queue/pending").asInt() == 0
                        && stats.at("/queue/claimed").asInt() == 0
                        && stats.path("summaries").asInt() >= summaries);
    }

    private static List<Path> files(Path directory) throws Exception {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(directory::relativize)
                    .sorted()
                    .toList();
        }
    }

    private static double metric(Api api, String way) throws Exception {
        Matcher line = Pattern.compile("cairn_events_own_total\\{by=\"" + way + "\"[^}]*} ([0-9.]+)")
                .matcher(api.get("/metrics").body());
        assertThat(line.find()).as("a counter for %s", way).isTrue();
        return Double.parseDouble(line.group(1));
    }

    /** A program beside the home that runs the real one, with this shell script around it. */
    private Path wrapper(String before, String after) throws Exception {
        Path script = Files.writeString(
                dir.resolve("wrapper"),
                "#!/bin/sh\n" + before + "\n'" + ClaudeCode.program() + "' \"$@\"" + after + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private void marking(Path settings, Path marker) throws Exception {
        ObjectNode json = WireFormat.mapper().createObjectNode();
        ObjectNode hooks = json.putObject("hooks");
        for (String event : List.of("SessionStart", "UserPromptSubmit", "Stop", "SessionEnd")) {
            ObjectNode hook =
                    hooks.putArray(event).addObject().putArray("hooks").addObject();
            hook.put("type", "command").put("command", "echo " + event + " >>" + marker + "; echo QUETZAL-HOOK");
        }
        Files.createDirectories(settings.getParent());
        Files.writeString(settings, json.toString());
    }

    @Test
    @DisplayName(
            "E1, E3: a hundred turns; of the user's hooks, memory files and MCP servers none is loaded, and nothing is left")
    void nothingOfTheUserIsLoadedAndNothingIsLeft() throws Exception {
        Path marker = dir.resolve("marker");
        marking(home.resolve(".claude/settings.json"), marker);
        marking(project.resolve(".claude/settings.json"), marker);
        Files.writeString(home.resolve(".claude/CLAUDE.md"), "QUETZAL-HOME");
        Files.writeString(project.resolve("CLAUDE.md"), "QUETZAL-PROJECT");
        Files.writeString(data.resolve("CLAUDE.md"), "QUETZAL-DATA");
        Files.createDirectories(home.resolve(".claude/skills/quetzal"));
        Files.writeString(
                home.resolve(".claude/skills/quetzal/SKILL.md"),
                "---\nname: quetzal\ndescription: QUETZAL-SKILL\n---\nQUETZAL-SKILL\n");
        Files.writeString(
                home.resolve(".claude.json"),
                "{\"mcpServers\":{\"quetzal\":{\"command\":\"/bin/sh\",\"args\":[\"-c\",\"echo mcp >>" + marker
                        + "; cat\"]}}}");
        List<Path> before = files(project);
        try (WorkerProcess worker = worker("CAIRN_OBSERVER_MAX", "2")) {
            Api api = worker.api();
            for (int session = 0; session < 10; session++) {
                for (int i = 0; i < 10; i++) {
                    turn(api, "session-" + session, "Build it, please (" + i + ")", "sh build.sh " + session + i);
                }
                drained(api, (session + 1) * 10);
            }
            assertThat(model.asides()).hasSizeGreaterThanOrEqualTo(100);
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
        }
        assertThat(model.asides().toString()).doesNotContain("QUETZAL").contains("sh build.sh 99");
        assertThat(model.asides()).allSatisfy(request -> {
            assertThat(request.path("tools")).as("tools").isEmpty();
            assertThat(request.path("thinking").path("type").asText("none")).isIn("none", "disabled");
            assertThat(request.path("max_tokens").asInt()).isEqualTo(4_000);
        });
        assertThat(marker).as("what the user's hooks and servers write").doesNotExist();
        assertThat(files(project)).isEqualTo(before);
        assertThat(files(home.resolve(".claude/projects"))).as("transcripts").isEmpty();
        assertThat(files(data.resolve("agents"))).isEmpty();
        assertThat(files(home))
                .as("what the program keeps for itself, and the user's own")
                .allMatch(file -> file.toString()
                        .matches("\\.claude\\.json(\\.backup.*)?|\\.claude/(backups/.*|plugins/store/.*|settings\\.json"
                                + "|CLAUDE\\.md|skills/quetzal/SKILL\\.md)"));
    }

    @Test
    @DisplayName(
            "what is observed reaches the model as text: no file is read for it, no command is run, nothing makes it think")
    void whatIsObservedIsText() throws Exception {
        Path secret = Files.writeString(project.resolve("secret.txt"), "ZEPPELIN");
        try (WorkerProcess worker = worker()) {
            Api api = worker.api();
            turn(api, "s", "/compact now, ultrathink  @" + secret + " and @secret.txt", "cat  @" + secret);
            drained(api, 1);
            String asked = model.asides().toString();
            assertThat(asked).contains("/compact now, ultrathink  @" + secret).doesNotContain("ZEPPELIN");
            assertThat(model.asides().get(0).has("thinking")).isFalse();
            JsonNode hits =
                    api.get("/api/search?query=pelican&kind=observation").json();
            assertThat(hits.path("hits").findValuesAsText("title")).contains("The pelican build needs two passes");
        }
    }

    @Test
    @DisplayName("E2: an observer whose user's plugin fires all the same is recognised by session and environment")
    void hooksOfTheObserverAreIgnored() throws Exception {
        install();
        // Neither the sources of settings nor the tools are kept from it, so its hooks fire, those of tools too.
        Path wrapper = wrapper("""
                for a; do
                  shift
                  case $skip in yes) skip=; continue;; esac
                  case $a in
                    --setting-sources|--tools) skip=yes; continue;;
                    --strict-mcp-config) set -- "$@" --allowedTools Bash;;
                  esac
                  set -- "$@" "$a"
                done
                """, "");
        try (WorkerProcess worker = worker("CAIRN_OBSERVER_CLAUDE_COMMAND", wrapper.toString())) {
            Api api = worker.api();
            ObjectNode input = WireFormat.mapper().createObjectNode().put("command", "echo tool of the observer");
            model.script(Turn.calls("Bash", input), Turn.says(ANSWER));
            turn(api, "s", "Build it, please", "sh build.sh");
            drained(api, 1);
            assertThat(model.requests()).as("it had tools").hasSizeGreaterThanOrEqualTo(2);
            api.await("/metrics", metrics -> metrics.body().matches("(?s).*own_total\\{by=\"session\"[^}]*} [2-9].*"));
            assertThat(metric(api, "environment")).as("the tool's hook").isPositive();
            assertOnlyTheUsers(api);
        }
    }

    @Test
    @DisplayName("E2: one that calls its session as it likes, and does not say how, is recognised by its directory")
    void hooksOfAnUnknownSessionAreIgnoredByTheirDirectory() throws Exception {
        install();
        Path wrapper = wrapper("""
                for a; do
                  shift
                  case $skip in yes) skip=; continue;; esac
                  case $a in --setting-sources|--session-id) skip=yes; continue;; esac
                  set -- "$@" "$a"
                done
                """, " | sed -u 's/\"session_id\":/\"id\":/g'");
        try (WorkerProcess worker = worker("CAIRN_OBSERVER_CLAUDE_COMMAND", wrapper.toString())) {
            Api api = worker.api();
            turn(api, "s", "Build it, please", "sh build.sh");
            drained(api, 1);
            assertThat(metric(api, "directory")).as("its start and its prompt").isGreaterThanOrEqualTo(2);
            assertOnlyTheUsers(api);
        }
    }

    private void install() throws Exception {
        Map<String, String> environment = new HashMap<>(claude.environment());
        environment.put("CAIRN_DATA_DIR", data.toString());
        environment.put("CAIRN_JAR", WorkerProcess.JAR.toAbsolutePath().toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        Tools.Run install =
                Tools.run(dir, environment, List.of("/bin/sh", SCRIPT.toString(), "install", "claude-code"));
        assertThat(install.exitCode()).as(install.output()).isZero();
    }

    private static void assertOnlyTheUsers(Api api) throws Exception {
        assertThat(api.get("/api/sessions?limit=10").json().path("items").findValuesAsText("sessionId"))
                .containsExactly("s");
        assertThat(api.get("/api/projects").json().path("projects")).hasSize(1);
        JsonNode stats = api.get("/api/stats").json();
        assertThat(stats.path("prompts").asInt()).isEqualTo(1);
        assertThat(stats.path("toolUses").asInt()).isEqualTo(1);
    }

    @Test
    @DisplayName("A6: an idle observer's child is ended, and started again for the next turn")
    void anIdleChildIsEnded() throws Exception {
        try (WorkerProcess worker =
                worker("CAIRN_PROCESS_LIMITS_AGENT_IDLEMS", "1500", "CAIRN_PROCESS_SWEEPMS", "100")) {
            Api api = worker.api();
            turn(api, "s", "Build it", "sh build.sh");
            drained(api, 1);
            api.awaitJson(
                    "/api/processes", processes -> processes.path("children").isEmpty());
            awaitNoDirectories();
            turn(api, "s", "Build it again", "sh build.sh");
            drained(api, 2);
        }
    }

    private void awaitNoDirectories() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!files(data.resolve("agents")).isEmpty()) {
            assertThat(System.nanoTime())
                    .as("its directories are removed in time")
                    .isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private static Said firstThen(int asked, Said first) {
        return asked == 0 ? first : Said.text(ANSWER);
    }

    @Test
    @DisplayName("D2: limits, overload, a broken connection: the turn waits, and is stored when the API answers")
    void theTurnWaitsForTheApi() throws Exception {
        List<Said> errors = List.of(
                Said.error(429, "rate_limit_error", "slow down"),
                Said.error(529, "overloaded_error", "Overloaded"),
                Said.HALF);
        List<Said> said = new ArrayList<>(errors);
        model.answerAsides(request -> {
            synchronized (said) {
                return said.isEmpty() ? Said.text(ANSWER) : said.remove(0);
            }
        });
        try (WorkerProcess worker = worker("CAIRN_OBSERVER_TIMEOUTMS", "10000")) {
            Api api = worker.api();
            turn(api, "s", "Build it", "sh build.sh");
            api.awaitJson(
                    "/health", health -> health.at("/parts/observer").toString().contains("slow down"));
            assertThat(api.get("/api/stats").json().at("/queue/parked").asInt()).isZero();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
            while (api.get("/api/stats").json().path("summaries").asInt() == 0 && System.nanoTime() < deadline) {
                Thread.sleep(200);
            }
            assertThat(drained(api, 1).path("observations").asInt()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("E4: without a login that is said, with the remedy, and the turn is kept")
    void withoutALoginThatIsSaid() throws Exception {
        try (WorkerProcess worker = worker("ANTHROPIC_API_KEY", "")) {
            Api api = worker.api();
            turn(api, "s", "Build it", "sh build.sh");
            JsonNode health = api.awaitJson(
                    "/health", answer -> answer.at("/parts/observer").toString().contains("/login"));
            assertThat(health.at("/parts/observer/state").asText()).isEqualTo("degraded");
            assertThat(api.get("/api/stats").json().at("/queue/pending").asInt())
                    .isEqualTo(1);
        }
    }

    private static long childPid(Api api) throws Exception {
        return api.awaitJson(
                        "/api/processes",
                        processes -> processes.at("/children/0/pid").asLong() > 0)
                .at("/children/0/pid")
                .asLong();
    }

    private void awaitAsked(int count) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (model.asides().size() < count) {
            assertThat(System.nanoTime()).as("asked in time").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    @Test
    @DisplayName("D2: a child that is killed while it answers costs the turn nothing: it is stored once")
    void aKilledChildCostsNothing() throws Exception {
        model.answerAsides(request -> firstThen(model.asides().size() - 1, Said.NOTHING));
        try (WorkerProcess worker = worker()) {
            Api api = worker.api();
            turn(api, "s", "Build it", "sh build.sh");
            awaitAsked(1);
            ProcessHandle.of(childPid(api)).orElseThrow().destroyForcibly();
            assertThat(drained(api, 1).path("observations").asInt()).isEqualTo(1);
            assertThat(model.asides()).hasSize(2);
        }
    }

    @Test
    @DisplayName(
            "A1: a worker that stops while its observer waits for the model leaves nothing, and the turn is not lost")
    void aStopInTheMiddleLosesNothing() throws Exception {
        model.answerAsides(request -> Said.NOTHING);
        try (WorkerProcess worker = worker()) {
            turn(worker.api(), "s", "Build it", "sh build.sh");
            awaitAsked(1);
            long begin = System.nanoTime();
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isLessThan(5_000);
            assertThat(claude.leftBehind()).isEmpty();
            assertThat(files(data.resolve("agents"))).isEmpty();
        }
        model.answerAsides(request -> Said.text(ANSWER));
        try (WorkerProcess worker = worker()) {
            assertThat(drained(worker.api(), 1).path("observations").asInt()).isEqualTo(1);
        }
    }
}
