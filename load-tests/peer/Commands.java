import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs commands, and waits. */
final class Commands {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Pattern TIMES = Pattern.compile("peer-times ([0-9.]+) ([0-9.]+) ([0-9.]+)");

    private Commands() {}

    static Process launch(Map<String, String> environment, Path log, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    static void run(Map<String, String> environment, Path log, List<String> command) throws Exception {
        Process process = launch(environment, log, command);
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("does not end: " + command);
        }
    }

    /** Runs a hook's command as the host does, by a shell, and takes the shell's word for the time of it and of its children. */
    static double[] timed(Map<String, String> environment, Path directory, String body, String command)
            throws Exception {
        Path input = directory.resolve("hook.json");
        Files.writeString(input, body);
        ProcessBuilder builder = new ProcessBuilder(
                        "bash", "-c", "TIMEFORMAT='peer-times %R %U %S'; time bash -c \"$PEER_COMMAND\" <\"$PEER_INPUT\" >/dev/null")
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("PEER_COMMAND", command);
        builder.environment().put("PEER_INPUT", input.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher times = TIMES.matcher(output);
        if (process.waitFor() != 0 || !times.find()) {
            throw new IllegalStateException("the hook failed: " + output);
        }
        return new double[] {
            1_000 * Double.parseDouble(times.group(1)),
            1_000 * (Double.parseDouble(times.group(2)) + Double.parseDouble(times.group(3)))
        };
    }

    static void kill(long pid) throws Exception {
        new ProcessBuilder("kill", "-9", Long.toString(pid)).start().waitFor();
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("after " + PATIENCE.toSeconds() + " s still not: " + what);
            }
            Thread.sleep(5);
        }
    }
}
