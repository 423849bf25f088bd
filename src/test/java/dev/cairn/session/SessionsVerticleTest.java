package dev.cairn.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.AppendEvents;
import dev.cairn.bus.Bus;
import dev.cairn.bus.CloseIdleTurns;
import dev.cairn.bus.Count;
import dev.cairn.bus.ExportFormat;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.Imported;
import dev.cairn.bus.IngestEvents;
import dev.cairn.bus.Ingested;
import dev.cairn.bus.MemoryClient;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.RecordEvents;
import dev.cairn.bus.Recorded;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.Saved;
import dev.cairn.bus.TurnReady;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigException;
import dev.cairn.config.ConfigLoader;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.model.CommandRun;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.EventKind;
import dev.cairn.model.Project;
import dev.cairn.observer.spi.OwnSessions;
import dev.cairn.privacy.SecretSamples;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real bus, with a store that only remembers what it was given. */
class SessionsVerticleTest {
    @TempDir
    Path temp;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final MemoryClient client = MemoryClient.create(vertx, 20_000);
    private final BlockingQueue<AppendEvents> appended = new LinkedBlockingQueue<>();
    private final BlockingQueue<SaveMemories> saved = new LinkedBlockingQueue<>();
    private final BlockingQueue<CloseIdleTurns> closed = new LinkedBlockingQueue<>();
    private final BlockingQueue<Nothing> nudges = new LinkedBlockingQueue<>();

    @BeforeEach
    void store() {
        bus.serve(Addresses.STORE_APPEND, append -> {
            appended.add(append);
            return Future.succeededFuture(
                    new Recorded(append.project(), append.events().size(), 0));
        });
        bus.serve(Addresses.STORE_SAVE, save -> {
            saved.add(save);
            return Future.succeededFuture(
                    new Saved(IntStream.rangeClosed(1, save.memories().size())
                            .mapToObj(Long::valueOf)
                            .toList()));
        });
        bus.serve(Addresses.STORE_CLOSE_IDLE, close -> {
            closed.add(close);
            return Future.succeededFuture(new Count(1));
        });
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private String deploy(JsonObject options) throws Exception {
        CairnConfig config = ConfigLoader.of(options);
        return await(vertx.deployVerticle(new SessionsVerticle(config, meters, null)));
    }

    private static <T> T await(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no answer in 20 s", e);
        }
    }

    private <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T item = queue.poll(20, TimeUnit.SECONDS);
        if (item == null) {
            throw new AssertionError("nothing came in 20 s");
        }
        return item;
    }

    private AgentEvent event(EventKind kind, @Nullable String cwd) {
        return event(kind, "s-1", cwd, null, null);
    }

    private static AgentEvent event(
            EventKind kind, String session, @Nullable String cwd, @Nullable String prompt, @Nullable String response) {
        boolean tool = kind == EventKind.TOOL_USE;
        return new AgentEvent(
                kind,
                kind.toString(),
                "claude-code",
                session,
                cwd,
                null,
                null,
                prompt,
                tool ? "Bash" : null,
                tool ? "toolu_1" : null,
                tool ? "{\"command\":\"ls\"}" : null,
                response,
                null,
                null,
                null,
                null,
                1_000);
    }

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
    @DisplayName("H7: bad input is refused by its field, and nothing is stored")
    void badInputIsRefusedByItsField() throws Exception {
        deploy(new JsonObject());
        AgentEvent good = event(EventKind.TOOL_USE, "s-1", "/a", null, "1");
        assertRefused("events", List.of());
        assertRefused("events", IntStream.range(0, 257).mapToObj(i -> good).toList());
        assertRefused("events[1].sessionId", List.of(good, event(EventKind.STOP, "s-2", "/a", null, null)));
        assertRefused("events[0].sessionId", List.of(event(EventKind.STOP, "", null, null, null)));
        assertRefused("events[0].sessionId", List.of(event(EventKind.STOP, "s".repeat(201), null, null, null)));
        assertRefused("events[0].sessionId", List.of(event(EventKind.STOP, "a\nb", null, null, null)));
        for (String cwd : List.of("", "relative/x", "C:x", "/" + "x".repeat(4096), "/a\u0000")) {
            assertRefused("events[0].cwd", List.of(event(EventKind.STOP, "s", cwd, null, null)));
        }
        assertRefused("events[1].toolResponse", List.of(good, event(EventKind.TOOL_USE, "s-1", "/a", null, "{oops")));
        assertRefused(
                "events[0].toolResponse", List.of(event(EventKind.TOOL_USE, "s-1", "/a", null, "[".repeat(100_000))));
        assertRefused("events[0].name", List.of(changed(json -> json.put("name", ""))));
        assertRefused("events[0].name", List.of(changed(json -> json.put("name", "n".repeat(65)))));
        assertRefused("events[0].platform", List.of(changed(json -> json.put("platform", "Claude Code"))));
        assertRefused("events[0].toolUseId", List.of(changed(json -> json.put("toolUseId", "t".repeat(201)))));
        assertRefused("events[0].toolName", List.of(changed(json -> json.put("toolName", "t".repeat(257)))));
        assertRefused("events[0].detail", List.of(changed(json -> json.put("detail", "t".repeat(201)))));
        assertRefused("events[0].durationMs", List.of(changed(json -> json.put("durationMs", -1))));
        assertRefused("events[0].at", List.of(changed(json -> json.put("at", -1))));
        assertThat(appended).isEmpty();
    }

    private static AgentEvent changed(UnaryOperator<JsonObject> change) {
        JsonObject json =
                new JsonObject(dev.cairn.bus.WireFormat.encode(event(EventKind.TOOL_USE, "s", "/a", null, "1")));
        return dev.cairn.bus.WireFormat.decode(change.apply(json).encode(), AgentEvent.class);
    }

    private void assertRefused(String field, List<AgentEvent> events) {
        assertThatThrownBy(() -> await(client.record(new RecordEvents(events))))
                .isInstanceOfSatisfying(CairnException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(refusal.field()).isEqualTo(field);
                    assertThat(refusal).hasMessageContaining(field);
                });
    }

    private static NewMemory memory(String text, @Nullable String title, String... facts) {
        return new NewMemory(text, title, null, "/a/b", List.of(facts), List.of("x.txt"), null);
    }

    @Test
    @DisplayName("H5: memories saved by hand are filtered too")
    void savedMemoriesAreFiltered() throws Exception {
        deploy(new JsonObject());
        String token = SecretSamples.of("anthropic-key");
        Saved ids = await(client.save(new SaveMemories(
                List.of(memory("key " + token, "t " + token, "f " + token, " "), memory("<private>x</private>", " ")),
                "api")));
        assertThat(ids.ids()).containsExactly(1L, 2L);
        List<NewMemory> memories = next(saved).memories();
        assertThat(memories.get(0).text()).isEqualTo("key [secret:anthropic-key]");
        assertThat(memories.get(0).title()).isEqualTo("t [secret:anthropic-key]");
        assertThat(memories.get(0).facts()).containsExactly("f [secret:anthropic-key]");
        assertThat(memories.get(1)).isEqualTo(memory("[private]", null));
    }

    @Test
    void whatAMemoryCorrectsIsHandedOnUpToABound() throws Exception {
        deploy(new JsonObject());
        List<Long> ids = java.util.stream.LongStream.rangeClosed(1, 21).boxed().toList();
        await(client.save(new SaveMemories(List.of(correcting(ids.subList(0, 20))), "api")));
        assertThat(next(saved).memories().get(0).supersedes()).isEqualTo(ids.subList(0, 20));
        assertSaveRefused("memories[0].supersedes", new SaveMemories(List.of(correcting(ids)), "api"));
    }

    private static NewMemory correcting(List<Long> ids) {
        return new NewMemory("text", null, null, "/a/b", List.of(), List.of(), null, null, ids);
    }

    @Test
    void tenThousandMemoriesGoInOneRequestAndMoreAreRefused() throws Exception {
        deploy(new JsonObject());
        List<NewMemory> many = IntStream.range(0, 10_000)
                .mapToObj(i -> memory("memory " + i, null))
                .toList();
        assertThat(await(client.save(new SaveMemories(many, "api"))).ids()).hasSize(10_000);
        assertThat(next(saved).memories()).isEqualTo(many);
        List<NewMemory> more =
                IntStream.range(0, 10_001).mapToObj(i -> memory("memory", null)).toList();
        assertSaveRefused("memories", new SaveMemories(more, "api"));
        assertSaveRefused("memories", new SaveMemories(List.of(), "api"));
        assertSaveRefused("platform", new SaveMemories(List.of(memory("a", null)), "A P I"));
        assertSaveRefused("memories[1].text", new SaveMemories(List.of(memory("a", null), memory(" ", null)), "api"));
        assertSaveRefused("memories[0].text", new SaveMemories(List.of(memory("a".repeat(100_001), null)), "api"));
        assertSaveRefused("memories[0].title", new SaveMemories(List.of(memory("a", "t".repeat(301))), "api"));
        assertSaveRefused(
                "memories[0].project",
                new SaveMemories(List.of(new NewMemory("a", null, null, "", List.of(), List.of(), null)), "api"));
        assertSaveRefused(
                "memories[0].type",
                new SaveMemories(List.of(new NewMemory("a", null, "No Type", "p", List.of(), List.of(), null)), "api"));
        assertSaveRefused(
                "memories[0].createdAt",
                new SaveMemories(List.of(new NewMemory("a", null, null, "p", List.of(), List.of(), -1L)), "api"));
        assertThat(saved).isEmpty();
    }

    private void assertSaveRefused(String field, SaveMemories request) {
        assertThatThrownBy(() -> await(client.save(request))).isInstanceOfSatisfying(CairnException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(refusal.field()).isEqualTo(field);
        });
    }

    @Test
    void aTitleThatGrowsByAMarkerStillFits() throws Exception {
        deploy(new JsonObject().put("privacy", new JsonObject().put("patterns", new JsonArray().add("Q"))));
        await(client.save(new SaveMemories(List.of(memory("Q".repeat(100_000), "Q".repeat(300))), "api")));
        NewMemory memory = next(saved).memories().get(0);
        assertThat(memory.title()).hasSize(300).startsWith("[secret:pattern]");
        assertThat(memory.text()).hasSize(100_000);
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

    @Test
    @DisplayName("H5: an import goes through the privacy filter and the size caps")
    void anImportIsFilteredAndCapped() throws Exception {
        BlockingQueue<ImportLines> taken = new LinkedBlockingQueue<>();
        bus.serve(Addresses.STORE_IMPORT, lines -> {
            taken.add(lines);
            return Future.succeededFuture(new Imported(1, 2, 3, 4, 5, 6));
        });
        deploy(new JsonObject().put("store", new JsonObject().put("maxFieldBytes", 1024)));
        String token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
        Project project = new Project("/p", "p");
        ExportLine.TurnKey turn = new ExportLine.TurnKey(1, "p1", null);
        List<String> lines = List.of(
                ExportFormat.header(),
                "{\"record\":\"turn\",\"platform\":\"claude-code\",\"sessionId\":\"s\",\"number\":1,\"promptId\":\"p1\","
                        + "\"project\":{\"key\":\"/p\",\"name\":\"p\"},\"state\":\"parked\",\"error\":\"" + token
                        + "\",\"startedAt\":1,\"lastEventAt\":2}",
                ExportFormat.write(new ExportLine.PromptLine(
                        "prompt",
                        1,
                        project,
                        "claude-code",
                        "s",
                        turn,
                        "a <private>secret</private> b " + token,
                        1,
                        null,
                        null)),
                ExportFormat.write(new ExportLine.ObservationLine(
                        "observation",
                        2,
                        project,
                        "claude-code",
                        "s",
                        turn,
                        "bugfix",
                        "title " + token,
                        token,
                        token,
                        List.of(token),
                        List.of(token),
                        List.of("a.txt"),
                        List.of(),
                        List.of(new CommandRun("curl " + token, token)),
                        1,
                        null,
                        null,
                        null,
                        null)),
                ExportFormat.write(new ExportLine.SummaryLine(
                        "summary",
                        3,
                        project,
                        "claude-code",
                        "s",
                        turn,
                        token,
                        token,
                        token,
                        token,
                        token,
                        token,
                        List.of(),
                        List.of(),
                        1,
                        null)),
                ExportFormat.write(new ExportLine.ToolUseLine(
                        "toolUse",
                        1,
                        project,
                        "claude-code",
                        "s",
                        turn,
                        null,
                        "Read",
                        "u",
                        "{\"password\":\"hunter2hunter2\",\"x\":\"" + token + "\"}",
                        "{\"big\":\"" + "z ".repeat(4_000) + "\"}",
                        token,
                        5L,
                        true,
                        new ExportLine.ObservationKey(2, 1, "title " + token),
                        1,
                        null,
                        null)),
                ExportFormat.write(
                        new ExportLine.NoteLine("note", "claude-code", "s", turn, "STOP", null, null, token, 1)),
                "{\"record\":\"end\"}");
        Imported imported = await(bus.request(Addresses.SESSION_IMPORT, new ImportLines(lines, 1, false)));
        assertThat(imported).isEqualTo(new Imported(1, 2, 3, 4, 5, 6));
        ImportLines clean = next(taken);
        assertThat(clean.lines()).hasSameSizeAs(lines);
        String all = String.join("\n", clean.lines());
        assertThat(all).doesNotContain(token).doesNotContain(">secret<").doesNotContain("hunter2");
        assertThat(all).contains("characters cut");
        assertThat(clean.lines().get(5).length()).isLessThan(3_000);
        // What is clean stays as it is, byte for byte.
        await(bus.request(Addresses.SESSION_IMPORT, clean));
        assertThat(next(taken)).isEqualTo(clean);
    }

    @Test
    @DisplayName("H7: a line that does not fit is refused by its number and field")
    void aBadLineOfAnImportIsNamed() throws Exception {
        deploy(new JsonObject());
        String turn =
                "{\"record\":\"turn\",\"platform\":\"claude-code\",\"sessionId\":\"s\",\"number\":1,\"promptId\":\"p\","
                        + "\"project\":{\"key\":\"/p\",\"name\":\"p\"},\"state\":\"done\",\"startedAt\":1,\"lastEventAt\":2}";
        assertRefused(turn.replace("done", "lost"), "lines[0].state");
        assertRefused(turn.replace("claude-code", "no platform"), "lines[0].platform");
        assertRefused(turn.replace("\"startedAt\":1", "\"startedAt\":-1"), "lines[0].startedAt");
        assertRefused(turn.replace("\"number\":1", "\"number\":0"), "lines[0].turn.number");
        assertRefused(turn.replace("\"number\":1", "\"number\":\"x\""), "lines[0].number");
        assertRefused(turn.replace("\"sessionId\":\"s\",", ""), "lines[0].sessionId");
        assertRefused("{", "lines[0]");
        assertThatThrownBy(() -> await(bus.request(Addresses.SESSION_IMPORT, new ImportLines(List.of(), 1, false))))
                .isInstanceOfSatisfying(
                        CairnException.class,
                        refused -> assertThat(refused.field()).isEqualTo("lines"));
    }

    private void assertRefused(String line, String field) {
        assertThatThrownBy(
                        () -> await(bus.request(Addresses.SESSION_IMPORT, new ImportLines(List.of(line), 12, false))))
                .isInstanceOfSatisfying(CairnException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(refused.field()).isEqualTo(field);
                    assertThat(refused).hasMessageContaining("line 12");
                });
    }
}
