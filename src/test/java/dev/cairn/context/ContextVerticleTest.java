package dev.cairn.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ContextQuery;
import dev.cairn.bus.ContextText;
import dev.cairn.bus.Recent;
import dev.cairn.bus.RecentQuery;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.ConfigLoader;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContextVerticleTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final List<RecentQuery> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void asksTheStoreForTheNewestMemoriesAndBuildsTheText() throws Exception {
        serveRecent(Samples.recent());
        String id = deploy(new JsonObject());

        ContextText context = await(bus.request(Addresses.CONTEXT_BUILD, new ContextQuery("cairn", null)));

        assertThat(asked).containsExactly(new RecentQuery("cairn", 10, 30));
        assertThat(context.project()).isEqualTo("cairn");
        assertThat(context.summaryIds()).containsExactly(41L);
        assertThat(context.observationIds()).containsExactly(40L, 39L);
        await(vertx.undeploy(id));
        assertThatThrownBy(() -> await(bus.request(Addresses.CONTEXT_BUILD, new ContextQuery("cairn", null))))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    @DisplayName("C6: the same memories give the same bytes")
    void theSameMemoriesGiveTheSameBytes() throws Exception {
        serveRecent(Samples.recent());
        deploy(new JsonObject());

        String first = await(bus.request(Addresses.CONTEXT_BUILD, new ContextQuery("cairn", 500)))
                .text();
        assertThat(await(bus.request(Addresses.CONTEXT_BUILD, new ContextQuery("cairn", 500)))
                        .text())
                .isEqualTo(first);
    }

    @Test
    void theSettingsBoundWhatIsShown() throws Exception {
        serveRecent(Samples.recent());
        deploy(new JsonObject()
                .put(
                        "context",
                        new JsonObject()
                                .put("summaries", 2)
                                .put("observations", 3)
                                .put("maxTokens", 150)));

        ContextText context = await(bus.request(Addresses.CONTEXT_BUILD, new ContextQuery("cairn", null)));

        assertThat(asked).containsExactly(new RecentQuery("cairn", 2, 3));
        assertThat(context.tokens()).isBetween(1, 150);
    }

    @Test
    void switchedOffItIsEmptyAndAsksNobody() throws Exception {
        deploy(new JsonObject().put("context", new JsonObject().put("enabled", false)));

        assertThat(await(bus.request(Addresses.CONTEXT_BUILD, new ContextQuery("cairn", null))))
                .isEqualTo(new ContextText("cairn", "", 0, List.of(), List.of()));
    }

    @Test
    void anUnknownProjectHasNoContext() throws Exception {
        serveRecent(new Recent(List.of(), List.of()));
        deploy(new JsonObject());

        assertThat(await(bus.request(Addresses.CONTEXT_BUILD, new ContextQuery("nobody", null))))
                .isEqualTo(new ContextText("nobody", "", 0, List.of(), List.of()));
    }

    @ParameterizedTest
    @DisplayName("H7: a budget out of bounds is refused by name")
    @ValueSource(ints = {-1, 0, 99, 2_501, Integer.MAX_VALUE})
    void budgetsOutOfBoundsAreRefused(int maxTokens) throws Exception {
        deploy(new JsonObject());

        assertThatThrownBy(() -> await(bus.request(Addresses.CONTEXT_BUILD, new ContextQuery("cairn", maxTokens))))
                .isInstanceOfSatisfying(CairnException.class, e -> {
                    assertThat(e.field()).isEqualTo("maxTokens");
                    assertThat(e).hasMessage("maxTokens must be 100 to 2500, not " + maxTokens);
                });
    }

    @Test
    @DisplayName("H7: a blank or overlong project is refused by name")
    void projectsThatCannotBeAreRefused() throws Exception {
        deploy(new JsonObject());

        for (String project : List.of(" ", "x".repeat(513))) {
            assertThatThrownBy(() -> await(bus.request(Addresses.CONTEXT_BUILD, new ContextQuery(project, null))))
                    .isInstanceOfSatisfying(
                            CairnException.class, e -> assertThat(e.field()).isEqualTo("project"));
        }
    }

    private void serveRecent(Recent recent) {
        bus.serve(Addresses.STORE_RECENT, query -> {
            asked.add(query);
            return Future.succeededFuture(recent);
        });
    }

    private String deploy(JsonObject options) throws Exception {
        return await(vertx.deployVerticle(new ContextVerticle(
                ConfigLoader.of(options), ChainVerticle.Next.one(() -> new AbstractVerticle() {}))));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
