package dev.cairn.vector.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In JVMs of their own: a library can be loaded once, and what a killed one leaves is looked at. */
@Timeout(60)
class OnnxLibraryTest {
    @TempDir
    Path cache;

    @TempDir
    Path temporary;

    private Process start(String... options) throws IOException {
        return start(List.of(options));
    }

    private Process start(List<String> options, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-Djava.io.tmpdir=" + temporary));
        command.addAll(options);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), EmbedderMain.class.getName(), cache.toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The line with its state, among those of the log. */
    private static String state(Process process) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains("|")) {
                return line;
            }
        }
        return "ended";
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private static List<String> names(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.map(file -> directory.relativize(file).toString())
                    .filter(name -> name.contains("onnx"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void leavesNothingInTheTemporaryDirectoryWhenKilled() throws Exception {
        Process process = start();
        assertThat(state(process)).isEqualTo("up|384 numbers");
        kill(process);

        assertThat(names(temporary)).isEmpty();
        assertThat(names(cache)).contains("models/bge-small-en-v1.5-q.onnx").hasSize(4);
        for (String name : names(cache)) {
            Path path = cache.resolve(name);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .endsWith("------");
        }
    }

    @Test
    void saysWhyThereIsNoLibrary() throws Exception {
        Files.writeString(temporary.resolve("libonnxruntime.so"), "of another machine");
        Process broken = start("-Donnxruntime.native.path=" + temporary);
        assertThat(state(broken))
                .startsWith("failed: ONNX Runtime's native library cannot be loaded: ")
                .contains("libonnxruntime.so");
        kill(broken);

        Process unknown = start("-Dos.arch=riscv64");
        assertThat(state(unknown))
                .startsWith("failed: ")
                .contains("there is none for linux-riscv64; one of your own can be named by -Donnxruntime.native.path");
        kill(unknown);
    }

    @Test
    void aModelIsLoadedAndUsedWhileTheJvmEnds() throws Exception {
        Process process = start(List.of("-XX:ErrorFile=" + temporary.resolve("crash.log")), "go on");
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.lines().filter(line -> line.contains("|")))
                    .containsExactly(
                            "up|384 numbers",
                            "during the end|384 numbers",
                            "during the end|384 numbers",
                            "during the end|384 numbers");
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("not a crash").isEqualTo(7);
    }
}
