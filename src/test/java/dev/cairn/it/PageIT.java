package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.fake.Dialect;
import dev.cairn.fake.FakeModelServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages of the real worker in a real browser, in a network that has the loopback and nothing else. What they promise stands in
 * {@code src/test/browser/cases.mjs}, as functions for Playwright; each is run here by its name. A case fails too when the page
 * writes an error to the console or breaks its own Content-Security-Policy.
 */
@ExtendWith(OwnNetwork.class)
class PageIT {
    private static final Path SCRIPTS = Path.of("src", "test", "browser").toAbsolutePath();
    private static final Pattern CASE = Pattern.compile("export async function (\\w+)");
    private static final String WITH_TOKEN = "theTokenIsAskedForAndUsed";
    private static final String WITH_A_MODEL = "aTurnThatWasParkedIsShownAndTriedAgain";
    private static final String WITH_A_DYING_CHILD = "anAlertIsShownAsItHappensAndKept";
    private static final Set<String> ELSEWHERE = Set.of(WITH_TOKEN, WITH_A_MODEL, WITH_A_DYING_CHILD);

    @TempDir
    static Path dir;

    private static WorkerProcess worker;

    private static Path home() {
        String data = System.getenv().getOrDefault("XDG_DATA_HOME", "");
        Path base = data.isBlank() ? Path.of(System.getProperty("user.home"), ".local", "share") : Path.of(data);
        return base.resolve("cairn/browser");
    }

    @BeforeAll
    static void aWorkerWithAMemory() throws Exception {
        Tools.require("node");
        Tools.require("chromium");
        Tools.requireThat(
                Files.isRegularFile(home().resolve("installed")),
                "Playwright is not installed; run .ci/install-browser");
        worker = worker("data", Map.of("CAIRN_SEARCH_MODE", "process"));
        worker.awaitReady();
        script("fill.mjs", worker.url());
    }

    @AfterAll
    static void end() throws Exception {
        if (worker != null) {
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
        }
    }

    private static WorkerProcess worker(String name, Map<String, String> environment) throws IOException {
        return WorkerProcess.launch(Files.createDirectory(dir.resolve(name)), environment, List.of());
    }

    private static void script(String name, String... arguments) throws Exception {
        Path own = Files.createTempDirectory(dir, "browser");
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", own.toString());
        environment.put("CAIRN_BROWSER_HOME", home().toString());
        environment.put("CAIRN_CHROMIUM", Tools.require("chromium").toString());
        List<String> command = new ArrayList<>(
                List.of(Tools.require("node").toString(), SCRIPTS.resolve(name).toString()));
        command.addAll(List.of(arguments));
        Tools.Run run = Tools.run(own, environment, command);
        assertThat(run.exitCode()).as(run.output()).isZero();
    }

    /** Every case there is but those that need another worker. */
    static List<String> cases() throws IOException {
        return CASE.matcher(Files.readString(SCRIPTS.resolve("cases.mjs")))
                .results()
                .map(found -> found.group(1))
                .filter(name -> !ELSEWHERE.contains(name))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void thePage(String name) throws Exception {
        script("run.mjs", worker.url(), name);
    }

    private static void elsewhere(String name, Map<String, String> environment) throws Exception {
        try (WorkerProcess other = worker(name, environment)) {
            other.awaitReady();
            script("run.mjs", other.url(), name);
        }
    }

    @Test
    void theTokenIsAskedForAndUsed() throws Exception {
        elsewhere(WITH_TOKEN, Map.of("CAIRN_HTTP_AUTH", "token", "CAIRN_HTTP_TOKEN", "a-token-for-the-browser"));
    }

    @Test
    void aTurnThatWasParkedIsShownAndTriedAgain() throws Exception {
        try (FakeModelServer model = FakeModelServer.start().says(asked -> "{}")) {
            elsewhere(
                    WITH_A_MODEL,
                    Map.of(
                            "CAIRN_OBSERVER_PROVIDER",
                            "anthropic",
                            "CAIRN_OBSERVER_ATTEMPTS",
                            "1",
                            "CAIRN_OBSERVER_ANTHROPIC_URL",
                            model.url(Dialect.ANTHROPIC),
                            "CAIRN_OBSERVER_ANTHROPIC_APIKEY",
                            FakeModelServer.KEY));
        }
    }

    @Test
    void anAlertIsShownAsItHappensAndKept() throws Exception {
        Path dies = Files.writeString(dir.resolve("dies"), "#!/bin/sh\nexit 3\n");
        Files.setPosixFilePermissions(dies, PosixFilePermissions.fromString("rwx------"));
        elsewhere(
                WITH_A_DYING_CHILD,
                Map.of(
                        "CAIRN_SEARCH_MODE", "process",
                        "CAIRN_SEARCH_COMMAND", dies.toString(),
                        "CAIRN_PROCESS_ALERTS_RESTARTS", "3"));
    }
}
