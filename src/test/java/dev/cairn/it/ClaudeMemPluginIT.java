package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The public plugin claude-mem 13.25.3, unmodified: a session by the commands of its hooks.json, then its MCP server, against this worker.
 * All of it runs in a network namespace of its own with an empty home; {@code plugin-session.sh} does what the host would do.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClaudeMemPluginIT {
    private static final List<String> HOOKS =
            List.of("1-start", "2-context", "3-prompt", "4-edit", "5-test", "6-stop", "7-file", "8-end", "9-next");

    private Path out;

    @BeforeAll
    void aSession(@TempDir Path dir) throws Exception {
        String data = System.getenv("XDG_DATA_HOME");
        Path share = data == null || data.isBlank()
                ? Path.of(System.getProperty("user.home"), ".local", "share")
                : Path.of(data);
        Path installed = share.resolve("cairn/claude-mem");
        Tools.requireThat(
                Files.exists(installed.resolve("installed")),
                "the plugin claude-mem is not installed; run .ci/install-claude-mem");
        for (String program : List.of("unshare", "ip", "node", "git", "bash", "timeout")) {
            Tools.require(program);
        }
        Tools.requireThat(
                Tools.run(dir, Map.of(), List.of("unshare", "-n", "true")).exitCode() == 0,
                "network namespaces are not allowed here");
        Path script =
                Path.of(getClass().getResource("/compat/plugin-session.sh").toURI());
        String java = System.getProperty(
                "cairn.it.java",
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Tools.Run run = Tools.run(
                dir,
                Map.of(),
                List.of(
                        "unshare",
                        "-n",
                        "bash",
                        script.toString(),
                        dir.toString(),
                        java,
                        WorkerProcess.JAR.toAbsolutePath().toString(),
                        installed.toString()));
        out = dir.resolve("out");
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(text("worker.txt")).as(text("worker-errors.txt")).contains("cairn ready http://127.0.0.1:37777");
    }

    private String text(String name) throws IOException {
        return Files.readString(out.resolve(name));
    }

    private JsonNode json(String name) throws IOException {
        return WireFormat.decode(text(name), JsonNode.class);
    }

    @Test
    @DisplayName("every hook ends well, and says what the host understands")
    void hooksEndWell() throws Exception {
        for (String hook : HOOKS) {
            assertThat(text(hook + ".code").strip())
                    .as("%s: %s%s", hook, text(hook + ".out"), text(hook + ".err"))
                    .isEqualTo("0");
            assertThat(json(hook + ".out").isObject()).as(hook).isTrue();
        }
        assertThat(json("1-start.out").path("status").asText()).isEqualTo("ready");
    }

    @Test
    @DisplayName(
            "what the hooks tell is in the memory: one session of one project, its prompt, both tool uses, its end")
    void everyHookArrives() throws Exception {
        JsonNode session = json("sessions.json").path("items").path(0);
        assertThat(json("sessions.json").path("items")).hasSize(1);
        assertThat(session.path("sessionId").asText()).isEqualTo("plugin-1");
        assertThat(session.path("platform").asText()).isEqualTo("claude-code");
        assertThat(session.path("endReason").asText()).isEqualTo("exit");
        assertThat(session.path("project").asText())
                .as("the directory, though the first hook told only its name")
                .endsWith("/larkspur")
                .startsWith("/");
        assertThat(json("projects.json").path("projects")).hasSize(1);
        assertThat(json("prompts.json").at("/items/0/text").asText())
                .isEqualTo("Make the rain gauge retry when the sensor is busy");
        List<String> tools = new ArrayList<>();
        json("tool-uses.json")
                .path("items")
                .forEach(use -> tools.add(use.path("toolName").asText()));
        assertThat(tools).containsExactly("Bash", "Edit");
        assertThat(json("stats.json").path("summaries").asInt()).isPositive();
    }

    @Test
    @DisplayName("the next session is told of this one; a file that is read brings what is known of it")
    void contextComesBack() throws Exception {
        assertThat(json("9-next.out")
                        .at("/hookSpecificOutput/additionalContext")
                        .asText())
                .contains("rain gauge");
        assertThat(text("7-file.out")).contains("gauge");
    }

    @Test
    @DisplayName("the version gate is passed without a setting: the worker tells the version it finds installed")
    void theGateIsPassed() throws Exception {
        assertThat(json("health.json").path("version").asText()).isEqualTo("13.25.3");
        assertThat(text("worker-at-end.txt").strip())
                .as("no hook killed the worker")
                .isEqualTo("alive");
        assertThat(text("claude-mem-files.txt").lines())
                .as("and none started another")
                .doesNotContain("worker.pid");
    }

    @Test
    @DisplayName(
            "its MCP server lists its tools; search, timeline, get_observations and get_tool_uses answer from this memory")
    void mcpToolsAnswer() throws Exception {
        List<String> names = new ArrayList<>();
        json("mcp-2.json")
                .at("/result/tools")
                .forEach(tool -> names.add(tool.path("name").asText()));
        assertThat(names).contains("search", "timeline", "get_observations", "get_tool_uses");
        assertThat(answer(3)).contains("#").contains("gauge");
        assertThat(answer(4)).contains("gauge");
        JsonNode observations = WireFormat.decode(answer(5), JsonNode.class);
        JsonNode first = observations.isArray()
                ? observations.path(0)
                : observations.path("items").path(0);
        assertThat(first.path("memory_session_id").asText()).isEqualTo("plugin-1");
        assertThat(answer(6)).contains("return retry(() => mm, 3);");
        assertThat(answer(7))
                .as("the summary, whose id the search told as well")
                .contains("rain gauge");
    }

    private String answer(int id) throws IOException {
        JsonNode result = json("mcp-" + id + ".json").path("result");
        assertThat(result.path("isError").asBoolean()).as(result.toString()).isFalse();
        return result.at("/content/0/text").asText();
    }

    @Test
    @DisplayName("no process is left, and the worker stops when it is told to")
    void nothingIsLeft() throws Exception {
        assertThat(text("left.txt")).isEmpty();
        assertThat(text("worker.code").strip()).isIn("0", "143");
    }
}
