package dev.cairn.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The real command line of Claude Code, as {@code .ci/install-claude-code} puts it in place: with a home of its own, a made-up
 * key and a fake Messages API. Only to be run in an {@link OwnNetwork}.
 */
final class ClaudeCode {
    private static final long DEADLINE_S = 120;

    /** How a session went. */
    record Run(int exitCode, String output, String errors, long tookMs) {}

    private final Path program;
    private final Path home;
    private final String api;

    private ClaudeCode(Path program, Path home, String api) {
        this.program = program;
        this.home = home;
        this.api = api;
    }

    /** Skips the test, or fails it in CI, where the program is not installed. */
    static void require() {
        Tools.requireThat(Files.isExecutable(program()), "Claude Code is not installed; run .ci/install-claude-code");
    }

    /** The program itself, for whoever else starts it. */
    static Path program() {
        String data = System.getenv().getOrDefault("XDG_DATA_HOME", "");
        Path base = data.isBlank() ? Path.of(System.getProperty("user.home"), ".local", "share") : Path.of(data);
        return base.resolve("cairn/claude-code/claude");
    }

    static ClaudeCode at(Path home, FakeMessagesApi api) throws IOException {
        return new ClaudeCode(program(), Files.createDirectories(home), api.url());
    }

    /** What the command line of Cairn and the agent share. */
    Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        environment.put("HOME", home.toString());
        environment.put("PATH", System.getenv("PATH"));
        environment.put("TMPDIR", home.toString());
        environment.put("LANG", "C.UTF-8");
        environment.put("ANTHROPIC_BASE_URL", api);
        environment.put("ANTHROPIC_API_KEY", "sk-made-up");
        environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
        environment.put("DISABLE_TELEMETRY", "1");
        environment.put("DISABLE_ERROR_REPORTING", "1");
        environment.put("DISABLE_AUTOUPDATER", "1");
        return environment;
    }

    /** One session in print mode; tools of its own run without being asked about. */
    Run session(Path project, String prompt, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "-p",
                "--model",
                "claude-haiku-4-5",
                "--allowedTools",
                "Bash,Read,Write,Edit,mcp__plugin_cairn_memory"));
        arguments.addAll(List.of(more));
        arguments.add("--");
        arguments.add(prompt);
        return run(project, arguments);
    }

    /**
     * What still runs of all that was started with this home, five seconds at most after the worker was killed: its children are
     * ended by their guard then, which needs a moment (A2).
     */
    List<String> leftBehind() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        List<String> left = running();
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(20);
            left = running();
        }
        return left;
    }

    private List<String> running() throws IOException {
        List<String> left = new ArrayList<>();
        String mark = "\0HOME=" + home + "\0";
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            for (ProcessHandle process : all.toList()) {
                if (environment(process.pid()).contains(mark)) {
                    left.add(process.pid() + " " + process.info().command().orElse("?"));
                }
            }
        }
        return left;
    }

    private static String environment(long pid) {
        try {
            return "\0" + Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // Gone, or somebody else's.
            return "";
        }
    }

    Run run(Path project, List<String> arguments) throws Exception {
        Files.createDirectories(project);
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        Path output = Files.createTempFile(home, "out", ".txt");
        Path errors = Files.createTempFile(home, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment());
        long begin = System.nanoTime();
        Process process = builder.start();
        try {
            if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
                throw new AssertionError("still running: " + arguments + "\n" + Files.readString(errors));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        return new Run(process.exitValue(), Files.readString(output), Files.readString(errors), tookMs);
    }
}
