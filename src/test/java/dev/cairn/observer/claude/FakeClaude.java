package dev.cairn.observer.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.chain.ChainVerticle.Next;
import dev.cairn.chain.Lifecycle;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigLoader;
import dev.cairn.observer.spi.Model;
import dev.cairn.observer.spi.ModelAnswer;
import dev.cairn.observer.spi.ModelRequest;
import dev.cairn.observer.spi.ProviderContext;
import dev.cairn.process.ChildProcesses;
import dev.cairn.process.ProcessVerticle;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A program that speaks as Claude Code does, by a script of its own for each question, and the worker's part of it: the supervisor
 * and a model.
 */
final class FakeClaude implements AutoCloseable {
    /** Notes how it was started and what it was told; the answer to the question of number n is the shell file n. */
    private static final String PROGRAM = """
            #!/bin/sh
            here=%s
            echo start >>"$here/starts"
            [ -f "$here/refuse" ] && { cat "$here/refuse" >&2; exit 1; }
            printf '%%s\\n' "$@" >"$here/arguments"
            env | sort >"$here/environment"
            pwd >"$here/directory"; ls -A . >"$here/listing"
            while IFS= read -r line; do
              printf '%%s\\n' "$line" >>"$here/told"
              n=$(wc -l <"$here/told")
              if [ -f "$here/$n" ]; then . "$here/$n"; else . "$here/always"; fi
            done
            """;

    final Path here;
    final Path agents;
    final Vertx vertx = Vertx.vertx();
    final Model model;
    private final Context loop = vertx.getOrCreateContext();
    private final Lifecycle lifecycle = new Lifecycle();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    FakeClaude(Path directory, JsonObject observer, JsonObject process, Map<String, String> environment)
            throws Exception {
        here = Files.createDirectories(directory.resolve("program"));
        agents = directory.resolve("data/agents");
        Path program = here.resolve("claude");
        write("claude", PROGRAM.formatted("'" + here + "'"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        always(recorded("two-answers", 1));
        JsonObject claude = observer.getJsonObject("claude", new JsonObject());
        if (!claude.containsKey("command")) {
            claude.put("command", new JsonArray().add(program.toString()));
        }
        CairnConfig config = ConfigLoader.of(new JsonObject()
                .put(
                        "dataDir",
                        Files.createDirectories(directory.resolve("data")).toString())
                .put("observer", observer.put("claude", claude))
                .put("process", process.put("cgroup", "off")));
        ChildProcesses processes = new ChildProcesses(meters, false);
        await(vertx.deployVerticle(
                new ProcessVerticle(config, lifecycle, processes, Next.one(() -> new VerticleBase() {}))));
        lifecycle.ready();
        Map<String, String> variables = new TreeMap<>(Map.of("PATH", "/usr/bin:/bin"));
        variables.putAll(environment);
        model = here(() -> Future.succeededFuture(
                new ClaudeProvider(processes).open(new ProviderContext(vertx, config.observer(), variables, agents))));
    }

    FakeClaude(Path directory) throws Exception {
        this(directory, new JsonObject(), new JsonObject(), Map.of());
    }

    /** What the program says to the n-th question of all, as a shell script. */
    void script(int question, String script) throws IOException {
        write(Integer.toString(question), script);
    }

    void always(String script) throws IOException {
        write("always", script);
    }

    void write(String name, String text) throws IOException {
        Path file = here.resolve(name);
        Files.writeString(file, text);
    }

    /** A recording of the real program, as a shell script that says it again: the n-th answer of it. */
    static String recorded(String name, int answer) throws IOException {
        List<String> lines = new ArrayList<>();
        int seen = 1;
        for (String line : lines(name)) {
            if (seen == answer) {
                lines.add("printf '%s\\n' '" + line.replace("'", "'\\''") + "'");
            }
            seen += line.contains("\"type\": \"result\"") ? 1 : 0;
        }
        return String.join("\n", lines) + "\n";
    }

    static List<String> lines(String name) throws IOException {
        try (var in = FakeClaude.class.getResourceAsStream("/observer/claude/" + name + ".jsonl")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** What the program was told: the text of each question. */
    List<String> told() throws IOException {
        List<String> texts = new ArrayList<>();
        if (Files.exists(here.resolve("told"))) {
            for (String line : Files.readAllLines(here.resolve("told"))) {
                JsonNode json = WireFormat.mapper().readTree(line);
                texts.add(json.at("/message/content").asText());
            }
        }
        return texts;
    }

    List<String> noted(String file) throws IOException {
        Path noted = here.resolve(file);
        return Files.exists(noted) ? Files.readAllLines(noted) : List.of();
    }

    int starts() throws IOException {
        return noted("starts").size();
    }

    /** What is left under the directory of agents. */
    List<Path> left() throws IOException {
        if (!Files.exists(agents)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(agents)) {
            return all.toList();
        }
    }

    static ModelRequest request(String conversation, String document) {
        return request(conversation, document, 20_000);
    }

    static ModelRequest request(String conversation, String document, long timeoutMs) {
        return new ModelRequest(
                conversation, "You observe.", "Earlier: nothing.", document, "{\"type\":\"object\"}", 4_000, timeoutMs);
    }

    ModelAnswer ask(ModelRequest request) throws Exception {
        return here(() -> model.ask(request));
    }

    Future<ModelAnswer> later(ModelRequest request) {
        Promise<ModelAnswer> done = Promise.promise();
        loop.runOnContext(any -> model.ask(request).onComplete(done));
        return done.future();
    }

    /** On the event loop of the model. */
    <T> T here(java.util.function.Supplier<Future<T>> work) throws Exception {
        Promise<T> done = Promise.promise();
        loop.runOnContext(any -> work.get().onComplete(done));
        return await(done.future());
    }

    static <T> T await(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    static void until(String what, BooleanSupplier given) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!given.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 20 s: " + what);
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() throws Exception {
        here(() -> model.close().mapEmpty());
        await(vertx.close());
    }
}
