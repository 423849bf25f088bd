package dev.cairn.load;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * How long starts take: the worker beside a hello-world Vert.x server, a command beside a hello-world class, each with the same
 * flags and with its own archive of loaded classes, in turn, so that both meet the same machine.
 */
final class Starts {
    private static final int ROUNDS = 15;
    private static final List<String> COMMAND_FLAGS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xlog:disable");
    /** What {@code cairn start} gives the worker. */
    static final List<String> WORKER_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xms48m",
            "-XX:+ExitOnOutOfMemoryError",
            "--add-modules=jdk.incubator.vector",
            "-XX:Tier4InvocationThreshold=20000",
            "-XX:Tier4MinInvocationThreshold=2400",
            "-XX:Tier4CompileThreshold=60000",
            "-XX:Tier4BackEdgeThreshold=160000",
            "-Xshare:auto",
            "-Xlog:disable");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Path dir;
    private final Path jar;
    private final List<String> peer;

    private Starts(Path dir, Path jar, String peerClassPath) throws IOException {
        this.dir = dir;
        this.jar = jar;
        // The JVM makes no archive with a directory in the class path.
        Path peerJar = dir.resolve("peer.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(peerJar))) {
            for (Class<?> type : List.of(Peer.class, Hello.class)) {
                String name = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new ZipEntry(name));
                try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
                    out.write(in.readAllBytes());
                }
            }
        }
        Stream<String> jars = Stream.of(peerClassPath.split(File.pathSeparator, -1)).filter(path -> path.endsWith(".jar"));
        this.peer = List.of(
                "-cp",
                Stream.concat(Stream.of(peerJar.toString()), jars).collect(Collectors.joining(File.pathSeparator)));
    }

    /** @return the goals that were missed */
    static List<String> measure(Path jar, String peerClassPath) throws Exception {
        Path dir = Files.createTempDirectory("cairn-start");
        try {
            return new Starts(dir, jar, peerClassPath).run();
        } finally {
            try (Stream<Path> files = Files.walk(dir)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private List<String> run() throws Exception {
        List<String> missed = new ArrayList<>();
        List<String> worker = List.of("-cp", jar.toString(), "dev.cairn.worker.Main");
        List<String> server = with(peer, Peer.class.getName(), "0", "2");
        ready(with(WORKER_FLAGS, "-XX:ArchiveClassesAtExit=" + dir.resolve("worker.jsa")), worker, "cairn ready");
        ready(with(WORKER_FLAGS, "-XX:ArchiveClassesAtExit=" + dir.resolve("peer.jsa")), server, "peer ready");
        double[] ours = new double[ROUNDS];
        double[] theirs = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            theirs[i] = ready(with(WORKER_FLAGS, "-XX:SharedArchiveFile=" + dir.resolve("peer.jsa")), server, "peer");
            ours[i] = ready(with(WORKER_FLAGS, "-XX:SharedArchiveFile=" + dir.resolve("worker.jsa")), worker, "cairn");
        }
        double goal = 1.2 * median(theirs) + 400;
        row(missed, "start to ready", median(ours), median(theirs), "≤ 1.2 × + 400 ms", median(ours) <= goal);
        commands(worker, missed);
        return missed;
    }

    private void commands(List<String> worker, List<String> missed) throws Exception {
        Process running = start(WORKER_FLAGS, worker);
        try {
            await(running, "cairn ready");
            List<String> hello = with(peer, Hello.class.getName());
            for (String command : List.of("status", "search nothing")) {
                List<String> ours = with(List.of("-jar", jar.toString()), command.split(" ", -1));
                Path archive = dir.resolve(command.charAt(0) + ".jsa");
                ended(with(COMMAND_FLAGS, "-XX:ArchiveClassesAtExit=" + archive), ours);
                double[] mine = new double[ROUNDS];
                double[] least = new double[ROUNDS];
                for (int i = 0; i < ROUNDS; i++) {
                    least[i] = ended(COMMAND_FLAGS, hello);
                    mine[i] = ended(with(COMMAND_FLAGS, "-XX:SharedArchiveFile=" + archive), ours);
                }
                boolean met = median(mine) <= median(least) + 150;
                row(missed, "cairn " + command, median(mine), median(least), "≤ hello + 150 ms", met);
            }
        } finally {
            end(running);
        }
    }

    private static void row(List<String> missed, String what, double ours, double peer, String goal, boolean met) {
        String figure = String.format(Locale.ROOT, "%.0f ms, hello world %.0f ms", ours, peer);
        System.out.println("| " + what + " | " + figure + " | " + goal + " |");
        if (!met) {
            missed.add(what + ": " + figure + ", goal " + goal);
        }
    }

    private double ready(List<String> flags, List<String> arguments, String prefix) throws Exception {
        long begin = System.nanoTime();
        Process process = start(flags, arguments);
        try {
            await(process, prefix);
            return (System.nanoTime() - begin) / 1e6;
        } finally {
            end(process);
        }
    }

    private double ended(List<String> flags, List<String> arguments) throws Exception {
        long begin = System.nanoTime();
        Process process = start(flags, arguments);
        process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException("failed: " + arguments);
        }
        return (System.nanoTime() - begin) / 1e6;
    }

    private Process start(List<String> flags, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(flags);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("CAIRN_DATA_DIR", dir.resolve("data").toString());
        builder.environment().put("CAIRN_PORT", "0");
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        return builder.start();
    }

    private static void await(Process process, String prefix) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(prefix)) {
                return;
            }
        }
        throw new IOException("ended before it was ready");
    }

    private static void end(Process process) throws InterruptedException {
        process.toHandle().destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    private static List<String> with(List<String> some, String... more) {
        return Stream.concat(some.stream(), Arrays.stream(more)).toList();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
