package dev.cairn.load;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the model costs, in a JVM of its own with the worker's flags: throughput beside a loop of the bare runtime, and memory. The
 * measuring class is among the worker's tests, beside what it measures.
 */
final class Embedding {
    private static final String BENCHMARK = "dev.cairn.vector.embed.EmbeddingBenchmark";

    private Embedding() {}

    /** @return the goals that were missed */
    static List<String> measure(Path jar) throws IOException, InterruptedException {
        Path tests = jar.resolveSibling("test-classes");
        if (!Files.isDirectory(tests)) {
            throw new IllegalStateException("build the worker's tests first: mvn -DskipTests package");
        }
        Path cache = Files.createTempDirectory("cairn-embed");
        try {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(Starts.WORKER_FLAGS);
            command.addAll(List.of("-cp", tests + File.pathSeparator + jar, BENCHMARK, cache.toString()));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            List<String> missed = relay(process);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(BENCHMARK + " ended with " + process.exitValue());
            }
            return missed;
        } finally {
            remove(cache);
        }
    }

    private static List<String> relay(Process process) throws IOException {
        List<String> missed = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("MISSED: ")) {
                    missed.add(line.substring("MISSED: ".length()));
                } else if (line.startsWith("| ")) {
                    System.out.println(line);
                }
            }
        }
        return missed;
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
