package dev.cairn.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.AppendEvents;
import dev.cairn.bus.Bus;
import dev.cairn.bus.CloseIdleTurns;
import dev.cairn.bus.IngestEvents;
import dev.cairn.bus.Ingested;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.RecordEvents;
import dev.cairn.bus.Recorded;
import dev.cairn.bus.TurnReady;
import dev.cairn.config.ConfigException;
import dev.cairn.config.ConfigLoader;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.EventKind;
import dev.cairn.model.Project;
import dev.cairn.observer.spi.OwnSessions;
import dev.cairn.privacy.SecretSamples;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsVerticleTest extends SessionsFixture {
    @TempDir
    Path temp;

    private final BlockingQueue<Nothing> nudges = new LinkedBlockingQueue<>();

    private Path repository(String name) throws IOException {
        Path root = Files.createDirectories(temp.toRealPath().resolve(name));
        Files.createDirectories(root.resolve(".git"));
        return root;
    }

    @Test
    void anEventGoesToTheStoreWithItsProjectAndWithoutItsSecrets() throws Exception {
        deploy(new JsonObject());
        Path root = repository("kestrel");
        String token = SecretSamples.of("github-token p");
        AgentEvent prompt =
                event(EventKind.PROMPT, "s-1", root + "/src", "use " + token + " <private>x</private>", null);
        AgentEvent tool = event(EventKind.TOOL_USE, "s-1", root.toString(), null, "{\"stdout\":\"" + token + "\"}");
        Recorded recorded = await(client.record(new RecordEvents(List.of(prompt, tool))));
        Project project = new Project(root.toString(), "kestrel");
        assertThat(recorded).isEqualTo(new Recorded(project, 2, 0));
        AppendEvents append = next(appended);
        assertThat(append.project()).isEqualTo(project);
        assertThat(append.events().get(0).prompt()).isEqualTo("use [secret:github-token] [private]");
        assertThat(append.events().get(1).toolResponse()).isEqualTo("{\"stdout\":\"[secret:github-token]\"}");
        assertThat(append.events().get(1).toolInput()).isEqualTo("{\"command\":\"ls\"}");
    }

    @Test
    void anEventWithoutDirectoryBelongsWhereItsSessionWas() throws Exception {
        deploy(new JsonObject());
        Path root = repository("kestrel");
        assertThat(await(client.record(new RecordEvents(List.of(event(EventKind.STOP, null)))))
                        .project())
                .isEqualTo(new Project("unknown", "unknown"));
        await(client.record(new RecordEvents(List.of(event(EventKind.SESSION_START, root.toString())))));
        assertThat(await(client.record(new RecordEvents(List.of(event(EventKind.STOP, null)))))
                        .project())
                .isEqualTo(new Project(root.toString(), "kestrel"));
    }

    private double own(String by) {
        return meters.get("cairn.events.own").tag("by", by).counter().count();
    }

    @Test
    @DisplayName("E2: events of the worker's own agents are told by directory, session and environment, and go nowhere")
    void nothingOfOwnAgentsIsStored() throws Exception {
        Path root = repository("kestrel");
        Path data = Files.createDirectories(temp.toRealPath().resolve("data"));
        deploy(new JsonObject().put("dataDir", data.toString()));
        Recorded none = new Recorded(null, 0, 0);
        AgentEvent there = event(EventKind.PROMPT, "s-own", data + "/agents/1/w", "observe", null);
        AgentEvent elsewhere = event(EventKind.PROMPT, "s-other", root.toString(), "hello", null);
        assertThat(await(client.record(new RecordEvents(List.of(there))))).isEqualTo(none);
        assertThat(await(client.record(new RecordEvents(List.of(event(EventKind.STOP, "s-own", null, null, null))))))
                .as("of the same session, which does not say where")
                .isEqualTo(none);
        assertThat(own("directory")).isEqualTo(2);

        OwnSessions.of(vertx).add("s-started");
        AgentEvent started = event(EventKind.PROMPT, "s-started", root.toString(), "observe", null);
        assertThat(await(client.record(new RecordEvents(List.of(started, started)))))
                .isEqualTo(none);
        assertThat(own("session")).isEqualTo(2);

        AgentEvent told = event(EventKind.TOOL_USE, "s-told", root.toString(), null, null);
        assertThat(await(client.record(new RecordEvents(List.of(told), null, null, true))))
                .isEqualTo(none);
        assertThat(own("environment")).isEqualTo(1);
        assertThat(await(client.record(new RecordEvents(List.of(told)))))
                .as("a hook of the same session that is not told")
                .isEqualTo(none);
        assertThat(own("session")).isEqualTo(3);

        BlockingQueue<IngestEvents> ingested = new LinkedBlockingQueue<>();
        bus.serve(Addresses.STORE_INGEST, (IngestEvents events) -> {
            ingested.add(events);
            return Future.succeededFuture(new Ingested(List.of(), false));
        });
        List<IngestEvents.Item> items = new ArrayList<>();
        List.of(there, started, elsewhere).forEach(event -> items.add(new IngestEvents.Item(event, null, null, false)));
        await(bus.request(Addresses.SESSION_INGEST, new IngestEvents(items, null, 1, null)));
        List<IngestEvents.Item> clean = next(ingested).items();
        assertThat(clean).extracting(item -> item.project() != null).containsExactly(false, false, true);
        assertThat(clean.get(0).event().prompt()).isNull();
        assertThat(appended).isEmpty();
        assertThat(await(bus.request(Addresses.health("sessions"), Nothing.NOTHING))
                        .detail())
                .containsEntry("own", "8")
                .containsEntry("excluded", "0");
        assertThat(await(client.record(new RecordEvents(List.of(elsewhere)))).stored())
                .as("everybody else's goes to the store")
                .isEqualTo(1);
    }

    @Test
    @DisplayName("F2: of an excluded project nothing is stored")
    void nothingOfAnExcludedProjectIsStored() throws Exception {
        Path root = repository("hidden");
        Path open = repository("open");
        deploy(new JsonObject().put("project", new JsonObject().put("exclude", new JsonArray().add(root.toString()))));
        Recorded none = new Recorded(null, 0, 0);
        assertThat(await(client.record(new RecordEvents(List.of(event(EventKind.PROMPT, root + "/src"))))))
                .isEqualTo(none);
        // The session is in the excluded project still, though the event does not say so.
        assertThat(await(client.record(new RecordEvents(List.of(event(EventKind.STOP, null))))))
                .isEqualTo(none);
        assertThat(appended).isEmpty();
        Recorded half = await(client.record(new RecordEvents(
                List.of(event(EventKind.PROMPT, root.toString()), event(EventKind.PROMPT, open.toString())))));
        assertThat(half).isEqualTo(new Recorded(new Project(open.toString(), "open"), 1, 0));
        assertThat(next(appended).events()).hasSize(1);
        assertThat(await(bus.request(Addresses.health("sessions"), Nothing.NOTHING))
                        .detail())
                .containsEntry("excluded", "3")
                .containsEntry("recorded", "1");
    }

    @Test
    void aNotificationOfTheHostIsNoPrompt() throws Exception {
        deploy(new JsonObject());
        String text = "<task-notification>\n<result>done with " + SecretSamples.of("npm-token")
                + "</result>\n</task-notification>";
        await(client.record(new RecordEvents(List.of(event(EventKind.PROMPT, "s", "/nowhere/x", text, null)))));
        AgentEvent stored = next(appended).events().get(0);
        assertThat(stored.kind()).isEqualTo(EventKind.SUBAGENT_STOP);
        assertThat(stored.text()).isEqualTo("done with [secret:npm-token]");
    }

    @Test
    @DisplayName("E7: a large event does not overtake and is not overtaken")
    void eventsOfASessionKeepTheirOrder() throws Exception {
        deploy(new JsonObject().put("store", new JsonObject().put("maxFieldBytes", 4096)));
        String large = "{\"stdout\":\"" + "lorem ipsum dolor. ".repeat(200_000) + "\"}";
        List<Future<Recorded>> answers = IntStream.range(0, 20)
                .mapToObj(i -> client.record(new RecordEvents(List.of(event(
                        EventKind.TOOL_USE, "s-1", "/nowhere/" + i % 3, null, i % 5 == 0 ? large : "\"" + i + "\"")))))
                .toList();
        await(Future.all(answers));
        for (int i = 0; i < 20; i++) {
            String response = String.valueOf(next(appended).events().get(0).toolResponse());
            if (i % 5 == 0) {
                assertThat(response).contains("characters cut").hasSizeLessThanOrEqualTo(4096);
            } else {
                assertThat(response).isEqualTo("\"" + i + "\"");
            }
        }
    }

    @Test
    void aReadyTurnWakesOneObserver() throws Exception {
        bus.serve(Addresses.OBSERVER_WORK, nothing -> {
            nudges.add(nothing);
            return Future.succeededFuture(nothing);
        });
        deploy(new JsonObject().put("observer", new JsonObject().put("max", 1)));
        next(nudges); // what an earlier run left
        bus.publish(Addresses.EVENT_TURN_READY, new TurnReady(1, "claude-code", "s-1"));
        next(nudges);
        assertThat(nudges).isEmpty();
    }

    @Test
    @DisplayName("E5: without observers events are recorded all the same")
    void withoutObserversNothingBreaks() throws Exception {
        deploy(new JsonObject().put("observer", new JsonObject().put("max", 0)));
        bus.publish(Addresses.EVENT_TURN_READY, new TurnReady(1, "claude-code", "s-1"));
        await(client.record(new RecordEvents(List.of(event(EventKind.STOP, "/nowhere")))));
        assertThat(await(bus.request(Addresses.health("sessions"), Nothing.NOTHING))
                        .up())
                .isTrue();
    }

    private String active() throws Exception {
        return await(bus.request(Addresses.health("sessions"), Nothing.NOTHING))
                .detail()
                .get("active");
    }

    @Test
    void silentTurnsAreClosedOnceAtTheStartAndOnceWhenTheyAreDue() throws Exception {
        long before = System.currentTimeMillis();
        deploy(new JsonObject().put("observer", new JsonObject().put("idleMs", 1_000)));
        assertThat(next(closed).idleSince()).isBetween(before - 1_000, System.currentTimeMillis() - 999);
        long sent = System.currentTimeMillis();
        await(client.record(new RecordEvents(List.of(event(EventKind.PROMPT, "/nowhere")))));
        // What was left over may be due by itself or together with the prompt; the last one covers the prompt.
        CloseIdleTurns last = next(closed);
        while (!active().equals("0")) {
            last = next(closed);
        }
        assertThat(last.idleSince())
                .as("a second of silence, no less")
                .isBetween(sent, System.currentTimeMillis() - 999);
    }

    @Test
    void aWrongPatternStopsTheStartWithTheNameOfItsKey() {
        assertThatThrownBy(() -> deploy(new JsonObject()
                        .put("privacy", new JsonObject().put("patterns", new JsonArray().add("(")))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("privacy.patterns");
    }

    @Test
    void theStoresRefusalReachesTheCaller() throws Exception {
        Vertx other = Vertx.vertx();
        try {
            Bus lonely = new Bus(other);
            await(other.deployVerticle(new SessionsVerticle(ConfigLoader.of(new JsonObject()), meters, null)));
            assertThatThrownBy(() -> await(lonely.request(
                            Addresses.SESSION_RECORD, new RecordEvents(List.of(event(EventKind.STOP, "/nowhere"))))))
                    .isInstanceOfSatisfying(
                            CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        } finally {
            await(other.close());
        }
    }

    @Test
    void itStopsWithinItsBudgetAndAnswersNoMore() throws Exception {
        String id = deploy(new JsonObject());
        await(client.record(new RecordEvents(List.of(event(EventKind.PROMPT, "/nowhere")))));
        long begin = System.nanoTime();
        await(vertx.undeploy(id));
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isLessThan(5_000);
        assertThatThrownBy(() -> await(client.record(new RecordEvents(List.of(event(EventKind.STOP, "/nowhere"))))))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }
}
