package dev.cairn.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link TreeHost} in a JVM of its own, and what it printed. */
final class HostJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private HostJvm(Process process) {
        this.process = process;
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static HostJvm start(Path dir, String cgroup, String ownership, String mark, String trees, String action)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty(
                        "cairn.it.java",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null",
                "-cp",
                System.getProperty("java.class.path"),
                TreeHost.class.getName(),
                dir.toString(),
                ownership,
                trees));
        if (!action.isEmpty()) {
            command.add(action);
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(Files.createTempFile(dir, "host", ".log").toFile());
        builder.environment().put("MARK", mark);
        builder.environment().put("CGROUP", cgroup);
        return new HostJvm(builder.start());
    }

    String await(String prefix) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(prefix)) {
                return line.substring(prefix.length()).strip();
            }
        }
        throw new IOException("the host ended before it said " + prefix);
    }

    void signal(String name) throws Exception {
        TestSupervisor.signal(name, process.pid());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void awaitExit() throws Exception {
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
