import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Measures one of two workers, Cairn or the worker of claude-mem, inside namespaces of its own: {@code load-tests/peer/compare} runs it.
 *
 * <pre>{@code java -cp CLASSES:target/cairn.jar Peer PART cairn|claude-mem DIRECTORY RESULTS}</pre>
 *
 * <p>PART is {@code processes} or {@code speed}. DIRECTORY keeps the worker's home and data; RESULTS is a file that lines {@code KEY VALUE} are
 * appended to. Every process that can be seen is counted, but for the first of the namespace and this program: nothing else may run there.
 * The environment says the rest: {@code PEER_REPOSITORY}, {@code PEER_INSTALLED}, {@code PEER_PLUGIN}, {@code PEER_PYTHON}.
 */
public final class Peer {
    static final ObjectMapper JSON = new ObjectMapper();
    static final int MODEL_PORT = 4010;
    private static final int HOOKS = 10;
    private static final int KILLS = Integer.getInteger("peer.kills", 3);
    private static final double SECONDS = 3;
    private static final int WAITING = 20;
    private static final Queue<String> QUESTIONS = new ConcurrentLinkedQueue<>();

    private final Worker worker;
    private final Path directory;
    private final Path results;

    private Peer(Worker worker, Path directory, Path results) {
        this.worker = worker;
        this.directory = directory;
        this.results = results;
    }

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[2]);
        Files.createDirectories(directory);
        Worker worker = args[1].equals("cairn") ? new CairnWorker(directory) : new ClaudeMemWorker(directory);
        Peer peer = new Peer(worker, directory, Path.of(args[3]));
        HttpServer model = silentModel();
        endWith(Path.of(args[3]).getParent());
        try {
            switch (args[0]) {
                case "processes" -> peer.processes();
                case "speed" -> peer.speed();
                default -> throw new IllegalArgumentException("no such part: " + args[0]);
            }
        } finally {
            worker.stop();
            model.stop(0);
        }
        System.exit(0);
    }

    /** The command that asked for this removes its directory when it ends, however that is: then all of this namespace ends too. */
    private static void endWith(Path asked) {
        Thread watch = new Thread(() -> {
            while (Files.exists(asked)) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            }
            Runtime.getRuntime().halt(1);
        });
        watch.setDaemon(true);
        watch.start();
    }

    /**
     * A model that takes every question and answers none, as one does that thinks for long: what its worker has to wait for is recorded, and
     * nothing that depends on a model's speed is measured.
     */
    private static HttpServer silentModel() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), MODEL_PORT), 64);
        server.createContext(
                "/",
                exchange -> QUESTIONS.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
        return server;
    }

    // --- Processes

    private void processes() throws Exception {
        if (worker instanceof CairnWorker cairn) {
            cairn.environment.put("CAIRN_VECTOR_MODE", "embedded");
            worker.start();
            work();
            atRest("default");
            worker.stop();
            cairn.environment.put("CAIRN_VECTOR_MODE", "chroma-mcp");
        }
        worker.start();
        work();
        int before = atRest("chroma");

        Commands.kill(worker.pid());
        Thread.sleep(10_000);
        result("left.kill", left("after kill -9"));

        worker.start();
        useChroma("after the kill");
        Thread.sleep(2_000);
        result("more.after.kill.and.start", left("after the start that follows") - before);

        for (int i = 1; i <= 5; i++) {
            worker.restart();
            useChroma("restart " + i);
        }
        Thread.sleep(10_000);
        result("more.after.restarts", left("after 5 restarts") - before);

        worker.stop();
        Thread.sleep(10_000);
        result("left.stop", left("after its stop command"));
        killWhileTheModelThinks();
    }

    /** Tool uses wait for a model; the worker is killed, and started again, and the session goes on. How many of them still wait? */
    private void killWhileTheModelThinks() throws Exception {
        worker.askModel();
        worker.start();
        worker.host();
        try (Wire wire = new Wire(worker.port())) {
            for (int i = 0; i < WAITING; i++) {
                wire.exchange(worker.toolUse(wire, "rest", 1_000 + i));
            }
        }
        Commands.await("all wait", () -> worker.waiting() >= WAITING);
        Commands.kill(worker.pid());
        worker.start();
        QUESTIONS.clear();
        long waiting = worker.waiting();
        try (Wire wire = new Wire(worker.port())) {
            wire.exchange(worker.toolUse(wire, "rest", 2_000));
            wire.exchange(worker.endOfTurn(wire, "rest"));
        }
        Thread.sleep(8_000);
        long asked = IntStream.range(1_000, 1_000 + WAITING)
                .filter(i -> QUESTIONS.stream().anyMatch(question -> question.contains("return mm; // " + i)))
                .count();
        result("waiting.of", WAITING);
        result("waiting.after.kill", Math.min(WAITING, Math.max(waiting, worker.waiting() - 2)));
        System.err.println(worker.name() + ": asked about after the start: " + asked);
    }

    /** Twenty tool uses as the host tells them, then a memory, which needs the vectors. */
    private void work() throws Exception {
        worker.host();
        for (int i = 0; i < 20; i++) {
            worker.toolHook("rest", i);
        }
        useChroma("at rest");
    }

    private void useChroma(String when) throws Exception {
        String text = "The rain gauge " + when + " retries with backoff when the sensor is busy";
        try (Wire wire = new Wire(worker.port())) {
            wire.exchange(wire.post(
                    "/api/memory/save",
                    JSON.writeValueAsString(Map.of("text", text, "title", "gauge " + when, "project", "larkspur"))));
        }
        if (worker.usesChroma()) {
            Commands.await("Chroma runs", () -> Running.all().stream().anyMatch(p -> p.command.contains("chroma-mcp --client-type")));
        }
    }

    private int atRest(String mode) throws Exception {
        settle();
        List<Running> all = Running.all();
        say(mode + " at rest", all);
        result("rest." + mode + ".processes", all.size());
        result("rest." + mode + ".mb", all.stream().mapToDouble(p -> p.megabytes).sum());
        return all.size();
    }

    private int left(String when) throws IOException {
        List<Running> all = Running.all();
        say(when, all);
        return all.size();
    }

    private void say(String when, List<Running> all) {
        System.err.println(worker.name() + ": " + when + ": " + all.size());
        all.forEach(p -> System.err.printf(
                Locale.ROOT, "    %d %.0f MB %s%n", p.pid, p.megabytes, p.command.substring(0, Math.min(150, p.command.length()))));
    }

    // --- Speed

    private void speed() throws Exception {
        result("start.first.ms", worker.start());
        worker.stop();
        for (int i = 0; i < 2; i++) {
            result("start.ms", worker.start());
            worker.stop();
        }
        if (worker instanceof CairnWorker cairn) {
            result("start.jar.ms", cairn.startJar());
            worker.stop();
        }
        worker.start();
        worker.host();
        warm();
        hooks("tool", i -> worker.toolHook("hooks", i));
        hooks("prompt", worker::promptHook);
        ingest(1);
        ingest(16);
        for (int i = 0; i < KILLS; i++) {
            killInMidLoad(i);
        }
        worker.stop();
        searches();
    }

    private void warm() throws Exception {
        try (Wire wire = new Wire(worker.port())) {
            wire.exchange(worker.beginSession(wire, "warm"));
            for (int i = 0; i < 500; i++) {
                wire.exchange(worker.toolUse(wire, "warm", i));
            }
        }
        for (int i = 0; i < 2; i++) {
            worker.toolHook("warm-hook", i);
            worker.promptHook(-1 - i);
        }
        settle();
    }

    /** Waits until the worker and its children have nothing more to do: less than 5 % of a processor for a second; 20 s at most. */
    private static void settle() throws Exception {
        double before = Running.cpuMillis();
        for (int i = 0; i < 20; i++) {
            Thread.sleep(1_000);
            double now = Running.cpuMillis();
            if (now - before < 50) {
                return;
            }
            before = now;
        }
    }

    private interface Hook {
        double[] run(int i) throws Exception;
    }

    /** Wall time of each hook, and processor time per hook: the hook's own and its children's, and the worker's. */
    private void hooks(String name, Hook hook) throws Exception {
        int count = worker.httpHooks() && name.equals("tool") ? 10 * HOOKS : HOOKS;
        settle();
        double[] wall = new double[count];
        double own = 0;
        double before = Running.cpuMillis();
        for (int i = 0; i < count; i++) {
            double[] times = hook.run(i);
            wall[i] = times[0];
            own += times[1];
        }
        result("hook." + name + ".p50.ms", percentile(wall, 50));
        result("hook." + name + ".p95.ms", percentile(wall, 95));
        result("hook." + name + ".cpu.ms", own / count);
        result("hook." + name + ".cpu.worker.ms", (Running.cpuMillis() - before) / count);
    }

    /** As a host does; what the worker does with the prompts in the background is waited for. */
    private void beginSessions(int connections, String session) throws Exception {
        try (Wire wire = new Wire(worker.port())) {
            for (int client = 0; client < connections; client++) {
                wire.exchange(worker.beginSession(wire, session + "-" + client));
            }
        }
        settle();
    }

    private void ingest(int connections) throws Exception {
        String session = "ingest" + connections;
        beginSessions(connections, session);
        double cpu = Running.cpuMillis();
        Load load = new Load(connections, session);
        long begin = System.nanoTime();
        Thread.sleep((long) (SECONDS * 1_000));
        load.running = false;
        load.join();
        double seconds = (System.nanoTime() - begin) / 1e9;
        double[] micros = load.micros.stream().mapToDouble(Long::doubleValue).toArray();
        String key = "ingest." + connections;
        result(key + ".rate", micros.length / seconds);
        result(key + ".cpu.ms", (Running.cpuMillis() - cpu) / micros.length);
        result(key + ".p50.ms", percentile(micros, 50) / 1_000);
        result(key + ".p99.ms", percentile(micros, 99) / 1_000);
        if (load.failure != null) {
            throw load.failure;
        }
    }

    /** Kills the worker while 8 connections are served, and looks for every tool use that it had answered with 2xx. */
    private void killInMidLoad(int number) throws Exception {
        String session = "kill" + number;
        beginSessions(8, session);
        Load load = new Load(8, session);
        Thread.sleep(500 + 300L * number);
        Commands.await("some are answered", () -> load.acknowledged.size() >= 100);
        Commands.kill(worker.pid());
        load.join();
        Thread.sleep(200);
        Set<String> kept = new HashSet<>();
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + worker.database());
                PreparedStatement select = database.prepareStatement(
                        "SELECT tool_use_id FROM " + worker.toolUseTable() + " WHERE tool_use_id LIKE ?")) {
            select.setString(1, load.session + "-%");
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                kept.add(rows.getString(1));
            }
        }
        result("kill.acknowledged", load.acknowledged.size());
        result("kill.lost", load.acknowledged.stream().filter(id -> !kept.contains(id)).count());
        worker.start();
    }

    private final class Load {
        final String session;
        final Queue<Long> micros = new ConcurrentLinkedQueue<>();
        final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
        volatile boolean running = true;
        volatile Exception failure;
        private final List<Future<?>> clients = new ArrayList<>();
        private final ExecutorService threads;

        Load(int connections, String session) {
            this.session = session;
            threads = Executors.newFixedThreadPool(connections);
            for (int client = 0; client < connections; client++) {
                int number = client;
                clients.add(threads.submit(() -> run(number)));
            }
        }

        private void run(int client) {
            try (Wire wire = new Wire(worker.port())) {
                for (int i = 0; running; i++) {
                    byte[] request = worker.toolUse(wire, session + "-" + client, i);
                    long begin = System.nanoTime();
                    wire.exchange(request);
                    micros.add((System.nanoTime() - begin) / 1_000);
                    acknowledged.add(session + "-" + client + "-" + i);
                }
            } catch (Exception e) {
                failure = e;
            }
        }

        void join() throws Exception {
            for (Future<?> client : clients) {
                client.get(30, TimeUnit.SECONDS);
            }
            threads.shutdown();
        }
    }

    /** The same memories on both sides: written into a database of claude-mem's own making, and imported from there. */
    private void searches() throws Exception {
        Worker searched = worker.forSearches(directory.resolveSibling("memories"));
        try {
            searched.start();
            search(searched, "one", query -> !query.contains(" "));
            search(searched, "more", query -> query.contains(" "));
        } finally {
            searched.stop();
        }
    }

    /** @param which of the fifty queries; the first round over them warms up and is not counted */
    private void search(Worker searched, String name, Predicate<String> which) throws Exception {
        List<String> queries = Words.queries().stream().filter(which).toList();
        int found = 0;
        try (Wire wire = new Wire(searched.port())) {
            for (String query : queries) {
                found += hits(wire.exchange(wire.get(search(query)))) > 0 ? 1 : 0;
            }
            double[] millis = new double[queries.size() * 10];
            for (int i = 0; i < millis.length; i++) {
                byte[] request = wire.get(search(queries.get(i % queries.size())));
                long begin = System.nanoTime();
                wire.exchange(request);
                millis[i] = (System.nanoTime() - begin) / 1e6;
            }
            result("search." + name + ".p50.ms", percentile(millis, 50));
            result("search." + name + ".p99.ms", percentile(millis, 99));
            result("search." + name + ".found", found);
            result("search." + name + ".of", queries.size());
        }
    }

    private static String search(String query) {
        return "/api/search?limit=20&query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
    }

    private static int hits(String answer) {
        Matcher found = Pattern.compile("#\\d+ ").matcher(answer);
        int count = 0;
        while (found.find()) {
            count++;
        }
        return count;
    }

    private static double percentile(double[] values, int percent) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(percent / 100.0 * sorted.length) - 1)];
    }

    private void result(String key, double value) throws IOException {
        String line = String.format(Locale.ROOT, "%s %.3f%n", key, value);
        Files.writeString(results, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        System.err.print(worker.name() + ": " + line);
    }

}
