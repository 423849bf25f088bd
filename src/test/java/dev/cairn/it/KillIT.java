package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Row D1: the worker is killed at any moment under load; what it acknowledged is there afterwards, once. */
class KillIT {
    private static final int KILLS = Integer.getInteger("cairn.it.kills", 10);
    private static final int CLIENTS = 4;
    private static final Pattern SAID_LAST = Pattern.compile("said last (\\d+)");

    @TempDir
    Path dir;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> acknowledgedStops = ConcurrentHashMap.newKeySet();

    @Test
    @DisplayName("D1: kill -9 at any moment under load loses nothing acknowledged and doubles nothing")
    void nothingAcknowledgedIsLost() throws Exception {
        Random random = new Random(20261122);
        for (int round = 0; round < KILLS; round++) {
            try (WorkerProcess worker = WorkerProcess.start(dir)) {
                assertStored(worker.api());
                killUnderLoad(worker, round, 20 + random.nextInt(400));
            }
        }
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            assertStored(worker.api());
            assertThat(acknowledged.size()).isGreaterThan(KILLS * 10);
            worker.api()
                    .awaitJson(
                            "/api/stats",
                            stats -> stats.at("/queue/claimed").asInt() == 0
                                    && stats.at("/queue/pending").asInt() == 0);
            assertThat(worker.api().get("/api/stats").json().at("/queue/parked").asInt())
                    .isZero();
            assertSummarised(worker.api());
        }
    }

    /** What the agent said last stands in the summary of its turn, once. */
    private void assertSummarised(Api api) throws Exception {
        Map<String, Integer> said = new HashMap<>();
        eachItem(api, "/api/summaries", item -> {
            Matcher last = SAID_LAST.matcher(item.toString());
            if (last.find()) {
                said.merge(item.path("sessionId").asText() + "-" + last.group(1), 1, Integer::sum);
            }
        });
        assertThat(acknowledgedStops).isNotEmpty();
        assertThat(said.keySet()).containsAll(acknowledgedStops);
        assertThat(said.values()).as("each summarised once").allMatch(times -> times == 1);
    }

    private void killUnderLoad(WorkerProcess worker, int round, int acknowledgedBeforeKill) throws Exception {
        String url = worker.url();
        AtomicBoolean going = new AtomicBoolean(true);
        CountDownLatch enough = new CountDownLatch(acknowledgedBeforeKill);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        for (int client = 0; client < CLIENTS; client++) {
            String session = "s" + round + "-" + client;
            clients.execute(() -> load(new Api(url), session, going, enough));
        }
        assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
        worker.kill();
        worker.awaitExit();
        going.set(false);
        clients.shutdown();
        assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }

    private void load(Api api, String session, AtomicBoolean going, CountDownLatch enough) {
        for (int i = 0; going.get(); i++) {
            String id = session + "-" + i;
            try {
                // Every tenth ends the turn, so that observers write at the moment of the kill too.
                Api.Answer answer = i % 10 == 9
                        ? api.post("/hooks/Stop", stop(session, i))
                        : api.post("/hooks/PostToolUse", toolUse(session, id, i));
                if (answer.status() == 200) {
                    (i % 10 == 9 ? acknowledgedStops : acknowledged).add(id);
                }
                enough.countDown();
            } catch (IOException e) {
                // The worker is gone: what was not answered is not acknowledged.
                return;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String toolUse(String session, String id, int i) {
        return WireFormat.encode(Map.of(
                "session_id",
                session,
                "cwd",
                "/tmp/kill",
                "hook_event_name",
                "PostToolUse",
                "prompt_id",
                session + "-p" + i / 10,
                "tool_name",
                "Write",
                "tool_use_id",
                id,
                "tool_input",
                Map.of("file_path", "/tmp/kill/" + id + ".txt", "content", "data"),
                "tool_response",
                Map.of("type", "create")));
    }

    private static String stop(String session, int i) {
        return WireFormat.encode(Map.of(
                "session_id",
                session,
                "cwd",
                "/tmp/kill",
                "hook_event_name",
                "Stop",
                "prompt_id",
                session + "-p" + i / 10,
                "last_assistant_message",
                "said last " + i));
    }

    private void assertStored(Api api) throws Exception {
        Map<String, Integer> stored = new HashMap<>();
        eachItem(
                api,
                "/api/tool-uses",
                item -> stored.merge(item.path("toolUseId").asText(), 1, Integer::sum));
        assertThat(stored.keySet()).containsAll(acknowledged);
        assertThat(stored.values()).as("each stored once").allMatch(times -> times == 1);
        List<String> parts = List.of("store", "observer", "search");
        JsonNode health = api.get("/health").json();
        for (String part : parts) {
            assertThat(health.at("/parts/" + part + "/up").asBoolean()).as(part).isTrue();
        }
    }

    private static void eachItem(Api api, String route, Consumer<JsonNode> consumer) throws Exception {
        String cursor = "";
        do {
            JsonNode page = api.get(route + "?limit=100" + cursor).json();
            page.path("items").forEach(consumer);
            cursor = page.hasNonNull("next")
                    ? "&cursor=" + Api.encode(page.path("next").asText())
                    : "";
        } while (!cursor.isEmpty());
    }
}
