package dev.cairn.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Starts a worker in the background, on purpose to outlive the command that starts it: the worker is nobody's child to be
 * cleaned up, its life is guarded by its own instance lock.
 */
public final class DetachedWorker {
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    /**
     * glibc gives threads pools of memory of their own, 8 a processor, and each keeps what its thread once needed: with two, a worker
     * with the embedding model was measured to stay 25 to 50 MB smaller, and no slower. Other C libraries ignore it.
     */
    private static final String ARENAS = "MALLOC_ARENA_MAX";

    private static final String FEW_ARENAS = "2";

    /**
     * What became of a start.
     *
     * @param readyLine the worker's ready line; null when it ended before it was ready
     * @param exitCode what it ended with; null while it runs
     */
    public record Outcome(
            @Nullable String readyLine, @Nullable Integer exitCode) {}

    private DetachedWorker() {}

    /**
     * Starts the worker and waits for its ready line. Blocks.
     *
     * @param command the JVM and its arguments
     * @param errors where the worker's standard error is appended to
     * @param timeoutMs how long to wait for the ready line, in milliseconds
     * @throws TimeoutException when the worker is neither ready nor gone by then; it is ended first
     */
    public static Outcome start(List<String> command, Path errors, long timeoutMs)
            throws IOException, InterruptedException, TimeoutException {
        List<String> argv = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            // A session of its own, so that closing the terminal does not end the worker.
            argv.add(SETSID.toString());
        }
        argv.addAll(command);
        File errorFile = errors.toFile();
        ProcessBuilder builder = new ProcessBuilder(argv);
        builder.environment().putIfAbsent(ARENAS, FEW_ARENAS);
        Process process = builder.redirectInput(ProcessBuilder.Redirect.from(new File(nullDevice())))
                .redirectError(ProcessBuilder.Redirect.appendTo(errorFile))
                .start();
        CompletableFuture<@Nullable String> ready = new CompletableFuture<>();
        Thread reader = new Thread(() -> readReadyLine(process, ready), "cairn-ready-line");
        reader.setDaemon(true);
        reader.start();
        try {
            String line = ready.get(timeoutMs, TimeUnit.MILLISECONDS);
            return line != null ? new Outcome(line, null) : new Outcome(null, process.waitFor());
        } catch (ExecutionException e) {
            process.destroyForcibly().waitFor();
            throw new IOException("The worker's output was not readable", e.getCause());
        } catch (TimeoutException e) {
            process.destroyForcibly().waitFor();
            throw e;
        }
    }

    private static void readReadyLine(Process process, CompletableFuture<@Nullable String> ready) {
        try {
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = output.readLine();
            while (line != null && !line.startsWith("cairn ready ")) {
                line = output.readLine();
            }
            ready.complete(line);
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    private static String nullDevice() {
        return File.separatorChar == '\\' ? "NUL" : "/dev/null";
    }
}
