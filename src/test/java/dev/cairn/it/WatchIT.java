package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.InstanceFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/bin/cairn-watch}, as developers use it. */
class WatchIT {
    private static final Path SCRIPT = Path.of("deploy/bin/cairn-watch").toAbsolutePath();
    private static final long DEADLINE_S = 60;

    @TempDir
    Path dir;

    @Test
    void aNewJarRestartsTheWorkerAndHalfAJarDoesNot() throws Exception {
        Tools.require("inotifywait");
        Path data = Files.createDirectory(dir.resolve("data"));
        Path build = Files.createDirectory(dir.resolve("build"));
        Path jar = build.resolve("cairn.jar");
        ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("watch.log").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("CAIRN_"));
        builder.environment().put("CAIRN_JAR", jar.toString());
        builder.environment().put("CAIRN_DATA_DIR", data.toString());
        builder.environment().put("CAIRN_PORT", "0");
        builder.environment().put("CAIRN_VECTOR_MODE", "off");
        builder.environment()
                .put("TMPDIR", Files.createDirectory(dir.resolve("tmp")).toString());
        Process watch = builder.start();
        List<ProcessHandle> started;
        try {
            awaitLogged("waiting for");
            Files.copy(WorkerProcess.JAR, jar);
            InstanceFile first = awaitWorker(data, 0);

            // A build that is under way: half a jar, in place.
            byte[] whole = Files.readAllBytes(WorkerProcess.JAR);
            Files.write(jar, Arrays.copyOf(whole, whole.length / 2));
            // Then the whole one, with a comment of one character so that it is another.
            Path next = build.resolve("next.jar");
            byte[] commented = Arrays.copyOf(whole, whole.length + 1);
            commented[whole.length - 2] = 1;
            commented[whole.length] = 'x';
            Files.write(next, commented);
            Files.move(next, jar, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            InstanceFile second = awaitWorker(data, first.pid());
            assertThat(ProcessHandle.of(first.pid()).filter(ProcessHandle::isAlive))
                    .as("the one before")
                    .isEmpty();
            assertThat(new Api(second.url()).get("/health/ready").status()).isEqualTo(200);
            started = watch.descendants().toList();
            assertThat(started).hasSize(2);
        } finally {
            watch.toHandle().destroy();
            if (!watch.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
                watch.descendants().forEach(ProcessHandle::destroyForcibly);
                watch.destroyForcibly();
            }
        }
        for (ProcessHandle process : started) {
            process.onExit().get(DEADLINE_S, TimeUnit.SECONDS);
        }
        assertThat(watch.exitValue()).isZero();
        assertThat(InstanceFile.read(data)).as("it stopped, it was not killed").isEmpty();
        assertThat(dir.resolve("tmp")).as("its copies").isEmptyDirectory();
        assertThat(log().lines().filter(line -> line.contains("cairn-watch: starting")))
                .hasSize(2);
    }

    @Test
    void withoutInotifywaitItSaysWhatIsMissing() throws Exception {
        Path bin = Files.createDirectory(dir.resolve("bin"));
        for (String program : List.of("sh", "dirname")) {
            Files.createSymbolicLink(bin.resolve(program), Tools.require(program));
        }
        Tools.Run run = Tools.run(dir, Map.of("PATH", bin.toString()), List.of(SCRIPT.toString()));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).contains("inotify-tools");
    }

    private String log() throws Exception {
        return Files.readString(dir.resolve("watch.log"));
    }

    private void awaitLogged(String text) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (!log().contains(text)) {
            assertThat(System.nanoTime()).as(log()).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private InstanceFile awaitWorker(Path data, long otherThan) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (true) {
            var now = InstanceFile.read(data).filter(file -> file.pid() != otherThan);
            if (now.isPresent()) {
                return now.get();
            }
            assertThat(System.nanoTime()).as(log()).isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}
