package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.it.FakeMessagesApi.Turn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The real Claude Code with the plugin as {@code cairn install} puts it in place, a real worker, and a model by script. */
@ExtendWith(OwnNetwork.class)
class ClaudeCodeIT {
    private static final Path SCRIPT = Path.of("deploy", "bin", "cairn").toAbsolutePath();
    private static final String SEARCH = "mcp__plugin_cairn_memory__search";
    private static final String SETTINGS = "{\n    \"cleanupPeriodDays\":  99,\n    \"unknownOfTheUser\": [1,  2]\n}";
    private static final String SUBTASK = "Look for the zeppelin";

    @TempDir
    Path dir;

    private Path data;
    private Path project;
    private Path settings;
    private FakeMessagesApi model;
    private ClaudeCode claude;

    @BeforeAll
    static void installed() {
        ClaudeCode.require();
    }

    @BeforeEach
    void prepare() throws Exception {
        data = Files.createDirectory(dir.resolve("data"));
        project = Files.createDirectory(dir.resolve("shop"));
        Path home = Files.createDirectory(dir.resolve("home"));
        settings = Files.createDirectory(home.resolve(".claude")).resolve("settings.json");
        Files.writeString(settings, SETTINGS);
        model = new FakeMessagesApi();
        model.leaveOut(SUBTASK);
        claude = ClaudeCode.at(home, model);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        model.close();
        assertThat(claude.leftBehind())
                .as("processes of the agent or of its hooks")
                .isEmpty();
    }

    private WorkerProcess worker(Map<String, String> more) throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of("CAIRN_PORT", "37777"));
        environment.putAll(more);
        WorkerProcess worker = WorkerProcess.launch(data, environment, List.of());
        worker.awaitReady();
        return worker;
    }

    private Tools.Run cairn(Map<String, String> more, String... arguments) throws Exception {
        Map<String, String> environment = new HashMap<>(claude.environment());
        environment.put("CAIRN_DATA_DIR", data.toString());
        environment.put("CAIRN_JAR", WorkerProcess.JAR.toAbsolutePath().toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.putAll(more);
        List<String> command = new ArrayList<>(List.of("/bin/sh", SCRIPT.toString()));
        command.addAll(List.of(arguments));
        return Tools.run(dir, environment, command);
    }

    private void install() throws Exception {
        Tools.Run install = cairn(Map.of(), "install", "claude-code");
        assertThat(install.exitCode()).as(install.output()).isZero();
    }

    private static ObjectNode input(String... pairs) {
        ObjectNode input = WireFormat.mapper().createObjectNode();
        for (int i = 0; i < pairs.length; i += 2) {
            input.put(pairs[i], pairs[i + 1]);
        }
        return input;
    }

    private ClaudeCode.Run ended(ClaudeCode.Run run) {
        assertThat(run.errors()).as("standard error").isEmpty();
        assertThat(run.exitCode()).as(run.output()).isZero();
        // Once more where a sub-agent in the background ended after the last turn: the host tells the model then.
        assertThat(run.output().strip()).startsWith(FakeMessagesApi.DONE);
        return run;
    }

    private static void settled(Api api) throws Exception {
        Predicate<JsonNode> idle = stats -> stats.at("/queue/pending").asInt() == 0
                && stats.at("/queue/claimed").asInt() == 0
                && stats.path("summaries").asInt() > 0;
        api.awaitJson("/api/stats", idle);
    }

    /** What SessionStart told the model, as the request carries it. */
    private static String told(JsonNode request) {
        List<String> texts = new ArrayList<>();
        request.path("messages").forEach(message -> {
            JsonNode content = message.path("content");
            if (content.isTextual()) {
                texts.add(content.asText());
            }
            content.forEach(block -> texts.add(block.path("text").asText()));
        });
        List<String> told = texts.stream()
                .filter(text -> text.contains("SessionStart hook additional context"))
                .toList();
        assertThat(told).as("in %s", request).hasSize(1);
        return told.get(0);
    }

    @Test
    @DisplayName(
            "installed by one command: each hook arrives, the next session is told, search answers, uninstall undoes")
    void aSessionIsRememberedByTheNext() throws Exception {
        Files.writeString(project.resolve("orders.txt"), "orders are kept for ninety days\n");
        try (WorkerProcess worker = worker(Map.of())) {
            Api api = worker.api();
            Tools.Run dry = cairn(Map.of(), "install", "claude-code", "--dry-run");
            assertThat(dry.output())
                    .contains("change " + settings, "+     \"enabledPlugins\": {", "nothing was changed");
            assertThat(settings).hasContent(SETTINGS);
            assertThat(data.resolve("plugins")).doesNotExist();
            install();
            assertThat(cairn(Map.of(), "install", "claude-code").output()).contains(" already");
            assertThat(cairn(Map.of(), "install").output()).containsPattern("claude-code +Claude Code +installed ");
            Path marketplace = data.resolve("plugins/claude-code");
            for (Path manifest : List.of(marketplace, marketplace.resolve("cairn"))) {
                ClaudeCode.Run valid = claude.run(project, List.of("plugin", "validate", manifest.toString()));
                assertThat(valid.output()).contains("Validation passed");
                assertThat(valid.exitCode()).isZero();
            }

            model.script(
                    Turn.calls(
                            "Read",
                            input("file_path", project.resolve("orders.txt").toString())),
                    Turn.calls("Bash", input("command", "echo oops >&2; exit 3", "description", "fails")),
                    Turn.calls(
                            "Edit",
                            input(
                                    "file_path",
                                    project.resolve("none.txt").toString(),
                                    "old_string",
                                    "a",
                                    "new_string",
                                    "b")),
                    Turn.calls(
                            "Agent",
                            input("description", "look", "prompt", SUBTASK, "subagent_type", "general-purpose")),
                    Turn.calls(
                            "Write",
                            input(
                                    "file_path",
                                    project.resolve("invoices.txt").toString(),
                                    "content",
                                    "invoices are rendered at night")));
            ended(claude.session(project, "Move the quetzal invoices to a nightly run"));
            JsonNode events = api.get("/api/stats").json().path("events");
            for (String event : List.of(
                    "SessionStart",
                    "UserPromptSubmit",
                    "PostToolUse",
                    "PostToolUseFailure",
                    "PostToolBatch",
                    "SubagentStop",
                    "Stop",
                    "SessionEnd")) {
                assertThat(events.path(event).asInt())
                        .as("%s in %s", event, events)
                        .isPositive();
            }
            JsonNode uses = api.get("/api/tool-uses?limit=100").json().path("items");
            assertThat(uses.findValuesAsText("toolName"))
                    .contains("Read", "Bash", "Agent", "Write")
                    .as("a call that failed validation is in the batch alone")
                    .contains("Edit")
                    .doesNotHaveDuplicates();
            claude.run(project, List.of("-p", "--continue", "--model", "claude-haiku-4-5", "/compact"));
            assertThat(api.get("/api/stats").json().at("/events/PostCompact").asInt())
                    .isEqualTo(1);
            settled(api);

            model.script(Turn.calls(SEARCH, input("query", "quetzal")));
            ended(claude.session(project, "What was done before?"));
            assertThat(model.requests()).hasSize(2);
            String context = told(model.requests().get(0));
            assertThat(context).contains("Move the quetzal invoices to a nightly run", "invoices.txt");
            assertThat(context).as("C7").hasSizeLessThan(10_000);
            assertThat(told(model.requests().get(1))).isEqualTo(context);
            JsonNode second = model.requests().get(1);
            assertThat(second.path("tools").findValuesAsText("name"))
                    .as("not hidden behind a search for tools")
                    .contains(SEARCH, "mcp__plugin_cairn_memory__save_memory");
            assertThat(toolResult(second)).contains("quetzal invoices");
            settled(api);

            Tools.Run uninstall = cairn(Map.of(), "uninstall", "claude-code");
            assertThat(uninstall.exitCode()).as(uninstall.output()).isZero();
            assertThat(settings).hasContent(SETTINGS);
            assertThat(data.resolve("plugins")).doesNotExist();
            JsonNode before = api.get("/api/stats").json().path("events");
            model.script();
            ended(claude.session(project, "And without it?"));
            assertThat(api.get("/api/stats").json().path("events")).isEqualTo(before);
            assertThat(model.requests().get(0).toString()).doesNotContain("quetzal", SEARCH);
        }
    }

    private static String toolResult(JsonNode request) {
        JsonNode messages = request.path("messages");
        for (int i = messages.size() - 1; i >= 0; i--) {
            for (JsonNode block : messages.get(i).path("content")) {
                if (block.path("type").asText().equals("tool_result")) {
                    return block.path("content").toString();
                }
            }
        }
        throw new AssertionError("no tool result in " + request);
    }

    @Test
    @DisplayName(
            "C5, C6, C7: twenty reads bring no more context, two starts bring the same bytes, never more than the host takes")
    void contextComesOnceAndStaysTheSame() throws Exception {
        Path file = Files.writeString(project.resolve("Pool.java"), "class Pool {}\n");
        try (WorkerProcess worker = worker(Map.of("CAIRN_CONTEXT_MAXTOKENS", "2500"))) {
            Api api = worker.api();
            install();
            for (int i = 0; i < 60; i++) {
                ObjectNode memory = input(
                        "text",
                        "Pool.java fact " + i + ": " + "the pool is bounded and asks before it grows ".repeat(8),
                        "project",
                        project.toString());
                assertThat(api.post("/api/memories", memory.toString()).status())
                        .isEqualTo(201);
            }
            Turn read = Turn.calls("Read", input("file_path", file.toString()));
            model.script(java.util.Collections.nCopies(20, read).toArray(Turn[]::new));
            ended(claude.session(project, "Read the pool, please"));
            assertThat(model.requests()).hasSize(21);
            String context = told(model.requests().get(0));
            assertThat(context).contains("Pool.java fact 59").hasSizeLessThan(10_000);
            assertThat(context).as("not put aside for its length").doesNotContain("persisted-output");
            JsonNode last = model.requests().get(20);
            assertThat(told(last)).isEqualTo(context);
            assertThat(last.toString().split("Pool.java fact 59", -1))
                    .as("told once")
                    .hasSize(2);

            settled(api);
            // As if that session had not been: what the next one is told must not depend on the time or the count.
            String session = api.get("/api/sessions?limit=1")
                    .json()
                    .at("/items/0/sessionId")
                    .asText();
            api.post("/api/forget", "{\"session\":\"" + session + "\",\"dryRun\":false}");
            model.script();
            ended(claude.session(project, "Read the pool, please"));
            assertThat(told(model.requests().get(0))).isEqualTo(context);
        }
    }

    @Test
    @DisplayName("/cairn reaches the model with its words, and the tool status answers")
    void theCommandsReachTheModel() throws Exception {
        try (WorkerProcess worker = worker(Map.of())) {
            assertThat(worker.pid()).isPositive();
            install();
            model.script(Turn.calls("mcp__plugin_cairn_memory__status", input()));
            ended(claude.session(project, "/cairn status"));
            assertThat(model.requests().get(0).toString()).contains("memory of earlier sessions, the MCP server");
            assertThat(toolResult(model.requests().get(1))).contains("is running", "store up");
            model.script(Turn.calls(
                    "mcp__plugin_cairn_memory__save_memory",
                    input("text", "The pelican build needs two passes", "project", project.toString())));
            ended(claude.session(project, "/cairn:save The pelican build needs two passes"));
            assertThat(model.requests().get(0).toString()).contains("Keep this for later sessions: The pelican build");
            JsonNode hits = worker.api()
                    .get("/api/search?query=pelican&kind=observation")
                    .json()
                    .path("hits");
            assertThat(hits.findValuesAsText("title")).contains("The pelican build needs two passes");
        }
    }

    @Test
    @DisplayName("with http.auth = token the installed plugin carries the token, and only its owner can read it")
    void theTokenGoesAlong() throws Exception {
        Map<String, String> auth = Map.of("CAIRN_HTTP_AUTH", "token");
        try (WorkerProcess worker = worker(auth)) {
            Tools.Run install = cairn(auth, "install", "claude-code");
            assertThat(install.exitCode()).as(install.output()).isZero();
            String token = Files.readString(data.resolve("token")).strip();
            assertThat(install.output()).doesNotContain(token);
            model.script(Turn.calls(SEARCH, input("query", "toucan")));
            ended(claude.session(project, "Look for the toucan"));
            assertThat(toolResult(model.requests().get(1))).doesNotContain("unauthorized");
            Tools.Run status = cairn(auth, "status", "--json");
            JsonNode events = WireFormat.mapper().readTree(status.output()).at("/stats/events");
            for (String event : List.of("SessionStart", "UserPromptSubmit", "PostToolUse", "Stop", "SessionEnd")) {
                assertThat(events.path(event).asInt())
                        .as("%s in %s", event, events)
                        .isEqualTo(1);
            }
            assertThat(worker.url()).endsWith(":37777");
        }
    }
}
