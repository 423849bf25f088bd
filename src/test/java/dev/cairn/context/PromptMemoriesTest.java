package dev.cairn.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.MemoryIds;
import dev.cairn.bus.Page;
import dev.cairn.bus.PromptContext;
import dev.cairn.bus.PromptContext.Outcome;
import dev.cairn.bus.PromptQuery;
import dev.cairn.bus.Ranked;
import dev.cairn.bus.SessionMemories;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.ConfigLoader;
import dev.cairn.model.CairnException;
import dev.cairn.model.Kind;
import dev.cairn.model.Observation;
import dev.cairn.model.Session;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** With the store and the vector index faked on a real bus. */
class PromptMemoriesTest {
    private static final Coverage ALL = new Coverage(1_000, 1_000);

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final List<Object> asked = new CopyOnWriteArrayList<>();
    private final TreeSet<Long> told = new TreeSet<>();

    /** How near each memory is, from id 1 on; all share the same words. */
    private volatile List<Double> cosines = List.of(0.80, 0.79, 0.78, 0.77, 0.60);

    private volatile @Nullable Double bearing = 0.68;
    private volatile Function<VectorQuery, Future<VectorHits>> index = query -> Future.succeededFuture(hits());
    private volatile Function<SessionMemories, Future<MemoryIds>> tell = request -> {
        List<Long> fresh = request.ids().stream().filter(told::add).toList();
        return Future.succeededFuture(new MemoryIds(fresh));
    };

    @BeforeEach
    void serve() {
        bus.serve(Addresses.VECTOR_QUERY, query -> note(query, index));
        bus.serve(Addresses.STORE_RANK, query -> {
            List<Ranked.Hit> hits = IntStream.rangeClosed(1, cosines.size())
                    .mapToObj(id -> new Ranked.Hit(id, 20))
                    .toList();
            return Future.succeededFuture(new Ranked(hits, hits.size(), ALL));
        });
        bus.serve(
                Addresses.STORE_UNTOLD,
                request -> Future.succeededFuture(new MemoryIds(
                        request.ids().stream().filter(id -> !told.contains(id)).toList())));
        bus.serve(Addresses.STORE_FETCH, request -> Future.succeededFuture(rows(request)));
        bus.serve(Addresses.STORE_TELL, request -> note(request, tell));
    }

    private <Q, R> Future<R> note(Q request, Function<Q, Future<R>> answer) {
        asked.add(request);
        return answer.apply(request);
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void thePromptIsToldTheNearestOfItsProjectAndNoPrompts() throws Exception {
        deploy(new JsonObject());

        PromptContext context = about("where do acks wait?", 5_000);

        assertThat(context.outcome()).isEqualTo(Outcome.INJECTED);
        assertThat(context.ids()).containsExactly(1L, 2L, 3L);
        assertThat(context.text()).contains("#1 ", "#2 ", "#3 ").doesNotContain("#4 ");
        VectorQuery query = (VectorQuery) asked.get(0);
        assertThat(query.project()).isEqualTo("/home/ada/cairn");
        assertThat(query.kinds()).containsExactly(Kind.OBSERVATION, Kind.SUMMARY);
        assertThat(asked.get(1)).isEqualTo(new SessionMemories("claude-code", "s-2", List.of(1L, 2L, 3L)));
    }

    @Test
    void whatWasToldIsNotToldAgain() throws Exception {
        deploy(new JsonObject());

        assertThat(about("where do acks wait?", 5_000).ids()).containsExactly(1L, 2L, 3L);
        assertThat(about("where do acks wait?", 5_000).ids()).containsExactly(4L);
        assertThat(about("where do acks wait?", 5_000)).isEqualTo(PromptContext.none(Outcome.TOLD));
    }

    @Test
    void whatAnotherPromptWasToldInBetweenIsLeftOut() throws Exception {
        tell = request -> Future.succeededFuture(new MemoryIds(List.of(2L)));
        deploy(new JsonObject());

        PromptContext context = about("where do acks wait?", 5_000);

        assertThat(context.ids()).containsExactly(2L);
        assertThat(context.text()).contains("#2 ").doesNotContain("#1 ", "#3 ");
    }

    @Test
    void nothingBearsOnIt() throws Exception {
        cosines = List.of(0.65, 0.50);
        deploy(new JsonObject());

        assertThat(about("what's the weather", 5_000)).isEqualTo(PromptContext.none(Outcome.BELOW));
        assertThat(asked).hasSize(1);
    }

    @Test
    @DisplayName("a model whose distances were not measured injects nothing, unless the setting gives a threshold")
    void anUnknownModelInjectsNothing() throws Exception {
        bearing = null;
        String id = deploy(new JsonObject());
        assertThat(about("where do acks wait?", 5_000)).isEqualTo(PromptContext.none(Outcome.UNAVAILABLE));
        await(vertx.undeploy(id));

        deploy(new JsonObject().put("minCosine", 0.785));
        assertThat(about("where do acks wait?", 5_000).ids()).containsExactly(1L, 2L);
    }

    @Test
    void anIndexThatIsNotUpIsNoTrouble() throws Exception {
        index = query -> Future.failedFuture(CairnException.unavailable("the vector index is loading"));
        deploy(new JsonObject());

        assertThat(about("where do acks wait?", 5_000)).isEqualTo(PromptContext.none(Outcome.UNAVAILABLE));
    }

    @Test
    void aLateAnswerIsDroppedAndNothingIsNoted() throws Exception {
        Promise<VectorHits> late = Promise.promise();
        index = query -> late.future();
        deploy(new JsonObject());
        long begin = System.nanoTime();

        PromptContext context = about("where do acks wait?", 150);

        assertThat(context).isEqualTo(PromptContext.none(Outcome.LATE));
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isBetween(140L, 2_000L);
        late.complete(hits());
        index = query -> Future.succeededFuture(hits());
        assertThat(about("where do acks wait?", 5_000).ids()).containsExactly(1L, 2L, 3L);
        assertThat(asked.stream().filter(SessionMemories.class::isInstance)).hasSize(1);
    }

    @Test
    void timeThatHasRunOutAsksNobody() throws Exception {
        deploy(new JsonObject());

        assertThat(about("where do acks wait?", 0)).isEqualTo(PromptContext.none(Outcome.LATE));
        assertThat(asked).isEmpty();
    }

    @Test
    void switchedOffOrWithAnotherIndexItAsksNobody() throws Exception {
        String off = deploy(new JsonObject().put("enabled", false));
        assertThat(about("where do acks wait?", 5_000)).isEqualTo(PromptContext.none(Outcome.UNAVAILABLE));
        await(vertx.undeploy(off));

        deploy(new JsonObject(), "chroma-http");
        assertThat(about("where do acks wait?", 5_000)).isEqualTo(PromptContext.none(Outcome.UNAVAILABLE));
        assertThat(asked).isEmpty();
    }

    @Test
    void aLongPromptIsLookedForByItsBegin() throws Exception {
        deploy(new JsonObject());

        assertThat(about("where do acks wait? ".repeat(5_000), 5_000).ids()).containsExactly(1L, 2L, 3L);
        assertThat(((VectorQuery) asked.get(0)).text()).hasSizeLessThanOrEqualTo(2_000);
    }

    @Test
    void aSessionThatBeginsWakesTheIndexAndOneThatEndsDoesNot() throws Exception {
        deploy(new JsonObject());

        bus.publish(Addresses.EVENT_SESSION, session(9L));
        bus.publish(Addresses.EVENT_SESSION, session(null));
        bus.publish(Addresses.EVENT_SESSION, session(9L));
        about("where do acks wait?", 5_000);

        assertThat(asked.stream().filter(VectorQuery.class::isInstance).map(query -> ((VectorQuery) query).text()))
                .containsExactly("cairn", "where do acks wait?");
    }

    private static Session session(@Nullable Long endedAt) {
        return new Session(1, "s-2", "claude-code", Samples.CAIRN, null, 1, endedAt, null, 0, 0);
    }

    private VectorHits hits() {
        List<VectorHits.Hit> hits = new ArrayList<>();
        for (int i = 0; i < cosines.size(); i++) {
            hits.add(new VectorHits.Hit(i + 1, 2 - 2 * cosines.get(i)));
        }
        return new VectorHits(hits, ALL, 1, bearing);
    }

    private static Page rows(Fetch fetch) {
        List<Observation> rows = fetch.ids().stream()
                .map(id -> Samples.observation(id, "bugfix", "Memory " + id, Samples.NOON))
                .toList();
        return new Page(List.of(), List.of(), List.of(), rows, List.of(), null);
    }

    private PromptContext about(String prompt, long withinMs) throws Exception {
        return await(bus.request(
                Addresses.CONTEXT_PROMPT, new PromptQuery("/home/ada/cairn", "claude-code", "s-2", prompt, withinMs)));
    }

    private String deploy(JsonObject prompt) throws Exception {
        return deploy(prompt, "embedded");
    }

    private String deploy(JsonObject prompt, String mode) throws Exception {
        JsonObject on = new JsonObject().put("enabled", true).mergeIn(prompt);
        JsonObject options = new JsonObject()
                .put("context", new JsonObject().put("prompt", on))
                .put("vector", new JsonObject().put("mode", mode));
        return Objects.requireNonNull(await(vertx.deployVerticle(new ContextVerticle(
                ConfigLoader.of(options), ChainVerticle.Next.one(() -> new AbstractVerticle() {})))));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
