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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The worker and its peer, each in a JVM of its own. Closing ends both and removes the data. */
final class Servers implements AutoCloseable {
    private static final int EVENT_LOOPS = 2;

    final int workerPort;
    final int peerPort;
    private final Path data;
    private final List<Process> processes = new ArrayList<>();

    Servers(Path jar) throws IOException {
        data = Files.createTempDirectory("cairn-load");
        workerPort = freePort();
        peerPort = freePort();
        start(
                "cairn ready",
                Map.of("CAIRN_DATA_DIR", data.toString(), "CAIRN_PORT", String.valueOf(workerPort)),
                List.of("-jar", jar.toString()));
        start(
                "peer ready",
                Map.of(),
                List.of(
                        "-cp",
                        classPath(),
                        Peer.class.getName(),
                        String.valueOf(peerPort),
                        String.valueOf(EVENT_LOOPS)));
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

    private void start(String readyPrefix, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g"));
        if (arguments.contains("-jar")) {
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
