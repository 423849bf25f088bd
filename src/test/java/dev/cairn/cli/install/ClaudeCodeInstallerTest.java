package dev.cairn.cli.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaudeCodeInstallerTest {
    private static final String USERS =
            "{\n    \"model\":   \"opus\",\n    \"env\": {\"KEY\": \"sk-1\"},\n    \"unknown\": [1,  2]\n}";

    @TempDir
    Path dir;

    private final AgentInstaller installer = Installers.of("claude-code");
    private Path home;
    private Path settings;
    private Site site;

    @BeforeEach
    void site() throws IOException {
        home = Files.createDirectory(dir.resolve("home"));
        Files.createDirectory(dir.resolve("data"));
        settings = home.resolve(".claude/settings.json");
        site = site("http://127.0.0.1:37777", null);
    }

    private Site site(String url, String token) {
        return new Site(home, Map.of("PATH", System.getenv("PATH")), dir.resolve("data"), url, token);
    }

    private void users(String text) throws IOException {
        Files.createDirectories(settings.getParent());
        Files.writeString(settings, text);
    }

    /** Every file and directory below, with what is in it. */
    private Map<String, String> tree() throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(dir)) {
            for (Path path : paths.toList()) {
                tree.put(dir.relativize(path).toString(), Files.isDirectory(path) ? "/" : Files.readString(path));
            }
        }
        return tree;
    }

    @Test
    void allFilesOfThePluginAreInTheJar() throws Exception {
        Path deployed = Path.of("deploy", "claude-code");
        try (Stream<Path> files = Files.walk(deployed)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> deployed.relativize(file).toString())
                            .filter(file -> !file.startsWith("command/")))
                    .containsExactlyInAnyOrderElementsOf(ClaudeCodeFiles.NAMES);
        }
        for (Map.Entry<String, String> file : ClaudeCodeFiles.of(site).entrySet()) {
            assertThat(file.getValue()).isEqualTo(Files.readString(deployed.resolve(file.getKey())));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                USERS,
                "{}",
                "",
                "{\r\n\t\"enabledPlugins\": {\"other@place\": true, \"cairn@cairn\": false}\r\n}\r\n",
                "{\"extraKnownMarketplaces\":{\"place\":{\"source\":{\"source\":\"github\",\"repo\":\"a/b\"}}}}"
            })
    void whatInstallDidUninstallUndoesToTheByte(String before) throws Exception {
        users(before);
        Map<String, String> untouched = tree();

        installer.install(site).apply();
        JsonNode after = WireFormat.mapper().readTree(settings.toFile());
        assertThat(after.at("/enabledPlugins/cairn@cairn").asBoolean()).isTrue();
        assertThat(after.at("/extraKnownMarketplaces/cairn/source/path").asText())
                .isEqualTo(dir.resolve("data/plugins/claude-code").toString());
        assertThat(installer.state(site)).isEqualTo(AgentInstaller.State.INSTALLED);
        Map<String, String> installed = tree();
        assertThat(installer.install(site).isEmpty()).as("twice is once").isTrue();

        installer.uninstall(site).apply();
        assertThat(tree()).isEqualTo(untouched);
        assertThat(installer.uninstall(site).isEmpty()).isTrue();
        assertThat(installer.state(site)).isEqualTo(AgentInstaller.State.ABSENT);

        installer.install(site).apply();
        assertThat(tree()).as("and again").isEqualTo(installed);
    }

    @Test
    void whereNothingWasNothingIsLeft() throws Exception {
        Map<String, String> untouched = tree();
        installer.install(site).apply();
        assertThat(settings).exists();
        installer.uninstall(site).apply();
        assertThat(tree()).isEqualTo(untouched);
    }

    @Test
    void editsOfTheUserInBetweenAreKept() throws Exception {
        users(USERS);
        installer.install(site).apply();
        Files.writeString(
                settings,
                Files.readString(settings)
                        .replace("\"opus\"", "\"haiku\"")
                        .replace("\"cairn@cairn\": true", "\"cairn@cairn\": false, \"other@place\": true"));
        installer.uninstall(site).apply();
        JsonNode left = WireFormat.mapper().readTree(settings.toFile());
        assertThat(left)
                .isEqualTo(WireFormat.mapper()
                        .readTree("{\"model\":\"haiku\",\"env\":{\"KEY\":\"sk-1\"},\"unknown\":[1,2],"
                                + "\"enabledPlugins\":{\"other@place\":true}}"));
        assertThat(Files.readString(settings))
                .startsWith("{\n    \"model\":   \"haiku\"")
                .contains("[1,  2]");
    }

    @Test
    void settingsThatTheHostWroteAnewLoseOursAlone() throws Exception {
        installer.install(site).apply();
        JsonNode tree = WireFormat.mapper().readTree(settings.toFile());
        Files.writeString(settings, tree.toString());
        installer.uninstall(site).apply();
        assertThat(settings)
                .as("it was made by install, and nothing else is in it")
                .doesNotExist();
    }

    @Test
    void anotherPortOrTokenIsOutdatedAndInstallMendsIt() throws Exception {
        users(USERS);
        Map<String, String> untouched = tree();
        installer.install(site).apply();
        Site other = site("http://127.0.0.1:4000", "s3cret");
        assertThat(installer.state(other)).isEqualTo(AgentInstaller.State.OUTDATED);
        Plan plan = installer.install(other);
        assertThat(plan.lines("s3cret"))
                .anyMatch(line -> line.contains("+ ") && line.contains("http://127.0.0.1:4000/hooks/Stop"))
                .anyMatch(line -> line.contains("Bearer (token)"))
                .noneMatch(line -> line.contains("s3cret") || line.contains("sk-1"));
        plan.apply();
        Path plugin = dir.resolve("data/plugins/claude-code/cairn");
        assertThat(plugin.resolve("hooks/headers.txt"))
                .hasContent("Content-Type: application/json\nAuthorization: Bearer s3cret\n");
        for (String file : List.of("hooks/hooks.json", ".mcp.json")) {
            assertThat(Files.readString(plugin.resolve(file)))
                    .contains("http://127.0.0.1:4000/", "\"Bearer s3cret\"")
                    .doesNotContain("37777", "CAIRN_TOKEN\"\n          }", "{CAIRN_TOKEN");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(plugin.resolve(file))))
                    .isEqualTo("rw-------");
        }
        installer.uninstall(other).apply();
        assertThat(tree()).isEqualTo(untouched);
    }

    @Test
    void aMarketplaceOfThatNameFromElsewhereIsNotTouched() throws Exception {
        users("{\"extraKnownMarketplaces\":{\"cairn\":{\"source\":{\"source\":\"directory\",\"path\":\"/else\"}}}}");
        Map<String, String> untouched = tree();
        assertThatThrownBy(() -> installer.install(site))
                .hasMessageContaining("/else")
                .hasMessageContaining("claude plugin marketplace remove cairn")
                .extracting(e -> ((CairnException) e).code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(installer.uninstall(site).isEmpty()).isTrue();
        assertThat(installer.state(site)).isEqualTo(AgentInstaller.State.UNCLEAR);
        assertThat(tree()).isEqualTo(untouched);
    }

    @Test
    void malformedSettingsAreRefusedAndStay() throws Exception {
        users("{\"model\": \"opus\",}\n");
        Map<String, String> untouched = tree();
        assertThatThrownBy(() -> installer.install(site)).hasMessageContaining("settings.json is not valid JSON");
        assertThat(tree()).isEqualTo(untouched);
    }

    @Test
    void aCommandOfTheUserOfThatNameStays() throws Exception {
        users(USERS);
        Path command = Files.createDirectories(home.resolve(".claude/commands")).resolve("cairn.md");
        Files.writeString(command, "my own");
        Plan plan = installer.install(site);
        assertThat(plan.notes()).anyMatch(note -> note.contains("cairn.md is not ours"));
        plan.apply();
        assertThat(installer.install(site).isEmpty()).isTrue();
        installer.uninstall(site).apply();
        assertThat(command).hasContent("my own");
    }

    @Test
    void aLinkedSettingsFileStaysALinkAndItsPermissionsStay() throws Exception {
        Path real = Files.writeString(dir.resolve("dotfiles.json"), USERS);
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
        Files.createDirectories(settings.getParent());
        Files.createSymbolicLink(settings, real);
        installer.install(site).apply();
        assertThat(settings).isSymbolicLink();
        assertThat(Files.readString(real)).contains("cairn@cairn");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
                .isEqualTo("rw-r-----");
        installer.uninstall(site).apply();
        assertThat(settings).isSymbolicLink();
        assertThat(real).hasContent(USERS);
    }

    @Test
    void whatChangesWhileThePlanIsReadIsNotOverwrittenAndNothingIsHalfDone() throws Exception {
        users(USERS);
        Map<String, String> untouched = tree();
        Plan plan = installer.install(site);
        users(USERS + "\n");
        assertThatThrownBy(plan::apply).hasMessageContaining("was changed meanwhile; run the command again");
        users(USERS);
        assertThat(tree()).isEqualTo(untouched);
    }

    @Test
    void twoSettingsDirectoriesShareTheFilesUntilTheLastIsGone() throws Exception {
        Site second = new Site(
                home, Map.of("CLAUDE_CONFIG_DIR", dir.resolve("work").toString()), site.dataDir(), site.url(), null);
        installer.install(site).apply();
        installer.install(second).apply();
        assertThat(dir.resolve("work/settings.json")).exists();
        installer.uninstall(site).apply();
        assertThat(installer.state(second)).isEqualTo(AgentInstaller.State.INSTALLED);
        installer.uninstall(second).apply();
        assertThat(dir.resolve("data/plugins")).doesNotExist();
        assertThat(dir.resolve("work")).doesNotExist();
    }

    @Test
    void whatTheHostNotedOfTheMarketplaceGoesToo() throws Exception {
        users(USERS);
        installer.install(site).apply();
        Path known = Files.createDirectories(home.resolve(".claude/plugins")).resolve("known_marketplaces.json");
        String path = dir.resolve("data/plugins/claude-code").toString();
        Files.writeString(
                known,
                "{\n  \"cairn\": {\"source\": {\"source\": \"directory\", \"path\": \"" + path
                        + "\"}},\n  \"other\": {\"a\": 1}\n}");
        assertThat(installer.state(site)).isEqualTo(AgentInstaller.State.INSTALLED);
        installer.uninstall(site).apply();
        assertThat(known).hasContent("{\n  \"other\": {\"a\": 1}\n}");
    }
}
