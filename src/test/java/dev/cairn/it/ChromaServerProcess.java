package dev.cairn.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real Chroma server on the loopback address, as a user runs one. Closing it leaves no process behind. */
public final class ChromaServerProcess implements AutoCloseable {
    private static final long DEADLINE_S = 60;
    private static @Nullable Path program;

    private final Path directory;
    private final int port;
    private Process process;

    private ChromaServerProcess(Path directory, int port) throws Exception {
        this.directory = directory;
        this.port = port;
        this.process = launch();
    }

    /** As with {@link RealChroma#require}. */
    public static void require() {
        RealChroma.require();
    }

    /** Starts one on a free port; what it keeps is in the directory. */
    public static ChromaServerProcess start(Path directory) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        return new ChromaServerProcess(directory, port);
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public long pid() {
        return process.pid();
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
            throw new AssertionError("Chroma is still running: " + process.pid());
        }
    }

    /** A signal by its name, such as STOP. */
    public void signal(String name) throws Exception {
        Tools.run(directory, Map.of(), List.of("kill", "-" + name, String.valueOf(process.pid())));
    }

    /** Starts it again on the same port, with what is in the directory. */
    public void restart() throws Exception {
        kill();
        process = launch();
    }

    /** The one collection in the database, which are there by default. */
    public JsonNode collection() throws Exception {
        JsonNode all = collections();
        if (all.size() != 1) {
            throw new AssertionError("not one collection: " + all);
        }
        return all.get(0);
    }

    public JsonNode collections() throws Exception {
        return get("/tenants/default_tenant/databases/default_database/collections");
    }

    /** How many documents the one collection has; -1 when there is none. */
    public long count() throws Exception {
        JsonNode all = collections();
        return all.isEmpty()
                ? -1
                : get("/tenants/default_tenant/databases/default_database/collections/"
                                + all.get(0).path("id").asText() + "/count")
                        .asLong();
    }

    /** What another client might do to us. */
    public void drop(String collection) throws Exception {
        Api.Answer answer = new Api(url())
                .delete("/api/v2/tenants/default_tenant/databases/default_database/collections/" + collection);
        if (answer.status() != 200) {
            throw new AssertionError("not dropped: " + answer);
        }
    }

    private JsonNode get(String path) throws Exception {
        Api.Answer answer = new Api(url()).get("/api/v2" + path);
        if (answer.status() != 200) {
            throw new AssertionError(path + ": " + answer);
        }
        return answer.json();
    }

    private Process launch() throws Exception {
        Path output = directory.resolve("server.log");
        ProcessBuilder builder = new ProcessBuilder(
                        program().toString(),
                        "run",
                        "--path",
                        directory.resolve("data").toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("CHROMA_") || name.startsWith("PYTHON"));
        builder.environment().put("ANONYMIZED_TELEMETRY", "False");
        builder.environment().put("HOME", directory.toString());
        Process started = builder.start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                started.destroyForcibly().waitFor();
                throw new AssertionError("Chroma does not serve:\n" + Files.readString(output));
            }
            Thread.sleep(50);
        }
        return started;
    }

    private boolean answers() throws Exception {
        try {
            return new Api(url()).get("/api/v2/heartbeat").status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** The command that comes with chroma-mcp, run as what it is: uvx would stand between us and the server. */
    private static synchronized Path program() throws Exception {
        Path known = program;
        if (known == null) {
            known = installed();
            program = known;
        }
        return known;
    }

    private static Path installed() throws Exception {
        Path home = Path.of(System.getProperty("user.home"));
        Path constraints = Path.of("src/main/resources/dev/cairn/vector/chroma-constraints.txt");
        String chroma = Files.readAllLines(constraints, StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith("chroma-mcp=="))
                .findFirst()
                .orElseThrow();
        Path scratch = Files.createTempDirectory("chroma");
        Tools.Run run = Tools.run(
                scratch,
                Map.of("UV_OFFLINE", "1", "PATH", System.getenv("PATH") + ":" + home.resolve(".local/bin")),
                List.of(
                        "env",
                        "-u",
                        "VIRTUAL_ENV",
                        "-u",
                        "PYTHONPATH",
                        "uvx",
                        "--quiet",
                        "--python",
                        ">=3.10,<3.14",
                        "--constraints",
                        constraints.toAbsolutePath().toString(),
                        "--from",
                        chroma,
                        "python",
                        "-c",
                        "import sys; print(sys.prefix)"));
        Path command = Path.of(run.output().strip()).resolve("bin").resolve("chroma");
        if (run.exitCode() != 0 || !Files.isExecutable(command)) {
            throw new AssertionError("no Chroma server; run .ci/install-chroma:\n" + run.output());
        }
        try (var left = Files.list(scratch)) {
            for (Path each : left.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(scratch);
        return command;
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
