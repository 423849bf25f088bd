package dev.cairn.load;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a model is told and tells for 1,000 tool uses of the recorded session, in tokens of a real tokenizer, and how fast turns
 * drain when it answers at once. The model is a fake that answers what the rules make of the same tool uses, in the form that
 * models are asked for, so that its answers have the length of real memories.
 */
final class Observers {
    private static final String SESSION = "8be496bf-4e82-44e5-9e4f-8e8a4c781dfc";
    private static final String CWD = "/home/dev/kestrel";
    private static final int USES_IN_SESSION = 5;
    private static final int USES = 1_000;
    private static final long DEADLINE_NANOS = 300_000_000_000L;
    private static final List<String> ORDER = List.of(
            "command-SessionStart-startup",
            "UserPromptSubmit",
            "PostToolUse-Read",
            "PostToolUse-Bash",
            "PostToolUseFailure-Bash",
            "PostToolUse-Write",
            "PostToolUse-Agent",
            "SubagentStop",
            "Stop",
            "UserPromptSubmit-3",
            "Stop-2",
            "PostCompact",
            "Stop-3",
            "SessionEnd");

    /** What one way of observing took. */
    private record Run(long calls, long input, long output, double estimate, double turnsPerSecond, long megabytes) {}

    private final Path jar;
    private final List<JsonObject> session = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Encoding tokenizer =
            Encodings.newDefaultEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
    /** What the rules made of a tool use, by its tool and input; of several, one is told once. */
    private final Map<String, JsonObject> observations = new HashMap<>();

    private final Map<String, JsonObject> summaries = new HashMap<>();

    private Observers(Path jar, Path recording) throws IOException {
        this.jar = jar;
        for (String name : ORDER) {
            session.add(new JsonObject(Files.readString(recording.resolve(name + ".json"))));
        }
    }

    static List<String> measure(Path jar) throws Exception {
        Path recording = Path.of("src/test/resources/claude-code-hooks");
        Observers observers = new Observers(jar, Files.exists(recording) ? recording : Path.of("..").resolve(recording));
        Run rules = observers.byRules();
        row("rules", rules);
        row("a model, batched (default)", observers.byModel(20));
        row("a model, each tool use alone", observers.byModel(1));
        return List.of();
    }

    private static void row(String what, Run run) {
        System.out.printf(
                Locale.ROOT,
                "| %,d tool uses, %s | %,d calls, %,d tokens in, %,d out; our estimate is %.2f of them; %.0f turns/s; %d MB"
                        + " resident | stated |%n",
                USES,
                what,
                run.calls(),
                run.input(),
                run.output(),
                run.estimate(),
                run.turnsPerSecond(),
                run.megabytes());
    }

    private Run byRules() throws Exception {
        try (Servers servers = new Servers(jar, Map.of("CAIRN_VECTOR_MODE", "off"))) {
            Run run = drain(servers, Map.of("CAIRN_VECTOR_MODE", "off"), null);
            learn(servers);
            return run;
        }
    }

    private Run byModel(int toolUses) throws Exception {
        try (Model model = new Model()) {
            Map<String, String> settings = new TreeMap<>();
            settings.put("CAIRN_VECTOR_MODE", "off");
            settings.put("CAIRN_OBSERVER_PROVIDER", "openai");
            settings.put("CAIRN_OBSERVER_OPENAI_URL", model.url());
            settings.put("CAIRN_OBSERVER_OPENAI_MODEL", "fake");
            settings.put("CAIRN_OBSERVER_BUDGET_TOKENSPERDAY", "0");
            settings.put("CAIRN_OBSERVER_BATCH_TOOLUSES", String.valueOf(toolUses));
            try (Servers servers = new Servers(jar, settings)) {
                return drain(servers, settings, model);
            }
        }
    }

    /** Sessions are queued by a worker that does not observe; then one that does is timed from its start. */
    private Run drain(Servers servers, Map<String, String> settings, Model model) throws Exception {
        servers.endWorker();
        Map<String, String> waiting = new TreeMap<>(settings);
        waiting.put("CAIRN_OBSERVER_MAX", "0");
        servers.startWorker(waiting);
        for (int i = 0; i < USES / USES_IN_SESSION; i++) {
            for (JsonObject event : session) {
                post(servers, with(event, i));
            }
        }
        long turns = queue(servers, "pending");
        servers.endWorker();
        servers.startWorker(settings);
        long begin = System.nanoTime();
        while (queue(servers, "pending") + queue(servers, "claimed") > 0) {
            if (System.nanoTime() - begin > DEADLINE_NANOS) {
                throw new IllegalStateException("the queue does not drain");
            }
            Thread.sleep(20);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        long megabytes = servers.residentMegabytes();
        return model == null
                ? new Run(0, 0, 0, 1, turns / seconds, megabytes)
                : new Run(
                        model.calls.get(),
                        model.input.get(),
                        model.output.get(),
                        (double) model.estimated.get() / (model.input.get() + model.output.get()),
                        turns / seconds,
                        megabytes);
    }

    private static JsonObject with(JsonObject event, int i) {
        String text = event.encode().replace(SESSION, SESSION.substring(0, 24) + String.format(Locale.ROOT, "%012d", i));
        JsonObject copy = new JsonObject(text);
        for (String field : List.of("tool_use_id", "prompt_id")) {
            if (copy.getString(field) != null) {
                copy.put(field, copy.getString(field) + "-" + i);
            }
        }
        return copy;
    }

    private JsonObject get(Servers servers, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + servers.workerPort + path))
                .build();
        return new JsonObject(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private long queue(Servers servers, String state) throws Exception {
        return get(servers, "/api/stats").getJsonObject("queue").getLong(state);
    }

    private void post(Servers servers, JsonObject event) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + servers.workerPort + "/hooks"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(event.encode()))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.body());
        }
    }

    /** What the rules made of the last session, which all sessions are like. */
    private void learn(Servers servers) throws Exception {
        Map<Long, JsonObject> byId = new HashMap<>();
        for (JsonObject row : rows(servers, "/api/observations")) {
            JsonObject told = new JsonObject();
            for (String field : List.of("type", "title", "subtitle", "narrative", "facts", "concepts")) {
                told.put(field, row.getValue(field));
            }
            byId.put(row.getLong("id"), told);
        }
        for (JsonObject use : rows(servers, "/api/tool-uses")) {
            JsonObject told = use.getLong("observationId") == null ? null : byId.get(use.getLong("observationId"));
            if (told != null) {
                observations.putIfAbsent(key(use.getString("toolName"), use.getValue("input")), told);
            }
        }
        for (JsonObject row : rows(servers, "/api/summaries")) {
            JsonObject told = new JsonObject();
            for (String field : List.of("request", "investigated", "learned", "completed")) {
                told.put(field, row.getString(field, ""));
            }
            told.put("next_steps", row.getString("nextSteps", ""));
            summaries.putIfAbsent(row.getString("request", ""), told);
        }
        if (observations.isEmpty() || summaries.isEmpty()) {
            throw new IllegalStateException("the rules observed nothing");
        }
    }

    private List<JsonObject> rows(Servers servers, String path) throws Exception {
        String project = URLEncoder.encode(CWD, StandardCharsets.UTF_8);
        List<JsonObject> rows = new ArrayList<>();
        for (Object row : get(servers, path + "?limit=100&project=" + project).getJsonArray("items")) {
            rows.add((JsonObject) row);
        }
        return rows;
    }

    private static String key(String tool, Object input) {
        return tool + " " + (input instanceof String text ? new JsonObject(text).encode() : ((JsonObject) input).encode());
    }

    /** What a model would have answered, had it found the rules' words. */
    private JsonObject answer(JsonObject document) {
        Map<JsonObject, Set<Integer>> refs = new HashMap<>();
        List<JsonObject> told = new ArrayList<>();
        for (Object each : document.getJsonArray("toolUses")) {
            JsonObject use = (JsonObject) each;
            JsonObject observation = observations.get(key(use.getString("tool"), use.getValue("input")));
            if (observation != null) {
                if (refs.computeIfAbsent(observation, key -> new LinkedHashSet<>()).isEmpty()) {
                    told.add(observation);
                }
                refs.get(observation).add(use.getInteger("ref"));
            }
        }
        JsonArray list = new JsonArray();
        told.forEach(each -> list.add(each.copy().put("refs", new JsonArray(List.copyOf(refs.get(each))))));
        JsonObject none = new JsonObject();
        List.of("request", "investigated", "learned", "completed", "next_steps").forEach(field -> none.put(field, ""));
        JsonObject summary = document.getBoolean("last") ? summaries.getOrDefault(document.getString("asked"), none) : none;
        return new JsonObject()
                .put("observations", list)
                .put("skipped", list.isEmpty() ? "a routine step" : "")
                .put("summary", summary);
    }

    /** An OpenAI-compatible server that answers at once and counts what it is told and tells. */
    private final class Model implements AutoCloseable {
        final AtomicLong calls = new AtomicLong();
        final AtomicLong input = new AtomicLong();
        final AtomicLong output = new AtomicLong();
        final AtomicLong estimated = new AtomicLong();
        private final ExecutorService threads = Executors.newFixedThreadPool(4);
        private final HttpServer server;

        Model() throws IOException {
            System.setProperty("sun.net.httpserver.nodelay", "true");
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            server.setExecutor(threads);
            server.createContext("/", this::take);
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
        }

        private void take(HttpExchange exchange) throws IOException {
            try (exchange) {
                JsonObject asked = new JsonObject(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                StringBuilder told = new StringBuilder();
                asked.getJsonArray("messages").forEach(message -> told.append(((JsonObject) message).getString("content")));
                String document = told.substring(told.lastIndexOf("{\"project\""));
                String answer = answer(new JsonObject(document)).encode();
                // The schema is told too, if not as a message.
                told.append(asked.getJsonObject("response_format", new JsonObject()).encode());
                count(told.toString(), answer);
                JsonObject message = new JsonObject().put("role", "assistant").put("content", answer);
                JsonObject choice =
                        new JsonObject().put("index", 0).put("message", message).put("finish_reason", "stop");
                byte[] body = new JsonObject()
                        .put("model", "fake")
                        .put("choices", new JsonArray().add(choice))
                        .encode()
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }

        private void count(String told, String answer) {
            calls.incrementAndGet();
            input.addAndGet(tokenizer.countTokensOrdinary(told));
            output.addAndGet(tokenizer.countTokensOrdinary(answer));
            estimated.addAndGet(estimate(told) + estimate(answer));
        }

        /** As {@code dev.cairn.observer.ask.Tokens} does it, which is not open to others. */
        private static long estimate(String text) {
            long others = text.chars().filter(unit -> unit >= 128).count();
            return (long) Math.ceil((text.length() - others) / 3.5) + others;
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
