package dev.cairn.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.chain.ChainVerticle.Next;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Vert.x alone does not give: a strict order, budgets, and a stop that no single link can spoil. */
class ChainVerticleTest {
    private static final long BUDGET_MS = 300;

    private final Vertx vertx = Vertx.vertx();
    private final List<String> log = new CopyOnWriteArrayList<>();

    /** Logs what happens to it, and behaves as it is told. */
    private final class Link extends ChainVerticle {
        private final String name;
        private final Supplier<Future<?>> onClose;
        private final Supplier<Future<?>> onDoor;

        Link(String name, @Nullable Next next, Supplier<Future<?>> onClose, Supplier<Future<?>> onDoor) {
            super(name, BUDGET_MS, next);
            this.name = name;
            this.onClose = onClose;
            this.onDoor = onDoor;
        }

        @Override
        protected Future<?> open() {
            log.add("open " + name);
            return Future.succeededFuture();
        }

        @Override
        protected Future<?> openDoor() {
            log.add("door " + name);
            return onDoor.get();
        }

        @Override
        protected Future<?> close() {
            log.add("close " + name);
            return onClose.get().onSuccess(done -> log.add("closed " + name));
        }
    }

    @AfterEach
    void closeVertx() throws Exception {
        await(vertx.close());
    }

    private Supplier<Future<?>> slowly() {
        return () -> vertx.timer(20, TimeUnit.MILLISECONDS);
    }

    private static Supplier<Future<?>> well() {
        return Future::succeededFuture;
    }

    private Next link(String name, @Nullable Next next, Supplier<Future<?>> onClose) {
        return Next.one(() -> new Link(name, next, onClose, well()));
    }

    private Next chain(Supplier<Future<?>> onCloseOfB) {
        return link("a", link("b", link("c", null, slowly()), onCloseOfB), slowly());
    }

    private String deploy(Next root) throws Exception {
        return await(vertx.deployVerticle(root.link(), root.options()));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void opensFromTheRootAndOpensDoorsFromTheLastLink() throws Exception {
        deploy(chain(slowly()));
        assertThat(log).containsExactly("open a", "open b", "open c", "door c", "door b", "door a");
    }

    @Test
    void undeployStopsStrictlyOneByOne() throws Exception {
        String id = deploy(chain(slowly()));
        log.clear();
        await(vertx.undeploy(id));
        assertThat(log).containsExactly("close c", "closed c", "close b", "closed b", "close a", "closed a");
    }

    @Test
    void closingVertxStopsStrictlyOneByOne() throws Exception {
        deploy(chain(slowly()));
        log.clear();
        await(vertx.close());
        assertThat(log).containsExactly("close c", "closed c", "close b", "closed b", "close a", "closed a");
    }

    @Test
    void aFailingLinkDoesNotCutTheOthersShort() throws Exception {
        deploy(chain(() -> Future.failedFuture("boom")));
        log.clear();
        await(vertx.close());
        assertThat(log).containsExactly("close c", "closed c", "close b", "close a", "closed a");
    }

    @Test
    void aThrowingLinkDoesNotCutTheOthersShort() throws Exception {
        deploy(chain(() -> {
            throw new IllegalStateException("boom");
        }));
        log.clear();
        await(vertx.close());
        assertThat(log).containsExactly("close c", "closed c", "close b", "close a", "closed a");
    }

    @Test
    void aHangingLinkCostsItsBudgetAndNoMore() throws Exception {
        Promise<Void> never = Promise.promise();
        deploy(chain(never::future));
        log.clear();
        long begin = System.nanoTime();
        await(vertx.close());
        assertThat(log).containsExactly("close c", "closed c", "close b", "close a", "closed a");
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isGreaterThanOrEqualTo(BUDGET_MS);
    }

    @Test
    void aDoorThatDoesNotOpenTakesBackWhatWasUpInOrder() {
        Next c = link("c", null, slowly());
        Next b = Next.one(() -> new Link("b", c, slowly(), () -> Future.failedFuture("port in use")));
        Next a = link("a", b, slowly());
        assertThat(deployFailure(a)).hasMessageContaining("port in use");
        assertThat(log)
                .containsExactly(
                        "open a",
                        "open b",
                        "open c",
                        "door c",
                        "door b",
                        "close c",
                        "closed c",
                        "close b",
                        "closed b",
                        "close a",
                        "closed a");
    }

    @Test
    void aSubtreeStopsAloneAndCanBeDeployedAgain() throws Exception {
        Next lower = link("b", link("c", null, well()), well());
        deploy(link("a", null, well()));
        String id = deploy(lower);
        await(vertx.undeploy(id));
        assertThat(log).doesNotContain("close a");
        log.clear();
        deploy(lower);
        assertThat(log).containsExactly("open b", "open c", "door c", "door b");
    }

    @Test
    void theChildOfOneInstanceStopsBeforeAnyInstance() throws Exception {
        AtomicInteger made = new AtomicInteger();
        Next child = link("child", null, slowly());
        Next many = new Next(
                () -> {
                    int number = made.getAndIncrement();
                    return new Link("instance" + number, number == 0 ? child : null, well(), well());
                },
                new DeploymentOptions().setInstances(3));
        String id = deploy(many);
        log.clear();
        await(vertx.undeploy(id));
        assertThat(log.subList(0, 2)).containsExactly("close child", "closed child");
        assertThat(log).contains("closed instance0", "closed instance1", "closed instance2");
    }

    private Throwable deployFailure(Next root) {
        return vertx.deployVerticle(root.link(), root.options())
                .toCompletionStage()
                .toCompletableFuture()
                .handle((id, failure) -> failure)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
