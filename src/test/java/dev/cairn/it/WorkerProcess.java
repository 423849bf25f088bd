package dev.cairn.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The real jar in a JVM of its own, as a user starts it. Closing it leaves no process behind. */
final class WorkerProcess implements AutoCloseable {
    static final Path JAR = Path.of(System.getProperty("cairn.jar", "target/cairn.jar"));
    private static final String JAVA = System.getProperty(
            "cairn.it.java",
            Path.of(System.getProperty("java.home"), "bin", "java").toString());
    private static final long DEADLINE_S = 60;

    private final Process process;
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final Thread errorReader;
    private final Thread outputReader;

    private WorkerProcess(Process process) {
        this.process = process;
        errorReader = reader(
                "it-stderr",
                () -> lines(process.errorReader(), line -> {
                    synchronized (errors) {
                        errors.add(line);
                        errors.notifyAll();
                    }
                }));
        outputReader = reader("it-stdout", () -> {
            lines(new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)), line -> {
                output.add(line);
                if (line.startsWith("cairn ready ")) {
                    ready.complete(line);
                }
            });
            ready.completeExceptionally(new IOException("ended before it was ready"));
        });
    }

    /** Starts the jar with these arguments; does not wait. */
    static WorkerProcess launch(Path dataDir, Map<String, String> environment, List<String> arguments)
            throws IOException {
        return launch(dataDir, environment, List.of(), arguments);
    }

    static WorkerProcess launch(
            Path dataDir, Map<String, String> environment, List<String> jvmOptions, List<String> arguments)
            throws IOException {
        List<String> what = new ArrayList<>(jvmOptions);
        what.addAll(List.of("-jar", JAR.toAbsolutePath().toString()));
        what.addAll(arguments);
        return java(dataDir, environment, what);
    }

    /** Starts a class of this class path, as a user does who adds a jar to the worker's. */
    static WorkerProcess launchMain(Path dataDir, Map<String, String> environment, String classPath, String main)
            throws IOException {
        return java(dataDir, environment, List.of("-cp", classPath, main));
    }

    private static WorkerProcess java(Path dataDir, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA, "-Xmx512m"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(dataDir.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("CAIRN_"));
        builder.environment().put("CAIRN_DATA_DIR", dataDir.toString());
        builder.environment().put("CAIRN_PORT", "0");
        // Whoever tests vectors says so; all others need not load a model.
        builder.environment().put("CAIRN_VECTOR_MODE", "off");
        builder.environment().putAll(environment);
        return new WorkerProcess(builder.start());
    }

    /** Starts a worker on a free port and waits until it is ready. */
    static WorkerProcess start(Path dataDir, String... arguments) throws Exception {
        WorkerProcess worker = launch(dataDir, Map.of(), List.of(arguments));
        worker.awaitReady();
        return worker;
    }

    String awaitReady() throws Exception {
        try {
            return ready.get(DEADLINE_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("not ready; standard error:\n" + String.join("\n", errors), e);
        }
    }

    /** Waits for a line on standard error with this text. */
    void awaitError(String text) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        synchronized (errors) {
            while (errors.stream().noneMatch(line -> line.contains(text))) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("no line with '" + text + "'; standard error:\n" + errors);
                }
                errors.wait(1_000);
            }
        }
    }

    /** Where it listens, from the ready line. */
    String url() throws Exception {
        return awaitReady().split(" ", -1)[2];
    }

    long pid() {
        return process.pid();
    }

    List<String> errors() {
        return List.copyOf(errors);
    }

    List<String> output() {
        return List.copyOf(output);
    }

    Api api() throws Exception {
        return new Api(url());
    }

    /** SIGTERM. */
    void terminate() {
        // By its handle: Process.destroy() would close the streams, and with them what it says last.
        process.toHandle().destroy();
    }

    /** A signal by its name, such as INT. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** SIGKILL. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Waits for its end, all output read, and gives its exit code. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
            throw new AssertionError("still running; standard error:\n" + String.join("\n", errors));
        }
        errorReader.join(TimeUnit.SECONDS.toMillis(DEADLINE_S));
        outputReader.join(TimeUnit.SECONDS.toMillis(DEADLINE_S));
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        awaitExit();
    }

    private interface Line {
        void take(String line);
    }

    private static void lines(BufferedReader reader, Line sink) {
        try (reader) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                sink.take(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Thread reader(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    static boolean jarIsBuilt() {
        return Files.exists(JAR);
    }
}
