package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands install and uninstall as a user calls them, by the real jar, in a home of their own. */
class InstallIT {
    private static final Path SCRIPT = Path.of("deploy", "bin", "cairn").toAbsolutePath();
    private static final String USERS = "{\n  \"model\": \"opus\",\n  \"env\": { \"KEY\": \"hidden\" }\n}\n";

    @TempDir
    Path dir;

    private Path data;
    private Path settings;

    @BeforeEach
    void home() throws Exception {
        data = Files.createDirectory(dir.resolve("data"));
        settings = Files.createDirectories(dir.resolve("home/.claude")).resolve("settings.json");
        Files.writeString(settings, USERS);
    }

    private Tools.Run cairn(Map<String, String> more, String... arguments) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", dir.resolve("home").toString());
        environment.put("CAIRN_DATA_DIR", data.toString());
        environment.put("CAIRN_JAR", WorkerProcess.JAR.toAbsolutePath().toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("CLAUDE_CONFIG_DIR", "");
        environment.putAll(more);
        List<String> command = new ArrayList<>(List.of("/bin/sh", SCRIPT.toString()));
        command.addAll(List.of(arguments));
        return Tools.run(dir, environment, command);
    }

    private Tools.Run done(Tools.Run run) {
        assertThat(run.exitCode()).as(run.output()).isZero();
        return run;
    }

    @Test
    void whatIsInstalledIsListedShownAndTakenAwayAgain() throws Exception {
        assertThat(done(cairn(Map.of(), "install")).output())
                .containsPattern("claude-code +Claude Code +not installed +" + settings);
        Tools.Run dry = done(cairn(Map.of(), "install", "claude-code", "--dry-run"));
        assertThat(dry.output())
                .contains("create " + data.resolve("plugins/claude-code/cairn/hooks/hooks.json"))
                .contains("change " + settings, "+   \"enabledPlugins\": {", "+     \"cairn@cairn\": true")
                .endsWith("nothing was changed\n")
                .doesNotContain("hidden");
        assertThat(settings).hasContent(USERS);
        assertThat(data.resolve("plugins")).doesNotExist();

        Map<String, String> elsewhere = Map.of("CAIRN_PORT", "4123");
        assertThat(done(cairn(elsewhere, "install", "claude-code")).output())
                .contains("Claude Code uses the worker at http://127.0.0.1:4123 from its next session on");
        assertThat(Files.readString(data.resolve("plugins/claude-code/cairn/.mcp.json")))
                .contains("\"http://127.0.0.1:4123/mcp\"");
        String installed = Files.readString(settings);
        assertThat(done(cairn(elsewhere, "install", "claude-code")).output())
                .isEqualTo("Claude Code uses the worker at http://127.0.0.1:4123 already\n");
        assertThat(Files.readString(settings)).isEqualTo(installed);
        JsonNode list = WireFormat.mapper()
                .readTree(done(cairn(Map.of(), "install", "--json")).output());
        assertThat(list.at("/0/state").asText()).as("another port now").isEqualTo("outdated");

        assertThat(done(cairn(Map.of(), "uninstall", "claude-code", "--dry-run"))
                        .output())
                .contains("-   \"enabledPlugins\": {");
        assertThat(Files.readString(settings)).isEqualTo(installed);
        assertThat(done(cairn(Map.of(), "uninstall", "claude-code")).output())
                .contains("Claude Code is as it was before", "the memories stay in " + data);
        assertThat(Files.readString(settings)).isEqualTo(USERS);
        assertThat(data.resolve("plugins")).doesNotExist();
        assertThat(done(cairn(Map.of(), "uninstall", "claude-code")).output())
                .isEqualTo("Claude Code does not use this worker\n");
    }

    @Test
    void whatCannotBeDoneEndsWithTheCodeOfItsKindAndChangesNothing() throws Exception {
        refused(2, "there is no agent 'emacs'; there are claude-code", Map.of(), "install", "emacs");
        refused(2, "there is no agent 'emacs'", Map.of(), "uninstall", "emacs");
        refused(2, "AGENT is missing", Map.of(), "uninstall");
        refused(2, "http.port is 0", Map.of("CAIRN_PORT", "0"), "install", "claude-code");
        refused(2, "--json goes with the list", Map.of(), "install", "claude-code", "--json");
        Files.writeString(settings, "{ \"model\": \"opus\", }\n");
        refused(4, settings + " is not valid JSON and stays as it is", Map.of(), "install", "claude-code");
        refused(4, "(line 1, column 20)", Map.of(), "uninstall", "claude-code");
        assertThat(settings).hasContent("{ \"model\": \"opus\", }\n");
        assertThat(data.resolve("plugins")).doesNotExist();
    }

    private void refused(int code, String why, Map<String, String> more, String... arguments) throws Exception {
        Tools.Run run = cairn(more, arguments);
        assertThat(run.output()).startsWith("cairn: ").contains(why);
        assertThat(run.exitCode()).as(run.output()).isEqualTo(code);
    }
}
