package dev.cairn.store;

import com.sun.management.OperatingSystemMXBean;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.AppendEvents;
import dev.cairn.bus.Forget;
import dev.cairn.bus.MemoryRows;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.RecentQuery;
import dev.cairn.bus.SaveMemories;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Measures the store through the bus, by hand and not as a test: {@code mvn test-compile}, then this class with the test class
 * path. Argument: the directory of the retrieval sets, whose words the memories are made of.
 */
public final class StoreFigures {
    private final StoreFixture store;
    private final Random random = new Random(7);
    private final List<String> words = new ArrayList<>();

    private StoreFigures(StoreFixture store) {
        this.store = store;
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory("cairn-figures");
        try (StoreFixture store = new StoreFixture(directory)) {
            new StoreFigures(store).measure(Path.of(arguments[0]));
        }
    }

    private void measure(Path sets) throws IOException {
        for (String set : List.of("locomo-dev", "commits-dev")) {
            for (String line : Files.readAllLines(sets.resolve(set).resolve("docs.jsonl"))) {
                words.addAll(Arrays.asList(Json.tree(line).get("text").asText().split("\\s+", 0)));
            }
        }
        List<String> questions = new ArrayList<>();
        for (String line : Files.readAllLines(sets.resolve("locomo-dev").resolve("queries.jsonl"))) {
            questions.add(Json.tree(line).get("text").asText());
        }
        for (int warm = 0; warm < 3; warm++) {
            append("warm" + warm, 16, 10_000);
        }
        append("a", 1, 10_000);
        append("b", 16, 40_000);
        append("c", 64, 40_000);
        save(10_000);
        search(questions, 10_000);
        for (int i = 0; i < 9; i++) {
            save(10_000);
        }
        search(questions, 100_000);
        long begin = System.nanoTime();
        long forgotten = store.ask(
                        Addresses.STORE_FORGET, new Forget(List.of(), null, "project-1", null, null, null, null, false))
                .observations();
        say("forget %d memories: %.0f ms", forgotten, (System.nanoTime() - begin) / 1e6);
    }

    private void append(String session, int outstanding, int count) {
        String response = "{\"text\":\"" + "x".repeat(900) + "\"}";
        int[] next = {0};
        int[] done = {0};
        long[] latencies = new long[count];
        Promise<Void> end = Promise.promise();
        long cpu = cpuNanos();
        long begin = System.nanoTime();
        store.vertx.runOnContext(any -> {
            for (int i = 0; i < outstanding; i++) {
                step(session, count, next, done, latencies, end, response);
            }
        });
        StoreFixture.await(end.future());
        double seconds = (System.nanoTime() - begin) / 1e9;
        double micros = (cpuNanos() - cpu) / 1e3 / count;
        Arrays.sort(latencies);
        say(
                "append, %d outstanding: %.0f events/s, p50 %.2f ms, p99 %.2f ms, CPU %.0f us each",
                outstanding, count / seconds, latencies[count / 2] / 1e6, latencies[count * 99 / 100] / 1e6, micros);
    }

    private void step(
            String session, int count, int[] next, int[] done, long[] latencies, Promise<Void> end, String response) {
        int i = next[0]++;
        if (i >= count) {
            return;
        }
        AgentEvent event = StoreFixture.tool(session + i % 8, "p" + i / 400, "u" + i, i)
                .withTexts(null, "{\"file_path\":\"/home/u/a.txt\"}", response, null, null);
        long begin = System.nanoTime();
        store.bus
                .request(Addresses.STORE_APPEND, new AppendEvents(StoreFixture.PROJECT, List.of(event)))
                .onComplete(answer -> {
                    latencies[i] = System.nanoTime() - begin;
                    if (answer.failed()) {
                        end.tryFail(answer.cause());
                    } else if (++done[0] == count) {
                        end.complete();
                    } else {
                        step(session, count, next, done, latencies, end, response);
                    }
                });
    }

    private void save(int count) {
        List<NewMemory> memories = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int from = random.nextInt(words.size() - 80);
            String text = String.join(" ", words.subList(from, from + 20 + random.nextInt(50)));
            String title = String.join(" ", words.subList(from + 60, from + 64));
            title = title.substring(0, Math.min(60, title.length()));
            String project = random.nextInt(2) == 0 ? "project-0" : "project-" + (1 + random.nextInt(20));
            memories.add(new NewMemory(
                    text, title, null, project, List.of(), List.of("src/File" + random.nextInt(500) + ".java"), null));
        }
        long cpu = cpuNanos();
        long begin = System.nanoTime();
        store.ask(Addresses.STORE_SAVE, new SaveMemories(memories, "api"));
        double seconds = (System.nanoTime() - begin) / 1e9;
        say("save %d: %.0f rows/s, CPU %.0f us each", count, count / seconds, (cpuNanos() - cpu) / 1e3 / count);
    }

    private void search(List<String> questions, int rows) {
        latency("health " + rows, () -> store.bus.request(Addresses.health("store"), Nothing.NOTHING));
        latency(
                "recent " + rows,
                () -> store.bus.request(Addresses.STORE_RECENT, new RecentQuery("project-1", 10, 50)));
        latency("stats " + rows, () -> store.bus.request(Addresses.STORE_STATS, Nothing.NOTHING));
        for (String project : new String[] {null, "project-0", "project-1"}) {
            for (int count : new int[] {1, 2, 8}) {
                latency(
                        rows + " memories, project " + project + ", " + count + " words without stop words",
                        () -> ask(content(questions, count), project));
            }
            latency(
                    rows + " memories, project " + project + ", a question",
                    () -> ask(questions.get(random.nextInt(questions.size())), project));
        }
        latency(rows + " memories, listing", () -> ask("", null));
        latency(rows + " memories, prefix of 3", () -> ask(content(questions, 1).substring(0, 3) + "*", null));
    }

    private Future<MemoryRows> ask(String text, @org.jspecify.annotations.Nullable String project) {
        return store.bus.request(Addresses.STORE_SEARCH, SearchQuery.of(text, project, 20));
    }

    private String content(List<String> questions, int count) {
        Set<String> chosen = new LinkedHashSet<>();
        while (chosen.size() < count) {
            String question = questions.get(random.nextInt(questions.size()));
            String[] parts = question.toLowerCase(Locale.ROOT).split("[^a-z]+", 0);
            String word = parts[random.nextInt(parts.length)];
            if (word.length() > 3 && !StopWords.contains(word)) {
                chosen.add(word);
            }
        }
        return String.join(" ", chosen);
    }

    private void latency(String what, Supplier<Future<?>> request) {
        int rounds = 300;
        long[] times = new long[rounds];
        long cpu = 0;
        for (int i = -200; i < rounds; i++) {
            cpu = i == 0 ? cpuNanos() : cpu;
            long begin = System.nanoTime();
            StoreFixture.await(request.get());
            if (i >= 0) {
                times[i] = System.nanoTime() - begin;
            }
        }
        Arrays.sort(times);
        say(
                "%s: p50 %.2f ms, p90 %.2f ms, CPU %.2f ms each",
                what, times[rounds / 2] / 1e6, times[rounds * 9 / 10] / 1e6, (cpuNanos() - cpu) / 1e6 / rounds);
    }

    /** On a machine that others use, the time that counts. */
    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
