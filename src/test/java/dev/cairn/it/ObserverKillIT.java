package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.fake.Answer;
import dev.cairn.fake.Asked;
import dev.cairn.fake.Dialect;
import dev.cairn.fake.FakeModelServer;
import dev.cairn.observer.ask.Answers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worker dies while its observers ask a model: questions may be asked again, rows are stored once. */
class ObserverKillIT {
    private static final int KILLS = Integer.getInteger("cairn.it.observerKills", 20);
    private static final int TURNS = 30;
    private static final int USES = 5;
    private static final int SLOW_MS = 150;
    private static final Duration DEADLINE = Duration.ofSeconds(90);

    @TempDir
    Path dir;

    private static Answer slowly(Asked asked, long ms) {
        CompletableFuture<Void> later =
                new CompletableFuture<Void>().completeOnTimeout(null, ms, TimeUnit.MILLISECONDS);
        return Answer.says(asked, Answers.each(String.join("\n\n", asked.says())))
                .heldUntil(later);
    }

    @Test
    @DisplayName(
            "killed at random moments of 20 questions, every tool use is observed once and every turn summed up once")
    void killsLoseAndDoubleNothing() throws Exception {
        Random random = new Random(20261123);
        try (FakeModelServer fake = FakeModelServer.start().answers(asked -> slowly(asked, SLOW_MS))) {
            // Two tool uses a question, so that most kills find a turn of which a part is stored.
            Map<String, String> settings =
                    Observing.settings(fake, Dialect.ANTHROPIC, "CAIRN_OBSERVER_BATCH_TOOLUSES", "2");
            try (WorkerProcess worker = Observing.start(dir, with(settings, "CAIRN_OBSERVER_MAX", "0"))) {
                for (int turn = 0; turn < TURNS; turn++) {
                    Observing.turn(worker.api(), "s" + turn % 6, turn, USES);
                }
            }
            int killedWhileAsking = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                int before = fake.asked().size();
                try (WorkerProcess worker = Observing.start(dir, settings)) {
                    awaitAsked(fake, before + 1);
                    // From the first question on, at any moment of the next three.
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(3 * SLOW_MS));
                    worker.kill();
                    worker.awaitExit();
                    killedWhileAsking += fake.asked().size() > before ? 1 : 0;
                }
            }
            assertThat(killedWhileAsking).isEqualTo(KILLS);
            int asked = fake.asked().size();
            try (WorkerProcess worker = Observing.start(dir, settings)) {
                JsonNode stats = Observing.drained(worker.api(), TURNS, DEADLINE);
                assertThat(fake.asked().size())
                        .as("the last kill left something")
                        .isGreaterThan(asked);
                assertThat(stats.at("/queue/parked").asInt()).isZero();
                assertThat(stats.path("toolUses").asInt()).isEqualTo(TURNS * USES);
                assertOnce(worker.api());
            }
        }
    }

    private static Map<String, String> with(Map<String, String> settings, String name, String value) {
        Map<String, String> more = new TreeMap<>(settings);
        more.put(name, value);
        return more;
    }

    private static void awaitAsked(FakeModelServer fake, int count) throws Exception {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (fake.asked().size() < count) {
            assertThat(System.nanoTime()).as("asked in time").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static void assertOnce(Api api) throws Exception {
        Map<String, Integer> expected = new TreeMap<>();
        List<String> turns = new ArrayList<>();
        for (int turn = 0; turn < TURNS; turn++) {
            turns.add("Write part " + turn + " of s" + turn % 6);
            for (int number = 0; number < USES; number++) {
                expected.put(Observing.title("s" + turn % 6, turn, number), 1);
            }
        }
        assertThat(Observing.titles(api)).as("each tool use is observed once").isEqualTo(expected);
        assertThat(Observing.all(api, "/api/tool-uses"))
                .allSatisfy(
                        use -> assertThat(use.path("observationId").asLong()).isPositive());
        List<String> requests = new ArrayList<>();
        Observing.all(api, "/api/summaries")
                .forEach(summary -> requests.add(summary.path("request").asText()));
        assertThat(requests).as("each turn is summed up once").containsExactlyInAnyOrderElementsOf(turns);
    }

    @Test
    @DisplayName(
            "D4: a session that ends while its summary is asked for gets it; so does one whose worker is stopped meanwhile")
    void aSessionEndsWithASummaryInFlight() throws Exception {
        CompletableFuture<Void> released = new CompletableFuture<>();
        try (FakeModelServer fake = FakeModelServer.start()) {
            fake.answers(asked -> slowly(asked, 0).heldUntil(released));
            Map<String, String> settings = Observing.settings(fake, Dialect.ANTHROPIC, "CAIRN_OBSERVER_MAX", "1");
            try (WorkerProcess worker = Observing.start(dir, settings)) {
                Observing.turn(worker.api(), "ends", 1, 2);
                awaitAsked(fake, 1);
                Observing.end(worker.api(), "ends");
                assertThat(worker.api()
                                .get("/api/stats")
                                .json()
                                .path("summaries")
                                .asInt())
                        .isZero();
                released.complete(null);
                Observing.drained(worker.api(), 1, DEADLINE);
                assertThat(Observing.all(worker.api(), "/api/summaries"))
                        .singleElement()
                        .satisfies(summary -> {
                            assertThat(summary.path("sessionId").asText()).isEqualTo("ends");
                            assertThat(summary.path("completed").asText()).isEqualTo("All of it.");
                        });
                fake.answers(asked -> slowly(asked, 600_000));
                int before = fake.asked().size();
                Observing.turn(worker.api(), "stops", 1, 1);
                awaitAsked(fake, before + 1);
                Observing.end(worker.api(), "stops");
                worker.terminate();
                assertThat(worker.awaitExit()).isEqualTo(143);
            }
            fake.observing();
            try (WorkerProcess worker = Observing.start(dir, settings)) {
                Observing.drained(worker.api(), 2, DEADLINE);
                assertThat(Observing.all(worker.api(), "/api/summaries").stream()
                                .map(summary -> summary.path("sessionId").asText()))
                        .containsExactlyInAnyOrder("ends", "stops");
            }
        }
    }
}
