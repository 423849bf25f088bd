package dev.cairn.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Programs of the machine that some tests need, and that not every machine has. */
final class Tools {
    private static final long DEADLINE_S = 180;

    /** How a program ended and what it said, both streams as they came. */
    record Run(int exitCode, String output) {}

    private Tools() {}

    /**
     * Where the program is. Without it the test is skipped, and says so; where {@code CI=true} promises that all is there it
     * fails instead.
     */
    static Path require(String program) {
        Optional<Path> found = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(":", -1))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
        requireThat(found.isPresent(), program + " is not installed");
        return found.orElseThrow();
    }

    static void requireThat(boolean given, String orElse) {
        if (!given && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(orElse + ", and CI=true skips nothing");
        }
        assumeTrue(given, orElse);
    }

    /** Runs a program to its end; its whole output is read from a file, which nothing it leaves behind can hold open. */
    static Run run(Path directory, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "run", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("CAIRN_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running: " + command + "\n" + Files.readString(output));
        }
        return new Run(process.exitValue(), new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
    }
}
