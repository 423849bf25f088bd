package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.mcp.ConformanceServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The protocol's own conformance suite: what each revision requires of a server, as frozen at the revision's release. What
 * cannot pass is listed, with the reason, in {@code src/test/resources/mcp-conformance}; whatever else fails, and whatever
 * of that list passes, is a failure.
 */
@ExtendWith(OwnNetwork.class)
class McpConformanceIT {
    private static final Path EXPECTED =
            Path.of("src", "test", "resources", "mcp-conformance").toAbsolutePath();

    @TempDir
    Path dir;

    private static Path suite() {
        String data = System.getenv().getOrDefault("XDG_DATA_HOME", "");
        Path base = data.isBlank() ? Path.of(System.getProperty("user.home"), ".local", "share") : Path.of(data);
        return base.resolve("cairn/mcp-conformance");
    }

    @BeforeAll
    static void installed() {
        Tools.requireThat(
                Files.isExecutable(suite().resolve("node")),
                "the MCP conformance suite is not installed; run .ci/install-mcp-conformance");
    }

    @ParameterizedTest
    @DisplayName("the real worker, with a memory in it")
    @ValueSource(strings = {"2025-11-25", "2026-07-28"})
    void theWorker(String revision) throws Exception {
        Path data = Files.createDirectory(dir.resolve("data"));
        try (WorkerProcess worker = WorkerProcess.start(data)) {
            assertThat(worker.api()
                            .post("/api/memories", "{\"text\":\"The suite reads this\",\"project\":\"p\"}")
                            .status())
                    .isEqualTo(201);
            String output = run(worker.url() + "/mcp", revision, "worker", 33);
            if (revision.equals("2026-07-28")) {
                assertThat(output)
                        .as("not required yet, as it came after the release")
                        .contains("✓ http-header-validation");
            }
        }
    }

    @ParameterizedTest
    @DisplayName("the handler, with what the suite wants a server under test to have")
    @ValueSource(strings = {"2025-11-25", "2026-07-28"})
    void theHandler(String revision) throws Exception {
        try (ConformanceServer server = new ConformanceServer()) {
            run("http://127.0.0.1:" + server.port() + "/mcp", revision, "handler", 33);
        }
    }

    private String run(String url, String revision, String server, int scenarios) throws Exception {
        Path home = Files.createDirectory(dir.resolve("home"));
        Tools.Run run = Tools.run(
                home,
                Map.of("HOME", home.toString()),
                List.of(
                        suite().resolve("node").toString(),
                        suite().resolve("node_modules/@modelcontextprotocol/conformance/dist/index.js")
                                .toString(),
                        "server",
                        "--url",
                        url,
                        "--requirements",
                        revision,
                        "--expected-failures",
                        EXPECTED.resolve(server + "-" + revision + ".yml").toString(),
                        "-o",
                        home.resolve("results").toString()));
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output().lines().filter(line -> line.matches("[✓✗] .*")).count())
                .as("scenarios that were run, of %s\n%s", revision, run.output())
                .isGreaterThanOrEqualTo(scenarios);
        return run.output();
    }
}
