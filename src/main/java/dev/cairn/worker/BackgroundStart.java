package dev.cairn.worker;

import dev.cairn.cli.WorkerStarter;
import dev.cairn.config.CairnConfig;
import dev.cairn.model.CairnException;
import dev.cairn.process.DetachedWorker;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Starts this very jar as a worker in the background, with the same JVM. */
final class BackgroundStart implements WorkerStarter {
    private static final int FAILED = 1;
    private static final String SIMD = "jdk.incubator.vector";

    /**
     * As in the units of {@code deploy}: the small heap needs no concurrent collector, and begins as small as it may, as what it was once given
     * stays resident; the second compiler waits four times as long
     * as it would for itself, or it takes a third of the start for code that runs once.
     */
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xms48m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:Tier4InvocationThreshold=20000",
            "-XX:Tier4MinInvocationThreshold=2400",
            "-XX:Tier4CompileThreshold=60000",
            "-XX:Tier4BackEdgeThreshold=160000");

    @Override
    public int start(CairnConfig config, List<String> arguments, long timeoutMs) {
        try {
            DataDirectory.prepare(config.dataDir());
            Path errors = config.dataDir().resolve("logs").resolve("start.log");
            Files.deleteIfExists(errors);
            String jar = System.getProperty("java.class.path");
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(FLAGS);
            // Vectors are compared with it five times as fast; a runtime that was cut down has no such module.
            if (ModuleFinder.ofSystem().find(SIMD).isPresent()) {
                command.add("--add-modules=" + SIMD);
            }
            command.addAll(ClassArchive.options(config.dataDir(), jar));
            command.addAll(List.of("-Dcairn.log.console=off", "-cp", jar, Main.class.getName()));
            command.addAll(arguments);
            DetachedWorker.Outcome outcome = DetachedWorker.start(command, errors, timeoutMs);
            Integer exitCode = outcome.exitCode();
            if (exitCode == null) {
                return 0;
            }
            System.err.print(Files.readString(errors));
            return exitCode == 0 ? FAILED : exitCode;
        } catch (CairnException e) {
            System.err.println("cairn: " + e.getMessage());
        } catch (IOException e) {
            System.err.println("cairn: the worker could not be started: " + e);
        } catch (TimeoutException e) {
            System.err.println("cairn: the worker was not ready within " + timeoutMs / 1000 + " s; see "
                    + config.dataDir().resolve("logs"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return FAILED;
    }
}
