package dev.cairn.search;

import static dev.cairn.search.FakeStore.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.Bus;
import dev.cairn.bus.TimelineQuery;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.ConfigLoader;
import dev.cairn.mcp.LineChannel;
import dev.cairn.mcp.McpClient;
import dev.cairn.mcp.McpHandler;
import dev.cairn.mcp.McpPeer;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.SearchQuery;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The worker's side and the search server's tools, over a channel in memory that a test can break. */
class ServedSearcherTest {
    private static final SearchQuery QUERY = SearchQuery.of("commit", null, 5);

    private final Vertx vertx = Vertx.vertx();
    private final Vertx other = Vertx.vertx();
    private final FakeServer server = new FakeServer();
    private FakeStore ours;
    private FakeStore theirs;
    private ServedSearcher searcher;

    /** A search server whose store knows other rows than the worker's, so that answers tell who gave them. */
    @BeforeEach
    void deploy() throws Exception {
        ours = new FakeStore(vertx);
        theirs = new FakeStore(other);
        ours.rows.add(row(1, "Of the worker", "commit"));
        theirs.rows.add(row(2, "Of the server", "commit"));
        await(other.deployVerticle(new SearchBridgeVerticle(
                ConfigLoader.of(new JsonObject()), null, ChainVerticle.Next.one(() -> new AbstractVerticle() {}))));
        McpHandler handler = McpTools.createReadOnly(new Bus(other), "1");
        server.handler = handler;
        server.client = await(McpClient.connect(vertx, server, new McpPeer("test", "1"), 5_000));
        Bus bus = new Bus(vertx);
        searcher = new ServedSearcher(server, new Searcher(bus, null), 1_000);
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
        await(other.close());
    }

    @Test
    void theServerAnswersWhileItIsUp() throws Exception {
        assertThat(title()).isEqualTo("Of the server");
        assertThat(await(searcher.search(QUERY)).strategies()).containsExactly("keyword");
        assertThat(await(searcher.timeline(new TimelineQuery(2L, null, null, 1, 1, null)))
                        .items()
                        .get(0)
                        .title())
                .isEqualTo("Of the server");
        assertThat(searcher.fallbacks()).isZero();
        assertThat(theirs.lastAsked(SearchQuery.class)).isEqualTo(QUERY);
    }

    @Test
    void whatTheServerLacksTheWorkerAnswersItself() throws Exception {
        searcher = new ServedSearcher(
                server, new Searcher(new Bus(vertx), null), query -> "commit".equals(query.text()), 1_000);

        assertThat(title()).isEqualTo("Of the worker");
        assertThat(await(searcher.search(SearchQuery.of(null, null, 5)))
                        .hits()
                        .get(0)
                        .title())
                .isEqualTo("Of the server");
        assertThat(searcher.fallbacks()).isZero();
    }

    @Test
    @DisplayName("G1: a server that is not up costs nothing; the worker answers, and asks for the server")
    void theWorkerAnswersWhileTheServerIsNotUp() throws Exception {
        server.up = false;
        server.client = null;

        assertThat(title()).isEqualTo("Of the worker");
        assertThat(searcher.fallbacks()).isEqualTo(1);
        assertThat(server.wanted).isEqualTo(1);
    }

    @Test
    void theWorkerAnswersWhenTheServerDiesUnderTheQuestion() throws Exception {
        server.deaf = true;
        Future<String> asked =
                searcher.search(QUERY).map(found -> found.hits().get(0).title());
        server.closed.complete();

        assertThat(await(asked)).isEqualTo("Of the worker");
    }

    @Test
    void theWorkerAnswersWhenTheServerRefuses() throws Exception {
        theirs.rows.clear();
        ours.rows.add(row(9, "Nine", "commit"));

        // The server knows no memory 9.
        assertThat(await(searcher.timeline(new TimelineQuery(9L, null, null, 1, 1, null)))
                        .items())
                .extracting(hit -> hit.id())
                .contains(9L);
        assertThat(searcher.fallbacks()).isEqualTo(1);
    }

    @Test
    void aWrongQuestionIsRefusedWithItsFieldAndIsNoFallback() {
        assertThatThrownBy(() -> await(searcher.timeline(new TimelineQuery(null, null, "  ", 1, 1, null))))
                .isInstanceOfSatisfying(CairnException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(e.field()).isEqualTo("query");
                });
        assertThat(searcher.fallbacks()).isZero();
    }

    @Test
    void aQuestionThatNobodyCanAnswerFailsAsItAlwaysDid() {
        assertThatThrownBy(() -> await(searcher.timeline(new TimelineQuery(99L, null, null, 1, 1, null))))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    @DisplayName("A12: a server that hangs is waited for a while, and started anew after a few times")
    void aServerThatHangsIsRecycled() throws Exception {
        server.deaf = true;
        for (int i = 1; i <= ServedSearcher.MAX_TIMEOUTS; i++) {
            assertThat(server.recycled).isEmpty();
            assertThat(title()).isEqualTo("Of the worker");
        }

        assertThat(server.recycled).hasSize(1);
        assertThat(searcher.fallbacks()).isEqualTo(ServedSearcher.MAX_TIMEOUTS);
        server.deaf = false;
        assertThat(title()).isEqualTo("Of the server");
    }

    private String title() throws Exception {
        return await(searcher.search(QUERY)).hits().get(0).title();
    }

    private static final class FakeServer implements SearchServer, LineChannel {
        final Promise<Void> closed = Promise.promise();
        final List<String> recycled = new ArrayList<>();
        McpHandler handler;
        McpClient client;
        boolean up = true;
        volatile boolean deaf;
        int wanted;
        private Handler<String> lines;

        @Override
        public Future<McpClient> get() {
            wanted++;
            return client == null
                    ? Future.failedFuture(CairnException.unavailable("starting"))
                    : Future.succeededFuture(client);
        }

        @Override
        public boolean up() {
            return up;
        }

        @Override
        public String state() {
            return up ? "up" : "starting";
        }

        @Override
        public Future<Void> recycle(String reason) {
            recycled.add(reason);
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> send(String line) {
            if (!deaf) {
                handler.handle(line).onSuccess(reply -> {
                    if (reply.json() != null) {
                        lines.handle(reply.json());
                    }
                });
            }
            return Future.succeededFuture();
        }

        @Override
        public void lines(Handler<String> taker) {
            lines = taker;
        }

        @Override
        public Future<?> closed() {
            return closed.future();
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
