package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.fake.Answer;
import dev.cairn.fake.Asked;
import dev.cairn.fake.Dialect;
import dev.cairn.fake.FakeModelServer;
import dev.cairn.observer.ask.Answers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model behind HTTP is in trouble, in every way, and the worker is none the worse for it. */
class ObserverOutageIT {
    private static final Duration DEADLINE = Duration.ofSeconds(120);
    private static final int BACKLOG = 2_000;

    @TempDir
    Path dir;

    private static Answer noSuchModel(Asked asked) {
        return Answer.error(asked, 404, "not_found_error", "model: fake-model-1");
    }

    private static JsonNode observer(Api api) throws Exception {
        return api.get("/health").json().at("/parts/observer");
    }

    /** Every turn that waits is on its first attempt still. */
    private static void assertUntouched(Api api, int turns) throws Exception {
        assertThat(Observing.all(api, "/api/turns?state=parked")).isEmpty();
        List<JsonNode> pending = Observing.all(api, "/api/turns?state=pending");
        assertThat(pending)
                .hasSize(turns)
                .allSatisfy(turn -> assertThat(turn.path("attempts").asInt()).isZero());
    }

    private Tools.Run doctor(Api api) throws Exception {
        return Tools.run(
                dir,
                Map.of("CAIRN_DATA_DIR", dir.toString(), "CAIRN_PORT", String.valueOf(api.port())),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        WorkerProcess.JAR.toAbsolutePath().toString(),
                        "doctor"));
    }

    @Test
    @DisplayName(
            "E4: a model that is not there is told in health, by the doctor and once in a session's context; it drains by itself")
    void aSetupProblemIsToldOnceAndPasses() throws Exception {
        try (FakeModelServer fake = FakeModelServer.start().answers(ObserverOutageIT::noSuchModel);
                WorkerProcess worker = Observing.start(dir, Observing.settings(fake, Dialect.ANTHROPIC))) {
            Api api = worker.api();
            assertThat(Observing.context(api, "before"))
                    .as("nothing to tell yet")
                    .isEmpty();
            for (int turn = 0; turn < 5; turn++) {
                Observing.turn(api, "s" + turn, turn, 2);
            }
            Observing.awaitJson(
                    api,
                    "/health",
                    DEADLINE,
                    health -> health.at("/parts/observer/state").asText().equals("degraded"));
            JsonNode detail = observer(api).path("detail");
            assertThat(detail.path("problem").asText()).contains("observer.anthropic.model");
            assertThat(detail.path("problemKind").asText()).isEqualTo("setup");
            Tools.Run doctor = doctor(api);
            assertThat(doctor.exitCode()).as(doctor.output()).isEqualTo(1);
            assertThat(doctor.output()).contains("observer.anthropic.model");

            String told = Observing.context(api, "next");
            assertThat(told).contains("observer.anthropic.model", "not lost").hasSizeLessThan(1_000);
            assertThat(Observing.context(api, "after")).as("told once").isEmpty();
            assertThat(api.get("/api/context?project=" + Api.encode(Observing.CWD))
                            .body())
                    .as("who asks for the context alone is told of memories alone")
                    .doesNotContain("observer.anthropic.model");

            Observing.turn(api, "meanwhile", 1, 1);
            assertThat(api.get("/api/stats").json().path("toolUses").asInt()).isEqualTo(11);
            assertUntouched(api, 6);
            fake.observing();
            JsonNode stats = Observing.drained(api, 6, DEADLINE);
            assertThat(stats.path("observations").asInt()).isEqualTo(11);
            assertThat(stats.at("/queue/parked").asInt()).isZero();
            assertThat(observer(api).path("state").asText()).isNotEqualTo("degraded");
            assertThat(Observing.context(api, "well")).isNotEmpty().doesNotContain("observer.anthropic.model");
        }
    }

    private static long residentBytes(WorkerProcess worker) throws Exception {
        String status = Files.readString(Path.of("/proc", String.valueOf(worker.pid()), "status"));
        Matcher resident = Pattern.compile("VmRSS:\\s+(\\d+) kB").matcher(status);
        assertThat(resident.find()).isTrue();
        return Long.parseLong(resident.group(1)) * 1024;
    }

    @Test
    @DisplayName(
            "D5: 2,000 turns queue while nothing listens where the model was; memory does not grow with them, and all drain")
    void aLongOutageDrains() throws Exception {
        FakeModelServer fake = FakeModelServer.start().observing();
        Map<String, String> settings =
                Observing.settings(fake, Dialect.OPENAI, "CAIRN_OBSERVER_BUDGET_TOKENSPERDAY", "0");
        int port = fake.port();
        fake.close();
        try (WorkerProcess worker = Observing.start(dir, settings, "-Xmx64m")) {
            Api api = worker.api();
            queue(api, 0, 200);
            long before = residentBytes(worker);
            queue(api, 200, BACKLOG);
            long during = residentBytes(worker);
            assertThat(api.get("/api/stats").json().at("/queue/pending").asInt())
                    .isGreaterThanOrEqualTo(BACKLOG - 1);
            assertThat(observer(api).at("/detail/problemKind").asText()).isEqualTo("transport");
            try (FakeModelServer again = FakeModelServer.start(port).observing()) {
                JsonNode stats = Observing.drained(api, BACKLOG, DEADLINE);
                long after = residentBytes(worker);
                assertThat(stats.path("observations").asInt()).isEqualTo(BACKLOG);
                assertThat(stats.at("/queue/parked").asInt()).isZero();
                assertThat(again.asked()).hasSizeGreaterThanOrEqualTo(BACKLOG);
                assertThat((double) during / before).as("while it was away").isLessThan(1.35);
                assertThat((double) after / before).as("when all is observed").isLessThan(1.6);
            }
            assertThat(worker.errors()).noneMatch(line -> line.contains("OutOfMemory"));
        }
    }

    private static void queue(Api api, int from, int to) throws Exception {
        for (int turn = from; turn < to; turn++) {
            Observing.write(api, "s" + turn % 100, turn, 0);
            Observing.stop(api, "s" + turn % 100, turn, "done " + turn);
        }
    }

    private static Answer good(Asked asked) {
        return Answer.says(asked, Answers.each(String.join("\n\n", asked.says())));
    }

    private static Answer large(Asked asked) {
        return Answer.says(asked, "{\"observations\":[],\"skipped\":\"" + "x".repeat(5 << 20) + "\",\"summary\":{}}");
    }

    @Test
    @DisplayName(
            "429 with retry-after, 529, a body that breaks off, 5 MB, a wrong length: nothing is lost, nothing parked")
    void everyTroublePasses() throws Exception {
        ConcurrentLinkedQueue<Function<Asked, Answer>> troubles = new ConcurrentLinkedQueue<>(List.of(
                asked -> Answer.error(asked, 429, "rate_limit_error", "slow down")
                        .with("retry-after", "3"),
                asked -> Answer.error(asked, 529, "overloaded_error", "Overloaded"),
                asked -> good(asked).droppedAfter(40)));
        ConcurrentLinkedQueue<Function<Asked, Answer>> between = new ConcurrentLinkedQueue<>(
                List.of(ObserverOutageIT::large, asked -> good(asked).declaring(100_000)));
        ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
        try (FakeModelServer fake = FakeModelServer.start()) {
            fake.answers(asked -> {
                times.add(System.currentTimeMillis());
                Function<Asked, Answer> trouble = troubles.poll();
                return trouble == null ? good(asked) : trouble.apply(asked);
            });
            Map<String, String> settings = Observing.settings(
                    fake, Dialect.ANTHROPIC, "CAIRN_OBSERVER_MAX", "1", "CAIRN_OBSERVER_TIMEOUTMS", "4000");
            try (WorkerProcess worker = Observing.start(dir, settings)) {
                Api api = worker.api();
                for (int turn = 0; turn < 4; turn++) {
                    Observing.turn(api, "s" + turn, turn, 2);
                }
                Observing.drained(api, 4, DEADLINE);
                Long[] at = times.toArray(Long[]::new);
                assertThat(at[1] - at[0]).as("retry-after is kept to").isGreaterThanOrEqualTo(2_900);
                assertThat(troubles).isEmpty();
                troubles.addAll(between);
                for (int turn = 4; turn < 8; turn++) {
                    Observing.turn(api, "s" + turn, turn, 2);
                }
                JsonNode stats = Observing.drained(api, 8, DEADLINE);
                assertThat(troubles).isEmpty();
                assertThat(stats.path("observations").asInt()).isEqualTo(16);
                assertThat(stats.at("/queue/parked").asInt()).isZero();
                assertThat(Observing.titles(api).values()).containsOnly(1);
                JsonNode usage = api.get("/api/usage").json().path("total");
                assertThat(usage.path("calls").asInt()).isEqualTo(fake.asked().size());
                assertThat(usage.path("failures").asInt()).isEqualTo(5);
                assertThat(usage.path("tokens").asInt()).isEqualTo((fake.asked().size() - 5) * 120);
            }
        }
    }
}
