import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures how well the worker finds: loads documents through {@code POST /api/memories}, asks through {@code GET /api/search}, and prints
 * how much of what is relevant came back, in what order, how fast and at how many tokens.
 *
 * <pre>{@code java -cp target/cairn.jar load-tests/retrieval/Retrieval.java DIRECTORY... [--run FILE]}</pre>
 *
 * <p>Each directory has {@code docs.jsonl} (one {@code {id, scope, text, created_at_epoch, session?}} a line, times in seconds) and {@code
 * queries.jsonl} ({@code {qid, scope, text, relevant_ids}}). A scope is a project. Without a {@code session} it is what stands before the last
 * colon of an id, if there is one. {@code --run} writes the fused rankings as one JSON object {@code {qid: [id, ...]}}.
 */
public final class Retrieval {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DEPTH = 100;
    private static final int BATCH = 500;

    /** What {@code cairn start} gives the worker. */
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xms48m",
            "--add-modules=jdk.incubator.vector",
            "-XX:Tier4InvocationThreshold=20000",
            "-XX:Tier4MinInvocationThreshold=2400",
            "-XX:Tier4CompileThreshold=60000",
            "-XX:Tier4BackEdgeThreshold=160000");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Long, String> names = new HashMap<>();
    private final List<JsonNode> docs;
    private final List<JsonNode> queries;
    private final Process worker;
    private final String url;

    private Retrieval(Path set, Path data) throws IOException {
        docs = lines(set.resolve("docs.jsonl"));
        queries = lines(set.resolve("queries.jsonl"));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(FLAGS);
        // Such as --add-modules jdk.incubator.vector.
        String more = System.getProperty("cairn.load.jvm", "");
        command.addAll(more.isEmpty() ? List.of() : List.of(more.split(" ", -1)));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.cairn.worker.Main"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(Map.of("CAIRN_DATA_DIR", data.toString(), "CAIRN_PORT", "0", "MALLOC_ARENA_MAX", "2"));
        worker = builder.start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(worker.getInputStream(), StandardCharsets.UTF_8));
        String ready = output.readLine();
        while (ready != null && !ready.startsWith("cairn ready ")) {
            ready = output.readLine();
        }
        if (ready == null) {
            worker.destroyForcibly();
            throw new IOException("the worker did not start");
        }
        url = ready.split(" ", -1)[2];
    }

    public static void main(String[] args) throws Exception {
        List<String> sets = new ArrayList<>(Arrays.asList(args));
        int run = sets.indexOf("--run");
        Path runFile = run < 0 ? null : Path.of(sets.remove(run + 1));
        sets.remove("--run");
        System.out.println("| set | strategy | R@5 | R@10 | nDCG@10 | MRR | p50 ms | p99 ms | CPU ms a query | tokens of ten |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        ObjectNode rankings = JSON.createObjectNode();
        for (String set : sets) {
            Path data = Files.createTempDirectory("cairn-retrieval");
            Retrieval retrieval = null;
            try {
                retrieval = new Retrieval(Path.of(set), data);
                retrieval.load();
                String name = Path.of(set).getFileName().toString();
                retrieval.measure(name, "keyword", "&strategy=keyword", null);
                retrieval.measure(name, "semantic", "&strategy=semantic", null);
                retrieval.measure(name, "fused", "", rankings);
                retrieval.memory(name);
            } finally {
                if (retrieval != null) {
                    retrieval.worker.destroy();
                    retrieval.worker.waitFor(20, TimeUnit.SECONDS);
                }
                delete(data);
            }
        }
        if (runFile != null) {
            Files.writeString(runFile, rankings.toString());
        }
    }

    private void load() throws Exception {
        long begin = System.nanoTime();
        for (int from = 0; from < docs.size(); from += BATCH) {
            ArrayNode batch = JSON.createArrayNode();
            List<JsonNode> part = docs.subList(from, Math.min(docs.size(), from + BATCH));
            part.forEach(doc -> batch.add(memory(doc)));
            JsonNode ids = post("/api/memories", batch.toString()).get("ids");
            for (int i = 0; i < part.size(); i++) {
                names.put(ids.get(i).asLong(), part.get(i).get("id").asText());
            }
        }
        JsonNode vectors = get("/api/stats").get("vectors");
        while (vectors.get("indexed").asLong() < vectors.get("total").asLong()) {
            // The index tells its progress to whoever asks.
            Thread.sleep(250);
            vectors = get("/api/stats").get("vectors");
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.err.printf(Locale.ROOT, "%d documents indexed in %.0f s%n", docs.size(), seconds);
    }

    private static ObjectNode memory(JsonNode doc) {
        String id = doc.get("id").asText();
        ObjectNode memory = JSON.createObjectNode()
                .put("text", doc.get("text").asText())
                .put("project", doc.get("scope").asText())
                .put("createdAt", doc.get("created_at_epoch").asLong() * 1_000);
        int colon = id.lastIndexOf(':');
        String session = doc.hasNonNull("session")
                ? doc.get("session").asText()
                : colon < 0 ? null : id.substring(0, colon);
        return session == null ? memory : memory.put("session", session);
    }

    private void measure(String set, String name, String more, ObjectNode rankings) throws Exception {
        double[] sums = new double[4];
        double[] millis = new double[queries.size()];
        long tokens = 0;
        Duration before = cpu();
        for (int i = 0; i < queries.size(); i++) {
            JsonNode query = queries.get(i);
            long begin = System.nanoTime();
            JsonNode answer = get("/api/search?limit=" + DEPTH + "&project=" + encode(query.get("scope").asText())
                    + "&query=" + encode(query.get("text").asText()) + more);
            millis[i] = (System.nanoTime() - begin) / 1e6;
            List<String> ranked = new ArrayList<>();
            for (JsonNode hit : answer.get("hits")) {
                ranked.add(names.get(hit.get("id").asLong()));
                tokens += ranked.size() <= 10 ? hit.get("tokens").asLong() : 0;
            }
            Set<String> relevant = new HashSet<>();
            query.get("relevant_ids").forEach(id -> relevant.add(id.asText()));
            add(sums, relevant, ranked);
            if (rankings != null) {
                ArrayNode ids = rankings.putArray(query.get("qid").asText());
                ranked.forEach(ids::add);
            }
        }
        double cpu = cpu().minus(before).toNanos() / 1e6 / queries.size();
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.3f | %.3f | %.3f | %.3f | %.1f | %.1f | %.1f | %d |%n",
                set,
                name,
                sums[0] / queries.size(),
                sums[1] / queries.size(),
                sums[2] / queries.size(),
                sums[3] / queries.size(),
                millis[millis.length / 2],
                millis[millis.length * 99 / 100],
                cpu,
                tokens / queries.size());
    }

    /** Recall at 5 and 10, binary nDCG at 10, and the reciprocal rank of the first. */
    private static void add(double[] sums, Set<String> relevant, List<String> ranked) {
        double gain = 0;
        double ideal = 0;
        double first = 0;
        for (int i = 0; i < ranked.size(); i++) {
            if (relevant.contains(ranked.get(i))) {
                first = first == 0 ? 1.0 / (i + 1) : first;
                sums[0] += i < 5 ? 1.0 / relevant.size() : 0;
                sums[1] += i < 10 ? 1.0 / relevant.size() : 0;
                gain += i < 10 ? discount(i) : 0;
            }
        }
        for (int i = 0; i < Math.min(10, relevant.size()); i++) {
            ideal += discount(i);
        }
        sums[2] += gain / ideal;
        sums[3] += first;
    }

    private static double discount(int rank) {
        return Math.log(2) / Math.log(rank + 2.0);
    }

    private void memory(String set) throws IOException {
        Path status = Path.of("/proc", String.valueOf(worker.pid()), "status");
        if (Files.exists(status)) {
            try (Stream<String> lines = Files.lines(status)) {
                lines.filter(line -> line.startsWith("VmRSS"))
                        .forEach(line -> System.err.println(set + ": " + line.replaceAll("\\s+", " ")));
            }
        }
    }

    private Duration cpu() {
        return worker.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private JsonNode get(String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url + path)).GET());
    }

    private JsonNode post(String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private JsonNode send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank()) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
