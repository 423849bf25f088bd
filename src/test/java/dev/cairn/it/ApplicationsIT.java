package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Applications in JVMs of their own: one with a worker inside, one that talks to a worker over the cluster. */
class ApplicationsIT {
    private static final List<String> WHAT_A_VISIT_SAYS = List.of(
            "recorded 2",
            "heard of Paint the crane",
            "saved 1",
            "found The harbour crane needs two keys",
            "in full 1",
            "forgot 1",
            "done");

    @TempDir
    Path dir;

    private Tools.Run example(String name, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dhazelcast.logging.type=none",
                "-cp",
                WorkerProcess.JAR.toAbsolutePath()
                        + File.pathSeparator
                        + Path.of("target", "test-classes").toAbsolutePath(),
                "dev.cairn.example." + name));
        command.addAll(List.of(arguments));
        return Tools.run(dir, Map.of(), command);
    }

    @Test
    void anApplicationWithAWorkerInside() throws Exception {
        Path data = dir.resolve("data");
        Tools.Run run = example("EmbeddedWorkerApp", data.toString());
        assertThat(run.output().lines()).containsSubsequence(WHAT_A_VISIT_SAYS);
        assertThat(run.exitCode()).isZero();
        assertThat(data.resolve("cairn.db")).exists();
    }

    @Test
    @DisplayName("a client in a second JVM of the cluster records, searches and hears events; all of it on loopback")
    void aClientOverTheCluster() throws Exception {
        Path data = Files.createDirectory(dir.resolve("data"));
        try (WorkerProcess worker = WorkerProcess.start(data, "-cluster")) {
            Tools.Run run = example("ClusterClientApp");
            assertThat(run.output().lines()).containsSubsequence(WHAT_A_VISIT_SAYS);
            assertThat(run.exitCode()).isZero();
            assertThat(worker.api().get("/api/stats").json().path("summaries").asInt())
                    .isEqualTo(1);
            assertThat(worker.errors()).noneMatch(line -> line.contains("WARN") || line.contains("ERROR"));
            if (Files.isDirectory(Path.of("/proc/self/fd"))) {
                assertThat(listening(worker.pid()))
                        .as("HTTP, the bus and the cluster")
                        .hasSizeGreaterThanOrEqualTo(3)
                        .allMatch(address -> address.endsWith("0100007F"));
            }
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
        }
    }

    /** The local addresses a process listens on, as the kernel writes them: the last four bytes backwards. */
    private static Set<String> listening(long pid) throws IOException {
        Set<String> inodes;
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            inodes = descriptors
                    .map(ApplicationsIT::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.substring("socket:[".length(), target.length() - 1))
                    .collect(Collectors.toSet());
        }
        Set<String> addresses = new TreeSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/net/" + table))) {
                String[] cells = line.strip().split("\\s+", -1);
                if (cells.length > 9 && cells[3].equals("0A") && inodes.contains(cells[9])) {
                    // The port keeps listeners of one address apart.
                    addresses.add(cells[1].split(":", -1)[1] + " " + cells[1].split(":", -1)[0]);
                }
            }
        }
        return addresses;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            // Closed since it was listed.
            return "";
        }
    }
}
