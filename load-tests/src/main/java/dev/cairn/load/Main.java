package dev.cairn.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Measures the worker against an empty Vert.x handler in one run, so that the figures are ratios on the same machine at the
 * same time. Prints a table; with {@code --check} ends with 1 when a goal is missed; with {@code --large} adds 100,000
 * memories; {@code --ingest} and {@code --reads} do one part alone, {@code --viewers} measures the live stream,
 * {@code --embed} the model, {@code --meaning} search by words and meaning, {@code --observers} what models are told, in tokens,
 * and nothing else.
 */
public final class Main {
    private static final int ROUNDS = 5;
    private static final double SECONDS = 4;
    /** A daemon is measured when its code is compiled: before that its figures are those of its first minute. */
    private static final double WARM_UP_SECONDS = 12;
    private static final String PROJECT = "load";

    private final Servers servers;
    private final Corpus corpus = new Corpus();
    private final AtomicInteger runs = new AtomicInteger();
    private final List<String> missed = new ArrayList<>();

    private Main(Servers servers) {
        this.servers = servers;
    }

    public static void main(String[] args) throws Exception {
        List<String> options = Arrays.asList(args);
        Path jar = Path.of(System.getProperty("cairn.jar", "../target/cairn.jar"));
        if (!Files.exists(jar)) {
            jar = Path.of("target/cairn.jar");
        }
        if (!Files.exists(jar)) {
            throw new IllegalStateException("build the worker first: mvn -DskipTests package");
        }
        System.out.println("| what | figure | goal |\n|---|---|---|");
        List<String> missed = new ArrayList<>();
        if (options.contains("--viewers")) {
            missed.addAll(measure(jar, Main::viewers));
            end(options, missed);
        }
        if (options.contains("--meaning")) {
            missed.addAll(Meaning.measure(jar.toAbsolutePath(), options.contains("--large")));
            end(options, missed);
        }
        if (options.contains("--observers")) {
            missed.addAll(Observers.measure(jar.toAbsolutePath().normalize()));
            end(options, missed);
        }
        if (options.contains("--start")) {
            missed.addAll(Starts.measure(jar.toAbsolutePath(), Servers.classPath()));
            end(options, missed);
        }
        if (options.contains("--embed")) {
            missed.addAll(Embedding.measure(jar.toAbsolutePath().normalize()));
            end(options, missed);
        }
        if (!options.contains("--reads")) {
            missed.addAll(measure(jar, Main::ingest));
        }
        if (!options.contains("--ingest")) {
            missed.addAll(measure(jar, main -> main.reads(options.contains("--large"))));
        }
        end(options, missed);
    }

    private static void end(List<String> options, List<String> missed) {
        missed.forEach(goal -> System.out.println("MISSED: " + goal));
        System.exit(options.contains("--check") && !missed.isEmpty() ? 1 : 0);
    }

    private interface Part {
        void run(Main main) throws Exception;
    }

    /** Each part has a worker of its own: reads are measured over what they say, not over what ingest left to observe. */
    private static List<String> measure(Path jar, Part part) throws Exception {
        try (Servers servers = new Servers(jar.toAbsolutePath())) {
            Main main = new Main(servers);
            part.run(main);
            return main.missed;
        }
    }

    private void ingest() throws Exception {
        ingest(1);
        ingest(16);
        // Before the next: turns of its tens of thousands of uses would be observed within this one's time.
        ingestWithTurns();
        ingestAlone();
    }

    private void reads(boolean large) throws Exception {
        fill(10_000);
        reads("10,000");
        readsBesideIngest();
        if (large) {
            fill(90_000);
            reads("100,000");
        }
    }

    private void row(String what, String figure, String goal, boolean met) {
        System.out.println("| " + what + " | " + figure + " | " + goal + " |");
        if (!met) {
            missed.add(what + ": " + figure + ", goal " + goal);
        }
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    // ---- ingest

    private byte[] hook(Connection connection, int run, int client, int i, String turn) {
        String id = run + "-" + client + "-" + i;
        String json = "{\"session_id\":\"load-" + client + "\",\"transcript_path\":\"/home/dev/.claude/x.jsonl\","
                + "\"cwd\":\"/home/dev/load\",\"prompt_id\":\"p-" + turn + "\","
                + "\"permission_mode\":\"acceptEdits\",\"hook_event_name\":\"PostToolUse\",\"tool_name\":\"Write\","
                + "\"tool_input\":{\"file_path\":\"/home/dev/load/src/File" + i % 100 + ".java\",\"content\":\""
                + "x".repeat(300) + "\"},\"tool_response\":{\"type\":\"create\",\"content\":\"" + "y".repeat(250)
                + "\",\"structuredPatch\":[]},\"tool_use_id\":\"toolu_" + id + "\",\"duration_ms\":5}";
        return connection.post("/hooks/PostToolUse", json);
    }

    private Load.Requests hooks(int usesPerTurn) {
        int run = runs.incrementAndGet();
        return (connection, client, i) ->
                hook(connection, run, client, i, run + "-" + client + "-" + i / usesPerTurn);
    }

    /** Turns that do not end by themselves: the first hooks of the next run end them, and they are observed beside it. */
    private Load.Requests hooks() {
        return hooks(Integer.MAX_VALUE);
    }

    /** Hooks of one turn for each client in all runs: nothing is observed beside them. */
    private Load.Requests hooksAlone() {
        int run = runs.incrementAndGet();
        return (connection, client, i) -> hook(connection, run, client, i, "alone-" + client);
    }

    private void ingestAlone() throws Exception {
        // Ends the turns of the rounds before and lets them be observed first.
        Load.closed(servers.workerPort, 16, 2 * SECONDS, hooksAlone());
        double[] ratios = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            Load.Result peer = Load.closed(servers.peerPort, 16, SECONDS, hooksAlone());
            ratios[round] = Load.closed(servers.workerPort, 16, SECONDS, hooksAlone()).rate() / peer.rate();
        }
        row(
                "hook ingest, 16 connections, while nothing is observed",
                format("%.3f of the empty handler's rate", median(ratios)),
                "stated",
                true);
    }

    /** With turns that end, so that observers work, and write, beside the hooks. */
    private void ingestWithTurns() throws Exception {
        Load.closed(servers.workerPort, 16, SECONDS, hooks(50));
        Load.Result peer = Load.closed(servers.peerPort, 16, SECONDS, hooks());
        Load.Result worker = Load.closed(servers.workerPort, 16, 2 * SECONDS, hooks(50));
        row(
                "hook ingest, 16 connections, a turn ends every 50 uses",
                format("%.3f of the empty handler's rate (%.0f/s)", worker.rate() / peer.rate(), worker.rate()),
                "stated",
                true);
    }

    private void ingest(int connections) throws Exception {
        Load.closed(servers.peerPort, connections, SECONDS, hooks());
        Load.closed(servers.workerPort, connections, WARM_UP_SECONDS, hooks());
        double[] ratios = new double[ROUNDS];
        Load.Result worker = null;
        Load.Result peer = null;
        for (int round = 0; round < ROUNDS; round++) {
            peer = Load.closed(servers.peerPort, connections, SECONDS, hooks());
            worker = Load.closed(servers.workerPort, connections, SECONDS, hooks());
            ratios[round] = worker.rate() / peer.rate();
        }
        double ratio = median(ratios);
        String rates = format(
                "%.3f of the empty handler's rate (last round %.0f/s of %.0f/s; p50 %.2f ms, p99 %.2f ms)",
                ratio,
                worker.rate(),
                peer.rate(),
                worker.micros(50) / 1000,
                worker.micros(99) / 1000);
        if (connections == 1) {
            row("hook ingest, 1 connection", rates, "p50 ≤ 0.5 ms", worker.micros(50) <= 500);
        } else {
            row("hook ingest, " + connections + " connections", rates, "≥ 0.12", ratio >= 0.12);
        }
    }

    // ---- live stream

    private void viewers() throws Exception {
        int count = 200;
        double perSecond = 50;
        double seconds = 20;
        Load.closed(servers.workerPort, 4, WARM_UP_SECONDS, hooks());
        double[] ratios = new double[3];
        double[] alone = new double[ratios.length];
        double[] beside = new double[ratios.length];
        long told = 0;
        long expected = 0;
        for (int round = 0; round < ratios.length; round++) {
            alone[round] = Load.paced(servers.workerPort, 4, perSecond, seconds, hooks()).micros(99) / 1000;
            try (Viewers viewers = new Viewers(servers.workerPort, count)) {
                Load.paced(servers.workerPort, 4, perSecond, 2, hooks());
                long before = viewers.events();
                Load.Result watched = Load.paced(servers.workerPort, 4, perSecond, seconds, hooks());
                beside[round] = watched.micros(99) / 1000;
                expected += count * watched.requests();
                // The last events are on their way when the last hook is answered.
                for (int i = 0; i < 200 && viewers.events() - before < count * watched.requests(); i++) {
                    Thread.sleep(10);
                }
                told += viewers.events() - before;
            }
            ratios[round] = beside[round] / alone[round];
        }
        double ratio = median(ratios);
        row(
                "hooks at 50/s beside 200 viewers",
                format("%.1f× their p99 alone (%.2f ms of %.2f ms)", ratio, median(beside), median(alone)),
                "≤ 2×",
                ratio <= 2);
        row(
                "events told to 200 viewers",
                format("%,d of %,d", told, expected),
                "all",
                told >= expected);
    }

    // ---- import

    private void fill(int count) throws Exception {
        int batch = 1_000;
        try (Connection connection = new Connection(servers.workerPort)) {
            List<byte[]> requests = new ArrayList<>();
            for (int i = 0; i < count; i += batch) {
                requests.add(connection.post("/api/memories", corpus.memories(batch, PROJECT)));
            }
            long begin = System.nanoTime();
            for (byte[] request : requests) {
                connection.exchange(request);
            }
            double rate = count / ((System.nanoTime() - begin) / 1e9);
            row(format("import of %,d memories", count), format("%.0f rows/s", rate), "≥ 5,000", rate >= 5_000);
        }
    }

    // ---- reads

    private void reads(String rows) throws Exception {
        compare("search of one word, " + rows, i -> search(1), 15, rows);
        compare("search of two words, " + rows, i -> search(2), 15, rows);
        compare("search of eight words, " + rows, i -> search(8), 40, rows);
        compare("context, " + rows, i -> "/api/context?project=" + PROJECT, 15, rows);
    }

    private String search(int words) {
        StringBuilder query = new StringBuilder("/api/search?limit=20&project=" + PROJECT + "&query=");
        for (int i = 0; i < words; i++) {
            query.append(i == 0 ? "" : "+").append(corpus.searched());
        }
        return query.toString();
    }

    /** Against {@code GET /health/live} of the same worker, in turn. */
    private void compare(String what, IntFunction<String> path, double goal, String rows) throws Exception {
        Load.Requests reading = (connection, client, i) -> connection.get(path.apply(i));
        Load.Requests live = (connection, client, i) -> connection.get("/health/live");
        Load.closed(servers.workerPort, 1, WARM_UP_SECONDS, reading);
        Load.closed(servers.workerPort, 1, 1, live);
        double[] ratios = new double[ROUNDS];
        double[] p50 = new double[ROUNDS];
        double[] p99 = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            Load.Result base = Load.closed(servers.workerPort, 1, 1, live);
            Load.Result result = Load.closed(servers.workerPort, 1, 2, reading);
            ratios[round] = result.micros(50) / base.micros(50);
            p50[round] = result.micros(50) / 1000;
            p99[round] = result.micros(99) / 1000;
        }
        double ratio = median(ratios);
        boolean stated = rows.equals("10,000");
        row(
                what,
                format("%.1f× live (p50 %.2f ms, p99 %.2f ms)", ratio, median(p50), median(p99)),
                stated ? format("≤ %.0f×", goal) : "stated",
                !stated || ratio <= goal);
    }

    private void readsBesideIngest() throws Exception {
        double perSecond = 200;
        double[] ratios = new double[3];
        String figures = "";
        for (int round = 0; round < ratios.length; round++) {
            Load.Result alone = Load.paced(servers.workerPort, 4, perSecond, 2 * SECONDS, hooks());
            Thread searching = new Thread(this::searchFor2Rounds);
            searching.start();
            Load.Result beside = Load.paced(servers.workerPort, 4, perSecond, 2 * SECONDS, hooks());
            searching.join();
            ratios[round] = beside.micros(99) / alone.micros(99);
            figures = format("p99 %.2f ms beside, %.2f ms alone", beside.micros(99) / 1000, alone.micros(99) / 1000);
        }
        double ratio = median(ratios);
        row(
                "ingest at 200/s beside 8 searching clients",
                format("%.1f× its p99 alone (last round %s)", ratio, figures),
                "≤ 3×",
                ratio <= 3);
    }

    private void searchFor2Rounds() {
        try {
            Load.closed(servers.workerPort, 8, 2 * SECONDS, (connection, client, i) -> connection.get(search2()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized String search2() {
        return search(2);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
