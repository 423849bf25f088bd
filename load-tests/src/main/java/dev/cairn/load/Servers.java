package dev.cairn.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The worker and its peer, each in a JVM of its own. Closing ends both and removes the data. */
final class Servers implements AutoCloseable {
    private static final int EVENT_LOOPS = 2;

    /** What {@code cairn start} gives the worker. */
    private static final List<String> WORKER_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xms48m",
            "--add-modules=jdk.incubator.vector",
            "-XX:Tier4InvocationThreshold=20000",
            "-XX:Tier4MinInvocationThreshold=2400",
            "-XX:Tier4CompileThreshold=60000",
            "-XX:Tier4BackEdgeThreshold=160000");

    final int workerPort;
    final int peerPort;
    private final Path jar;
    private final Path data;
    private final Map<String, String> environment;
    private final List<Process> processes = new ArrayList<>();
    private Process worker;

    /** A worker that searches by words alone. */
    Servers(Path jar) throws IOException {
        this(jar, Map.of("CAIRN_VECTOR_MODE", "off"));
    }

    /** @param environment of the worker, beside its port and its directory */
    Servers(Path jar, Map<String, String> environment) throws IOException {
        this.jar = jar;
        this.environment = environment;
        data = Files.createTempDirectory("cairn-load");
        workerPort = freePort();
        peerPort = freePort();
        startWorker();
        start(
                "peer ready",
                new HashMap<>(),
                List.of(
                        "-cp",
                        classPath(),
                        Peer.class.getName(),
                        String.valueOf(peerPort),
                        String.valueOf(EVENT_LOOPS)));
    }

    void startWorker() throws IOException {
        startWorker(environment);
    }

    /** @param environment instead of the one it was first started with */
    void startWorker(Map<String, String> environment) throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.put("CAIRN_DATA_DIR", data.toString());
        all.put("CAIRN_PORT", String.valueOf(workerPort));
        worker = start("cairn ready", all, List.of("-jar", jar.toString()));
    }

    void endWorker() throws InterruptedException {
        worker.destroy();
        if (!worker.waitFor(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the worker does not end");
        }
    }

    Path database() {
        return data.resolve("cairn.db");
    }

    long workerCpuNanos() {
        return worker.info().totalCpuDuration().orElseThrow().toNanos();
    }

    /** Of the worker; 0 where the system does not tell. */
    long residentMegabytes() throws IOException {
        Path status = Path.of("/proc", String.valueOf(worker.pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .sum();
        }
    }

    /** Under Maven's exec:java the classes come from its class loader, not from the JVM's class path. */
    static String classPath() {
        if (Peer.class.getClassLoader() instanceof java.net.URLClassLoader loader) {
            return Stream.of(loader.getURLs())
                    .map(url -> Path.of(java.net.URI.create(url.toString())).toString())
                    .reduce((a, b) -> a + java.io.File.pathSeparator + b)
                    .orElseThrow();
        }
        return System.getProperty("java.class.path");
    }

    private Process start(String readyPrefix, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g"));
        if (arguments.contains("-jar")) {
            command.addAll(WORKER_FLAGS);
            environment.putIfAbsent("MALLOC_ARENA_MAX", "2");
            // Such as -XX:StartFlightRecording=filename=worker.jfr, to see where the time goes.
            String options = System.getProperty("cairn.load.jvm", "");
            command.addAll(options.isEmpty() ? List.of() : List.of(options.split(" ", -1)));
        }
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        while (line != null && !line.startsWith(readyPrefix)) {
            line = output.readLine();
        }
        if (line == null) {
            close();
            throw new IOException("did not start: " + command);
        }
        return process;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        for (Process process : processes) {
            process.destroy();
        }
        for (Process process : processes) {
            try {
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
