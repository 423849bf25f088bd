package dev.cairn.observer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.FailTurn;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.PartStatus;
import dev.cairn.bus.ReleaseTurns;
import dev.cairn.bus.TurnWork;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigLoader;
import dev.cairn.observer.rules.TurnFiles;
import dev.cairn.observer.rules.TurnRules;
import dev.cairn.process.ChildProcesses;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObserverVerticleTest {
    private static final WorkLoop.Limits LIMITS = new WorkLoop.Limits(0, 5_000, 300, 500);
    private static final SimpleMeterRegistry REGISTRY = new SimpleMeterRegistry();
    private static final ChildProcesses CHILDREN = new ChildProcesses(REGISTRY, false);
    private static final Observed NOTHING_MADE = new Observed(List.of(), null, List.of(), false);

    @TempDir
    Path directory;

    private Vertx vertx;
    private Bus bus;
    private FakeStore store;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        bus = new Bus(vertx);
        store = new FakeStore(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private CairnConfig config(int attempts) {
        return ConfigLoader.of(new JsonObject()
                .put("dataDir", directory.toString())
                .put("observer", new JsonObject().put("attempts", attempts)));
    }

    private String deploy(Observer observer, int instances) throws Exception {
        return deploy(observer, instances, LIMITS);
    }

    private String deploy(Observer observer, int instances, WorkLoop.Limits limits) throws Exception {
        CairnConfig config = config(3);
        return vertx.deployVerticle(
                        () -> new ObserverVerticle(config, CHILDREN, REGISTRY, v -> observer, limits),
                        new DeploymentOptions().setInstances(instances))
                .await(10, TimeUnit.SECONDS);
    }

    private void nudge() {
        bus.send(Addresses.OBSERVER_WORK, Nothing.NOTHING);
    }

    @Test
    @DisplayName(
            "D4: work that an earlier run left is observed without a nudge, oldest first, with the configured rules")
    void observes_what_an_earlier_run_left() throws Exception {
        LongStream.rangeClosed(1, 5).forEach(store::add);
        CairnConfig config = config(3);
        vertx.deployVerticle(new ObserverVerticle(config, CHILDREN, REGISTRY)).await(10, TimeUnit.SECONDS);

        FakeStore.await("all five", () -> store.completedTurns().size() == 5);
        assertThat(store.completedTurns()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(store.claimed()).isZero();
    }

    @Test
    @DisplayName("D4: a turn queued at a session's end is observed after one nudge")
    void observes_after_a_nudge() throws Exception {
        deploy(work -> Future.succeededFuture(NOTHING_MADE), 2);
        FakeStore.await("the claims at the start", () -> store.claims() == 2);

        store.add(9);
        nudge();

        FakeStore.await("the turn", () -> store.completedTurns().contains(9L));
    }

    @Test
    void each_instance_works_on_one_turn_at_a_time_under_its_own_id() throws Exception {
        AtomicInteger inHand = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        LongStream.rangeClosed(1, 20).forEach(store::add);
        deploy(
                work -> {
                    most.accumulateAndGet(inHand.incrementAndGet(), Math::max);
                    return vertx.timer(5).map(x -> NOTHING_MADE).onComplete(done -> inHand.decrementAndGet());
                },
                3);

        FakeStore.await("all twenty", () -> store.completedTurns().size() == 20);
        assertThat(most.get()).isBetween(2, 3);
        assertThat(new HashSet<>(store.claimers)).hasSize(3);
        assertThat(new HashSet<>(store.completedTurns())).hasSize(20);
    }

    @Test
    void a_nudge_while_a_turn_is_in_hand_leads_to_another_claim() throws Exception {
        Promise<Observed> first = Promise.promise();
        ConcurrentLinkedQueue<Long> seen = new ConcurrentLinkedQueue<>();
        store.add(1);
        deploy(
                work -> {
                    seen.add(work.turnId());
                    return work.turnId() == 1 ? first.future() : Future.succeededFuture(NOTHING_MADE);
                },
                1);
        FakeStore.await("the first turn in hand", () -> seen.contains(1L));

        store.add(2);
        nudge();
        first.complete(NOTHING_MADE);

        FakeStore.await("the second", () -> store.completedTurns().contains(2L));
    }

    @Test
    void a_nudge_between_an_empty_claim_and_its_answer_is_not_lost() throws Exception {
        AtomicInteger empties = new AtomicInteger();
        store.onClaim(() -> {
            // The store has looked and found nothing; the turn arrives before its answer does.
            if (empties.incrementAndGet() == 1) {
                store.add(4);
                nudge();
            }
        });
        deploy(work -> Future.succeededFuture(NOTHING_MADE), 1);

        FakeStore.await("the turn", () -> store.completedTurns().contains(4L));
    }

    @Test
    @DisplayName(
            "D3: a turn that fails is tried again with growing back-off, then parked, and never blocks those behind it")
    void a_failing_turn_is_parked_and_blocks_nothing() throws Exception {
        store.retryAfterMs = 20L;
        LongStream.rangeClosed(1, 4).forEach(store::add);
        deploy(
                work -> work.turnId() == 2
                        ? Future.failedFuture(new IllegalStateException("cannot make sense of it"))
                        : Future.succeededFuture(NOTHING_MADE),
                1);

        FakeStore.await("the parked turn", () -> store.parked.contains(2L));
        assertThat(store.completedTurns()).containsExactly(1L, 3L, 4L);
        assertThat(store.failed).extracting(FailTurn::error).containsOnly("cannot make sense of it");
        assertThat(store.failed).hasSize(3);
        assertThat(store.failed.get(2).retryAt()).isNull();
        assertThat(store.waiting()).isZero();

        PartStatus health = health();
        assertThat(health.detail())
                .containsEntry("turnsParked", "1")
                .containsEntry("attemptsFailed", "3")
                .containsEntry("turnsObserved", "3")
                .containsEntry("lastError", "cannot make sense of it");
    }

    @Test
    @DisplayName("D3: an observer that throws, and one that never answers, count as failures")
    void throwing_and_hanging_observers_are_failures() throws Exception {
        LongStream.rangeClosed(1, 3).forEach(store::add);
        deploy(
                work -> switch ((int) work.turnId()) {
                    case 1 -> throw new IllegalArgumentException("thrown");
                    case 2 -> Promise.<Observed>promise().future();
                    default -> Future.succeededFuture(NOTHING_MADE);
                },
                1,
                new WorkLoop.Limits(0, 100, 300, 500));

        FakeStore.await("the third turn", () -> store.completedTurns().contains(3L));
        assertThat(store.failed)
                .extracting(FailTurn::error)
                .containsExactly("thrown", "the observer took more than 100 ms");
        long now = System.currentTimeMillis();
        assertThat(store.failed.get(0).retryAt()).isBetween(now - 9_000, now + 1_000);
    }

    @Test
    void a_back_off_is_waited_for_with_one_timer_and_no_polling() throws Exception {
        store.retryAfterMs = 400L;
        store.add(1);
        AtomicInteger tries = new AtomicInteger();
        deploy(
                work -> tries.incrementAndGet() == 1
                        ? Future.failedFuture(new IllegalStateException("once"))
                        : Future.succeededFuture(NOTHING_MADE),
                1);

        FakeStore.await("the second try", () -> store.completedTurns().contains(1L));
        FakeStore.await("the claim after it", () -> store.claims() == 4);
        // The failing claim, the empty one that told the due time, the one by the timer, the empty one after it.
        assertThat(store.claims()).isEqualTo(4);
    }

    @Test
    void a_store_that_refuses_is_asked_again_later_and_nudges_do_not_make_it_a_tight_loop() throws Exception {
        store.refuseClaims(1_000);
        store.add(1);
        deploy(work -> Future.succeededFuture(NOTHING_MADE), 1);
        FakeStore.await("the first refusal", () -> store.claims() == 1);
        FakeStore.await("the refusal told in health", () -> health().state().equals("degraded"));
        for (int i = 0; i < 100; i++) {
            nudge();
        }
        // Two round trips behind the nudges: whatever they led to has arrived at the store.
        health();
        releaseForNobody();
        assertThat(store.claims()).isEqualTo(1);

        store.refuseClaims(0);
        FakeStore.await(
                "the turn, after the pause", () -> store.completedTurns().contains(1L));
        assertThat(store.releases)
                .as("a claim whose answer was lost may be held: it is put back first")
                .hasSizeGreaterThan(1);
        FakeStore.await("health is well again", () -> health().state().equals("up"));
    }

    private PartStatus health() {
        try {
            return bus.request(Addresses.health("observer"), Nothing.NOTHING).await(5, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("health did not answer", e);
        }
    }

    private void releaseForNobody() throws Exception {
        bus.request(Addresses.STORE_RELEASE, new ReleaseTurns("nobody")).await(5, TimeUnit.SECONDS);
    }

    @Test
    void a_completion_that_the_store_cannot_take_now_is_offered_again_without_observing_twice() throws Exception {
        store.refuseCompletions(1);
        store.add(1);
        AtomicInteger observed = new AtomicInteger();
        deploy(
                work -> {
                    observed.incrementAndGet();
                    return Future.succeededFuture(NOTHING_MADE);
                },
                1);

        FakeStore.await("the turn", () -> store.completedTurns().contains(1L));
        assertThat(observed.get()).isEqualTo(1);
        assertThat(store.failed).isEmpty();
    }

    @Test
    @DisplayName("D3: a result that the store refuses for good counts as a failed attempt")
    void a_refused_result_is_a_failure() throws Exception {
        store.retryAfterMs = 20L;
        store.refuseCompletionsForGood(1);
        store.add(1);
        deploy(work -> Future.succeededFuture(NOTHING_MADE), 1);

        FakeStore.await(
                "the turn at the second attempt", () -> store.completedTurns().contains(1L));
        assertThat(store.failed).extracting(FailTurn::error).containsExactly("title is empty");
    }

    @Test
    void a_stop_lets_the_turn_in_hand_end_and_puts_nothing_back_then() throws Exception {
        Promise<Observed> slow = Promise.promise();
        store.add(1);
        String id = deploy(work -> slow.future(), 1);
        FakeStore.await("the turn in hand", () -> store.claimed() == 1);

        Future<Void> undeployed = vertx.undeploy(id);
        vertx.setTimer(50, fired -> slow.complete(NOTHING_MADE));
        undeployed.await(5, TimeUnit.SECONDS);

        assertThat(store.completedTurns()).containsExactly(1L);
        assertThat(store.waiting()).isZero();
    }

    @Test
    void a_stop_puts_back_what_takes_too_long_and_works_no_more() throws Exception {
        Promise<Observed> stuck = Promise.promise();
        List<Long> seen = new ArrayList<>();
        store.add(1);
        store.add(2);
        String id = deploy(
                work -> {
                    seen.add(work.turnId());
                    return stuck.future();
                },
                1);
        FakeStore.await("the turn in hand", () -> store.claimed() == 1);
        int claims = store.claims();

        long begin = System.nanoTime();
        vertx.undeploy(id).await(5, TimeUnit.SECONDS);

        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isBetween(250L, 1_500L);
        assertThat(store.claimed()).isZero();
        assertThat(store.waiting()).as("both turns are ready for the next run").isEqualTo(2);

        stuck.complete(NOTHING_MADE);
        store.add(3);
        nudge();
        // A round trip over the same bus: whatever the verticle still wanted to send came before it.
        releaseForNobody();
        assertThat(store.claims()).isEqualTo(claims);
        assertThat(store.completedTurns()).isEmpty();
        assertThat(seen).containsExactly(1L);
    }

    @Test
    void health_tells_the_provider_and_how_many_observers_there_are() throws Exception {
        deploy(work -> Future.succeededFuture(NOTHING_MADE), 3);

        PartStatus health = health();

        assertThat(health.up()).isTrue();
        assertThat(health.state()).isEqualTo("up");
        assertThat(health.detail()).containsEntry("provider", "rules").containsEntry("observers", "3");
    }

    @Test
    void back_off_grows_fourfold_to_five_minutes() {
        assertThat(LongStream.rangeClosed(1, 7).map(i -> Backoff.delayMs((int) i)))
                .containsExactly(1_000L, 4_000L, 16_000L, 64_000L, 256_000L, 300_000L, 300_000L);
        assertThat(Backoff.delayMs(100)).isEqualTo(300_000L);
    }

    @Test
    void rules_run_off_the_event_loop() throws Exception {
        var pool = vertx.createSharedWorkerExecutor("test-observer", 1);
        TurnWork work = TurnFiles.read("bug-fix");

        Observed observed = new RuleObserver(pool).observe(work).await(10, TimeUnit.SECONDS);

        TurnRules.Made made = TurnRules.observe(work);
        assertThat(observed).isEqualTo(new Observed(made.observations(), made.summary(), work.fresh(), false));
        assertThat(observed.observations()).hasSize(1);
    }
}
