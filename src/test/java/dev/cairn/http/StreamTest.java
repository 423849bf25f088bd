package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Address;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Forgotten;
import dev.cairn.bus.ProcessAlert;
import dev.cairn.bus.ProcessChange;
import dev.cairn.model.Observation;
import dev.cairn.model.Project;
import dev.cairn.model.Prompt;
import dev.cairn.model.Session;
import dev.cairn.model.Summary;
import dev.cairn.model.ToolUse;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamTest {
    private static final Project OTHER = new Project("/home/dev/merlin", "merlin");
    private static final Limits QUICK = limits(new Limits.Streams(100, 300, 3, 1_000, 4 << 20, 60_000));

    @TempDir
    Path dir;

    private static Limits limits(Limits.Streams streams) {
        return new Limits(600, 30_000, 10_000, 5_000, 300, 600, streams);
    }

    private static Observation observation(long id, Project project, String narrative) {
        return new Observation(
                id,
                project,
                "claude-code",
                "s",
                1,
                "change",
                "title " + id,
                null,
                narrative,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                1_000);
    }

    private static Observation observation(long id) {
        return observation(id, FakeRooms.PROJECT, "line one\nline two");
    }

    private static <E> void tell(HttpHarness http, Address<E, ?> address, E event) {
        new Bus(http.vertx).publish(address, event);
    }

    private static void tellObservations(HttpHarness http, long from, long to) {
        for (long id = from; id <= to; id++) {
            tell(http, Addresses.EVENT_OBSERVATION, observation(id));
        }
    }

    private static List<Long> observed(StreamClient client, int count) {
        List<Long> ids = new ArrayList<>();
        while (ids.size() < count) {
            StreamClient.Block block = client.event();
            assertThat(block.event()).isEqualTo("observation");
            ids.add(block.json().getLong("id"));
        }
        return ids;
    }

    private static List<Long> range(long from, long to) {
        return java.util.stream.LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void everyEventOfTheBusComesByItsNameWithAnIdAndAsTheRoutesShowIt() {
        try (HttpHarness http = HttpHarness.start(dir);
                StreamClient client = StreamClient.open(http)) {
            assertThat(client.head).contains("content-type: text/event-stream", "cache-control: no-store");
            Project kestrel = FakeRooms.PROJECT;
            tell(http, Addresses.EVENT_SESSION, new Session(1, "s", "claude-code", kestrel, "/", 1, null, null, 0, 0));
            tell(http, Addresses.EVENT_PROMPT, new Prompt(2, kestrel, "claude-code", "s", 1, "do\r\nit", 2));
            tell(
                    http,
                    Addresses.EVENT_TOOL_USE,
                    new ToolUse(
                            3,
                            kestrel,
                            "claude-code",
                            "s",
                            1,
                            null,
                            "Read",
                            "t",
                            "{}",
                            "x".repeat(5_000),
                            null,
                            7L,
                            null,
                            3));
            tell(http, Addresses.EVENT_OBSERVATION, observation(4));
            tell(
                    http,
                    Addresses.EVENT_SUMMARY,
                    new Summary(
                            5,
                            kestrel,
                            "claude-code",
                            "s",
                            1,
                            "asked",
                            null,
                            null,
                            "done",
                            null,
                            null,
                            List.of(),
                            List.of(),
                            5));
            tell(http, Addresses.EVENT_PROCESS, new ProcessChange("chroma", "vector sync", 42, "running", 6));
            tell(http, Addresses.EVENT_ALERT, new ProcessAlert("stray", "", "left behind", 7));
            tell(http, Addresses.EVENT_FORGOTTEN, new Forgotten(1, 2, 3, 4, 5, false));

            List<StreamClient.Block> blocks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                blocks.add(client.event());
            }
            assertThat(blocks).extracting(StreamClient.Block::event).containsExactlyInAnyOrderElementsOf(Live.NAMES);
            assertThat(blocks)
                    .extracting(StreamClient.Block::id)
                    .containsExactly("i-1-1", "i-1-2", "i-1-3", "i-1-4", "i-1-5", "i-1-6", "i-1-7", "i-1-8");
            for (StreamClient.Block block : blocks) {
                switch (String.valueOf(block.event())) {
                    case "observation" -> {
                        assertThat(block.json().getString("project")).isEqualTo("/home/dev/kestrel");
                        assertThat(block.json().getString("projectName")).isEqualTo("kestrel");
                        assertThat(block.json().getString("narrative")).isEqualTo("line one\nline two");
                    }
                    case "prompt" -> assertThat(block.json().getString("text")).isEqualTo("do\r\nit");
                    case "toolUse" ->
                        assertThat(block.json().getString("response"))
                                .hasSize(1_001)
                                .endsWith("…");
                    case "alert" -> assertThat(block.json().getString("what")).isEqualTo("stray");
                    case "process" ->
                        assertThat(block.json().getString("state")).isEqualTo("running");
                    default -> assertThat(block.json()).isNotEmpty();
                }
            }
        }
    }

    @Test
    void aClientThatComesBackIsToldWhatItMissedOnceAndInOrder() {
        try (HttpHarness http = HttpHarness.start(dir, Map.of("instances", 3), Limits.DEFAULT)) {
            String lastId;
            try (StreamClient client = StreamClient.open(http)) {
                tellObservations(http, 1, 20);
                assertThat(observed(client, 10)).isEqualTo(range(1, 10));
                lastId = client.lastId();
            }
            tellObservations(http, 21, 40);
            // Whichever instance takes the connection: all know the same events.
            for (int i = 0; i < 6; i++) {
                try (StreamClient again = StreamClient.resume(http, "/stream", lastId)) {
                    assertThat(observed(again, 30)).isEqualTo(range(11, 40));
                    tell(http, Addresses.EVENT_ALERT, new ProcessAlert("stray", "", "round " + i, 7));
                    StreamClient.Block alert = again.event();
                    while (!alert.json().getString("message").endsWith(" " + i)) {
                        alert = again.event();
                    }
                }
            }
        }
    }

    @Test
    void aClientThatWasToldNothingYetCanComeBackToo() {
        try (HttpHarness http = HttpHarness.start(dir)) {
            String lastId;
            try (StreamClient client = StreamClient.open(http)) {
                lastId = client.lastId();
            }
            tellObservations(http, 1, 3);
            try (StreamClient again = StreamClient.resume(http, "/stream", lastId)) {
                assertThat(observed(again, 3)).isEqualTo(range(1, 3));
            }
        }
    }

    @Test
    void whatCannotBeToldAnyMoreIsAResetNeverASilentLoss() {
        Limits five = limits(new Limits.Streams(10_000, 10_000, 10, 5, 4 << 20, 60_000));
        try (HttpHarness http = HttpHarness.start(dir, Map.of(), five);
                StreamClient witness = StreamClient.open(http)) {
            for (int id = 1; id <= 8; id++) {
                tellObservations(http, id, id);
                observed(witness, 1);
            }
            try (StreamClient recent = StreamClient.resume(http, "/stream", "i-1-3")) {
                assertThat(observed(recent, 5)).isEqualTo(range(4, 8));
            }
            for (String lost :
                    List.of("i-1-2", "i-1-0", "i-1-9", "i-2-8", "8", "nonsense", "i-1-", "i-1-99999999999999999999")) {
                try (StreamClient client = StreamClient.resume(http, "/stream?events=summary", lost)) {
                    StreamClient.Block reset = client.event();
                    assertThat(reset.event()).as(lost).isEqualTo("reset");
                    assertThat(reset.id()).as(lost).isEqualTo("i-1-8");
                }
            }
        }
    }

    @Test
    void theRingIsBoundedInBytesToo() {
        Limits small = limits(new Limits.Streams(10_000, 10_000, 10, 1_000, 10_000, 60_000));
        try (HttpHarness http = HttpHarness.start(dir, Map.of("compat", false), small);
                StreamClient witness = StreamClient.open(http)) {
            for (int id = 1; id <= 10; id++) {
                tell(http, Addresses.EVENT_OBSERVATION, observation(id, FakeRooms.PROJECT, "y".repeat(3_000)));
                observed(witness, 1);
            }
            try (StreamClient late = StreamClient.resume(http, "/stream", "i-1-1")) {
                assertThat(late.event().event()).isEqualTo("reset");
            }
            try (StreamClient recent = StreamClient.resume(http, "/stream", "i-1-8")) {
                assertThat(observed(recent, 2)).isEqualTo(range(9, 10));
            }
        }
    }

    @Test
    void filtersHoldBackWhatIsNotWanted() {
        try (HttpHarness http = HttpHarness.start(dir);
                StreamClient named = StreamClient.open(http, "/stream?events=summary,alert", "");
                StreamClient kestrel = StreamClient.open(http, "/stream?project=kestrel", "");
                StreamClient merlin = StreamClient.open(http, "/stream?project=%2Fhome%2Fdev%2Fmerlin", "")) {
            tell(http, Addresses.EVENT_OBSERVATION, observation(1, FakeRooms.PROJECT, "a"));
            tell(http, Addresses.EVENT_OBSERVATION, observation(2, OTHER, "b"));
            tell(http, Addresses.EVENT_ALERT, new ProcessAlert("stray", "", "left behind", 7));

            assertThat(observed(kestrel, 1)).containsExactly(1L);
            assertThat(observed(merlin, 1)).containsExactly(2L);
            for (StreamClient client : List.of(named, kestrel, merlin)) {
                // What is about no project is about every one.
                assertThat(client.event().event()).isEqualTo("alert");
            }
            Reply refused = http.get("/stream?events=summaries");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.field()).isEqualTo("events");
            assertThat(refused.message()).contains("summary");
            assertThat(http.get("/stream?token=x").status()).isEqualTo(400);
        }
    }

    @Test
    void aQuietStreamBeatsAndIsNotCutForItsSilence() {
        try (HttpHarness http = HttpHarness.start(dir, Map.of(), QUICK);
                StreamClient client = StreamClient.open(http, "/stream?events=summary", "")) {
            tell(http, Addresses.EVENT_OBSERVATION, observation(1));
            long begin = System.nanoTime();
            int beats = 0;
            // Twice as long as a connection may be idle, and as it may be without a request.
            while (System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(1_300)) {
                StreamClient.Block block = client.block();
                assertThat(block).isNotNull();
                assertThat(block.lines()).containsExactly(": beat", "id: " + block.id());
                beats++;
            }
            assertThat(beats).isBetween(5, 14);
            // A beat moves the place to come back to over what the filter held back.
            assertThat(client.lastId()).isEqualTo("i-1-1");
        }
    }

    @Test
    void aClientThatNeverReadsIsCutAndNobodyElseNotices() throws IOException {
        try (HttpHarness http = HttpHarness.start(dir, Map.of(), QUICK);
                StreamClient reader = StreamClient.open(http);
                StreamClient deaf = StreamClient.deaf(http)) {
            String narrative = "z".repeat(60_000);
            long begin = System.nanoTime();
            // More than the buffers of both ends hold, and for longer than the server waits.
            for (int id = 1; id <= 300 || System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(2_000); id++) {
                tell(http, Addresses.EVENT_OBSERVATION, observation(id, FakeRooms.PROJECT, narrative));
                assertThat(observed(reader, 1)).containsExactly((long) id);
                if (id % 50 == 0) {
                    assertThat(http.post("/hooks", "{\"session_id\":\"s\",\"hook_event_name\":\"Stop\"}")
                                    .status())
                            .isEqualTo(200);
                }
            }
            assertThat(deaf.isCut(5_000)).isTrue();
            try (StreamClient second = StreamClient.open(http);
                    StreamClient third = StreamClient.open(http)) {
                assertThat(List.of(second, third)).as("its place is free").hasSize(2);
            }
        }
    }

    @Test
    void moreThanSoManyAreToldToComeLater() throws Exception {
        try (HttpHarness http = HttpHarness.start(dir, Map.of(), QUICK);
                StreamClient first = StreamClient.open(http);
                StreamClient second = StreamClient.open(http);
                StreamClient third = StreamClient.open(http)) {
            Reply refused = http.get("/stream");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.code()).isEqualTo("unavailable");
            assertThat(refused.header("retry-after")).isNotNull();
            third.close();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (head(http).status() != 200 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            try (StreamClient fourth = StreamClient.open(http)) {
                tellObservations(http, 1, 1);
                for (StreamClient client : List.of(first, second, fourth)) {
                    assertThat(observed(client, 1)).containsExactly(1L);
                }
            }
        }
    }

    private static Reply head(HttpHarness http) throws IOException {
        try (RawClient client = http.client()) {
            return client.send("HEAD /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .readHead();
        }
    }

    @Test
    void headTellsTheTypeAndTakesNoPlace() throws IOException {
        try (HttpHarness http = HttpHarness.start(dir, Map.of(), QUICK)) {
            for (int i = 0; i < 10; i++) {
                Reply reply = head(http);
                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.header("content-type")).isEqualTo("text/event-stream");
            }
        }
    }

    @Test
    void aStopEndsTheStreamWithAWordAndWithinItsBudget() throws IOException {
        HttpHarness http = HttpHarness.start(dir);
        try (http;
                StreamClient client = StreamClient.open(http);
                StreamClient deaf = StreamClient.deaf(http)) {
            tellObservations(http, 1, 1);
            observed(client, 1);
            long begin = System.nanoTime();
            Future<Void> stopped = http.undeploy();
            StreamClient.Block end = client.event();
            assertThat(end.event()).isEqualTo("end");
            assertThat(end.id()).isEqualTo("i-1-1");
            assertThat(client.block()).as("the body came to its end").isNull();
            assertThat(client.isCut(5_000)).isTrue();
            HttpHarness.await(stopped);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isLessThan(10_000);
            assertThat(deaf.isCut(5_000)).isTrue();
        }
    }

    @Test
    void whoMayNotCallMayNotWatch(@TempDir Path other) {
        try (HttpHarness locked =
                HttpHarness.start(other, Map.of("auth", "token", "token", HttpHarness.TOKEN), Limits.DEFAULT)) {
            assertThat(locked.get("/stream").status()).isEqualTo(401);
            assertThat(locked.request("GET /stream HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                            .status())
                    .isEqualTo(403);
            assertThat(locked.request("GET /stream HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n\r\n")
                            .status())
                    .isEqualTo(403);
            StreamClient.open(locked, "/stream", "Authorization: Bearer " + HttpHarness.TOKEN + "\r\n")
                    .close();
        }
    }
}
