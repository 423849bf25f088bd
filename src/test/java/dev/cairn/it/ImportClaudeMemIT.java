package dev.cairn.it;

import static dev.cairn.store.foreign.ClaudeMemDatabase.T0;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.store.foreign.ClaudeMemDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The memory of claude-mem taken along: the real command beside the real worker, each in a process of its own. */
class ImportClaudeMemIT {
    @TempDir
    Path dir;

    private Path data;
    private Path file;
    private WorkerProcess worker;

    @BeforeEach
    void start() throws Exception {
        data = Files.createDirectory(dir.resolve("data"));
        file = dir.resolve("claude-mem.db");
        worker = WorkerProcess.start(data);
    }

    @AfterEach
    void stop() throws Exception {
        worker.close();
    }

    /** How a command ended. */
    private record Run(int exitCode, List<String> output, List<String> errors) {
        JsonNode json() throws Exception {
            return WireFormat.mapper().readTree(String.join("\n", output));
        }

        String text() {
            return String.join("\n", output) + "\n" + String.join("\n", errors);
        }
    }

    private WorkerProcess launch(String... arguments) throws Exception {
        return WorkerProcess.launch(data, Map.of(), List.of("-Xmx48m"), List.of(arguments));
    }

    private Run cairn(String... arguments) throws Exception {
        try (WorkerProcess command = launch(arguments)) {
            return new Run(command.awaitExit(), command.output(), command.errors());
        }
    }

    private Run take(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("import", "--from", "claude-mem", "--json", file.toString()));
        arguments.addAll(List.of(more));
        return cairn(arguments.toArray(String[]::new));
    }

    private static long count(JsonNode report, String kind, String what) {
        return report.at("/kinds/" + kind + "/" + what).asLong(-1);
    }

    private static void fill(ClaudeMemDatabase database, String session, int from, int to) throws SQLException {
        for (int i = from; i < to; i++) {
            long at = T0 + 10L * i;
            database.prompt(session, i + 1, "prompt " + i, at)
                    .observation(session, "shop", i + 1, "bugfix", "title " + i, "narrative " + i, at + 1)
                    .summary(session, "shop", i + 1, "request " + i, "learned " + i, at + 2)
                    .toolUse(
                            session,
                            "shop",
                            "use" + i,
                            "{\"command\":\"ls " + i + "\"}",
                            "{\"stdout\":\"x\"}",
                            null,
                            at + 3);
        }
        database.commit();
    }

    private JsonNode stats() throws Exception {
        return worker.api().get("/api/stats").json();
    }

    private List<String> texts() throws Exception {
        return worker.api().get("/api/export").body().lines().toList();
    }

    @Test
    void aMemoryThatIsInUseIsTakenAlongOnceAndFoundByItsOldIds() throws Exception {
        String secret = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ5";
        try (ClaudeMemDatabase other = ClaudeMemDatabase.of13(file)) {
            other.session("a", "shop", T0);
            fill(other, "a", 0, 3);
            other.prompt("a", 9, "see <private>my\nplan</private> 漢字\nand " + secret, T0 + 500)
                    .toolUse(
                            "a",
                            "shop",
                            "u9",
                            "{\"t\":\"<private>key</private>\"}",
                            "say \"x\"\n" + secret,
                            null,
                            T0 + 501)
                    .commit();
            // Not committed: it is no memory yet. The writer's lock is held meanwhile.
            other.observation("a", "shop", 1, "bugfix", "unfinished", "n", T0 + 900);

            Run trial = take("--dry-run");
            assertThat(trial.exitCode()).as(trial.text()).isZero();
            assertThat(count(trial.json(), "observation", "imported")).isEqualTo(3);
            assertThat(stats().path("observations").asInt()).isZero();

            Run first = take();
            assertThat(first.exitCode()).as(first.text()).isZero();
            for (String kind : List.of("prompt", "tool-use")) {
                assertThat(count(first.json(), kind, "imported")).as(kind).isEqualTo(4);
            }
            assertThat(count(first.json(), "observation", "imported")).isEqualTo(3);
            assertThat(count(first.json(), "summary", "imported")).isEqualTo(3);
            assertThat(count(first.json(), "session", "imported")).isEqualTo(1);
            assertThat(first.json().path("nameOnly").get(0).asText()).isEqualTo("shop");
            List<String> after = texts();
            assertThat(String.join("\n", after))
                    .doesNotContain(secret)
                    .doesNotContain("plan")
                    .doesNotContain("\"key\\")
                    .doesNotContain("unfinished")
                    .contains("漢字\\nand");

            Run second = take();
            for (String kind : List.of("session", "prompt", "observation", "summary", "tool-use")) {
                assertThat(count(second.json(), kind, "imported")).as(kind).isZero();
                assertThat(count(second.json(), kind, "present"))
                        .as(kind)
                        .isEqualTo(count(second.json(), kind, "rows"));
            }
            assertThat(texts()).isEqualTo(after);
        }
        assertThat(Files.list(data.resolve("import"))
                        .map(each -> each.getFileName().toString()))
                .containsExactly("lock");

        Run shown = cairn(
                "show", "claude-mem:2", "claude-mem:S1", "claude-mem:P3", "claude-mem:T1", "claude-mem:session:1");
        assertThat(shown.exitCode()).as(shown.text()).isZero();
        assertThat(shown.text())
                .contains("title 1", "narrative 1", "learned 0", "prompt 2", "{\"command\":\"ls 0\"}", "session c-a");
        JsonNode found =
                worker.api().get("/api/imported?id=claude-mem:2").json().at("/items/0");
        assertThat(found.path("origin").asText()).isEqualTo("claude-mem:observation:2");
        JsonNode observation = worker.api()
                .get("/api/observations/" + found.path("id").asLong())
                .json();
        assertThat(observation.path("title").asText()).isEqualTo("title 1");
        assertThat(observation.path("createdAt").asLong()).isEqualTo(T0 + 11);
        assertThat(worker.api().get("/api/imported?id=claude-mem:99").status()).isEqualTo(404);
        assertThat(worker.api().get("/api/imported?id=nonsense").status()).isEqualTo(400);
        Run missing = cairn("show", "claude-mem:99");
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.text()).contains("nothing with the id claude-mem:99 was imported");

        // What is forgotten here does not come back from there.
        assertThat(worker.api()
                        .delete("/api/observations/" + found.path("id").asLong())
                        .status())
                .isEqualTo(200);
        assertThat(count(take().json(), "observation", "imported")).isZero();
        assertThat(stats().path("observations").asInt()).isEqualTo(2);
        assertThat(cairn("show", "claude-mem:2").text()).contains("was forgotten since");

        // What came there since comes here.
        try (ClaudeMemDatabase grown = ClaudeMemDatabase.reopen(file)) {
            fill(grown, "a", 20, 22);
        }
        JsonNode more = take().json();
        assertThat(count(more, "observation", "imported")).isEqualTo(2);
        assertThat(count(more, "prompt", "imported")).isEqualTo(2);
        assertThat(count(more, "session", "imported")).isZero();
    }

    @Test
    void anImportThatIsKilledAndOneWhoseWorkerIsKilledGoOnWithoutDoubles() throws Exception {
        int rounds = 2_000;
        try (ClaudeMemDatabase other = ClaudeMemDatabase.of13(file)) {
            other.session("a", "shop", T0).session("b", "shop", T0 + 1);
            fill(other, "a", 0, rounds / 2);
            for (int i = rounds / 2; i < rounds; i += 100) {
                fill(other, "b", i, i + 100);
            }
        }
        try (WorkerProcess command = launch("import", "--from", "claude-mem", file.toString())) {
            worker.api().awaitJson("/api/stats", stats -> stats.path("prompts").asInt() > 0);
            command.kill();
            command.awaitExit();
        }
        long afterFirst = stats().path("prompts").asLong();
        assertThat(afterFirst).isLessThan(rounds);

        try (WorkerProcess command = launch("import", "--from", "claude-mem", file.toString())) {
            worker.api().awaitJson("/api/stats", stats -> stats.path("prompts").asLong() > afterFirst);
            worker.kill();
            worker.awaitExit();
            assertThat(command.awaitExit()).isIn(1, 3);
            assertThat(String.join("\n", command.errors())).contains("the same command again goes on from there");
        }
        worker = WorkerProcess.start(data);
        assertThat(stats().path("prompts").asLong()).isBetween(afterFirst, (long) rounds - 1);

        JsonNode last = take().json();
        assertThat(count(last, "prompt", "imported") + count(last, "prompt", "present"))
                .isEqualTo(rounds);
        JsonNode stats = stats();
        for (String kind : List.of("prompts", "observations", "summaries", "toolUses")) {
            assertThat(stats.path(kind).asInt()).as(kind).isEqualTo(rounds);
        }
        assertThat(stats.path("sessions").asInt()).isEqualTo(2);
        assertThat(count(take().json(), "prompt", "present")).isEqualTo(rounds);
        // A turn for each prompt number; and the tools of the second session name its first.
        assertThat(texts().stream()
                        .filter(line -> line.startsWith("{\"record\":\"turn\""))
                        .count())
                .isEqualTo(rounds + 1);
    }

    @Test
    void aProjectFindsItsDirectoryAndItsNewSessionsAreTold() throws Exception {
        Path shop = Files.createDirectories(dir.resolve("home/shop"));
        Files.createDirectories(dir.resolve("home/till"));
        try (ClaudeMemDatabase other = ClaudeMemDatabase.of13(file)) {
            other.session("a", "shop", T0)
                    .session("b", "till", T0 + 1)
                    .session("c", "else", T0 + 2)
                    .observation(
                            "a", "shop", 1, "decision", "The broker listens on 4711", "Since 4710 is taken.", T0 + 2)
                    .observation("b", "till", 1, "decision", "Coins are counted twice", "By rule.", T0 + 3)
                    .toolUse("a", "shop", "u1", "{}", "{}", shop.toString(), T0 + 3)
                    .commit();
        }
        Run wrong = take("--project", "tilll=" + dir);
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.text()).contains("there is no project 'tilll'", "else, shop, till");
        Run run = take("--project", "till=" + dir.resolve("home/till"));
        assertThat(run.exitCode()).as(run.text()).isZero();
        JsonNode projects = run.json().path("projects");
        assertThat(projects.path("shop").asText()).isEqualTo(shop.toRealPath().toString());
        assertThat(projects.path("till").asText())
                .isEqualTo(dir.resolve("home/till").toRealPath().toString());
        assertThat(run.json().path("nameOnly")).hasSize(1);
        assertThat(cairn("context", shop.toRealPath().toString()).text()).contains("The broker listens on 4711");
        assertThat(cairn("search", "coins", "--project", "till").text()).contains("Coins are counted twice");
    }

    @Test
    void exitCodesTellWhatIsWrong() throws Exception {
        Run gone = cairn("import", "--from", "claude-mem", dir.resolve("no.db").toString());
        assertThat(gone.exitCode()).isEqualTo(2);
        assertThat(gone.text()).contains("is not there");
        assertThat(cairn("import", "--from", "claude-mem", dir.toString()).exitCode())
                .isEqualTo(2);
        assertThat(cairn("import", "--from", "other", file.toString()).text()).contains("--from takes claude-mem");
        assertThat(cairn("import", "--from", "claude-mem", "-").exitCode()).isEqualTo(2);
        assertThat(cairn("import").text()).contains("FILE is missing");
        Files.writeString(file, "text");
        assertThat(take().exitCode()).isEqualTo(4);
        Run ours =
                cairn("import", "--from", "claude-mem", data.resolve("cairn.db").toString());
        assertThat(ours.exitCode()).isEqualTo(4);
        assertThat(ours.text()).contains("database of Cairn");
        Files.delete(file);
        try (ClaudeMemDatabase other = ClaudeMemDatabase.of6(file)) {
            other.session("a", "shop", T0).commit();
        }
        worker.kill();
        worker.awaitExit();
        assertThat(take().exitCode()).isEqualTo(3);
    }
}
