package dev.cairn.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChainLinksTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private static final class Link extends ChainVerticle {
        private final boolean opens;

        Link(String name, boolean opens, @Nullable Next next) {
            super(name, 1_000, next);
            this.opens = opens;
        }

        @Override
        protected Future<?> open() {
            return opens ? Future.succeededFuture() : Future.failedFuture("it cannot");
        }

        @Override
        protected Future<?> close() {
            return Future.succeededFuture();
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void theLinksAreToldInTheOrderTheyCameUpWithTheirPlaceInTheStop() throws Exception {
        ChainVerticle.Next last =
                new ChainVerticle.Next(() -> new Link("last", true, null), new DeploymentOptions().setInstances(3));
        ChainVerticle.Next middle = ChainVerticle.Next.one(() -> new Link("middle", true, last));
        String id = await(vertx.deployVerticle(new Link("first", true, middle)));

        List<ChainLinks.Link> links = ChainLinks.of(vertx).all();
        assertThat(links).extracting(ChainLinks.Link::name).containsExactly("first", "middle", "last");
        assertThat(links).extracting(ChainLinks.Link::stopOrder).containsExactly(3, 2, 1);
        assertThat(links).extracting(ChainLinks.Link::instances).containsExactly(1, 1, 3);
        assertThat(links.get(0).deploymentId()).isEqualTo(id);
        assertThat(links).extracting(ChainLinks.Link::deploymentId).allMatch(vertx.deploymentIDs()::contains);

        await(vertx.undeploy(id));
        assertThat(ChainLinks.of(vertx).all()).isEmpty();
    }

    @Test
    void aStartThatFailsLeavesNoLink() {
        ChainVerticle.Next broken = ChainVerticle.Next.one(() -> new Link("broken", false, null));
        assertThat(vertx.deployVerticle(new Link("first", true, broken))
                        .toCompletionStage()
                        .toCompletableFuture())
                .failsWithin(10, TimeUnit.SECONDS);
        assertThat(ChainLinks.of(vertx).all()).isEmpty();
    }
}
