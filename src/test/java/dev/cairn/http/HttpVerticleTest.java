package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.Recorded;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpVerticleTest {
    private static final String STOP = "{\"session_id\":\"s\",\"hook_event_name\":\"Stop\"}";

    @TempDir
    Path dir;

    @Test
    void allInstancesShareOnePortAndListenOnlyWhenTheNextLinkIsUp() throws Exception {
        // Loads what a listener needs, so that one that did not wait would be up within the time given to it below.
        HttpHarness.start(dir).close();
        int port = freePort();
        try (HttpHarness http = new HttpHarness(dir, Map.of("instances", 3, "port", port))) {
            Promise<Void> slow = Promise.promise();
            ChainVerticle.Next rooms = ChainVerticle.Next.one(() -> http.rooms);
            ChainVerticle.Next link = HttpVerticle.link(http.wiring(), ChainVerticle.Next.one(() -> new VerticleBase() {
                @Override
                public Future<?> start() {
                    return slow.future().compose(go -> vertx.deployVerticle(rooms.link(), rooms.options()));
                }
            }));
            Future<String> deployed = http.vertx.deployVerticle(link.link(), link.options());
            assertThat(http.opened.await(10, TimeUnit.SECONDS)).isTrue();
            // Time enough for an instance that would not wait.
            HttpHarness.await(Future.future(later -> http.vertx.setTimer(500, tick -> later.complete())));
            assertThat(http.ports).isEmpty();
            assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(ConnectException.class);

            slow.complete();
            HttpHarness.await(deployed);

            assertThat(http.log).containsExactly("rooms up", "listening");
            assertThat(http.ports).containsExactly(port);
            for (int i = 0; i < 6; i++) {
                assertThat(http.get("/health/live").status()).isEqualTo(200);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @Test
    @DisplayName("a deployment's child stops before any of its instances")
    void theNextLinkStopsBeforeAnyInstance() throws Exception {
        try (HttpHarness http = new HttpHarness(dir, Map.of("instances", 3))) {
            CompletableFuture<Boolean> stillListening = new CompletableFuture<>();
            ChainVerticle.Next next = ChainVerticle.Next.one(() -> new VerticleBase() {
                @Override
                public Future<?> stop() {
                    // Off the event loop: the door must still be able to answer.
                    return vertx.executeBlocking(() ->
                            stillListening.complete(http.get("/health/live").status() == 200));
                }
            });
            http.deploy(HttpVerticle.link(http.wiring(), next));

            HttpHarness.await(http.undeploy());

            assertThat(stillListening.get(1, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(http::client).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    @DisplayName("A4: a port in use fails the start with one clear sentence and leaves nothing behind")
    void portInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpHarness http = new HttpHarness(dir, Map.of("port", taken.getLocalPort(), "instances", 3))) {
            assertThatThrownBy(() -> http.deploy(Limits.DEFAULT))
                    .isInstanceOfSatisfying(CairnException.class, refusal -> {
                        assertThat(refusal.code()).isEqualTo(ErrorCode.CONFLICT);
                        assertThat(refusal)
                                .hasMessage("The port of 127.0.0.1:" + taken.getLocalPort()
                                        + " is in use: stop the program that listens there, or set http.port"
                                        + " (CAIRN_PORT) to a free one");
                    });
            assertThat(http.log).containsExactly("rooms up", "rooms down");
            assertThat(http.vertx.deploymentIDs()).isEmpty();
        }
    }

    @Test
    void aNextLinkThatFailsFailsEveryInstance() {
        try (HttpHarness http = new HttpHarness(dir, Map.of("instances", 3))) {
            ChainVerticle.Next broken = ChainVerticle.Next.one(() -> new AbstractVerticle() {
                @Override
                public void start() {
                    throw new IllegalStateException("no search today");
                }
            });
            assertThatThrownBy(() -> http.deploy(HttpVerticle.link(http.wiring(), broken)))
                    .hasMessage("no search today");
            assertThat(http.ports).isEmpty();
            assertThat(http.vertx.deploymentIDs()).isEmpty();
        }
    }

    @Test
    void aStopAnswersWhatIsInFlightAndThenCloses() throws Exception {
        try (HttpHarness http = HttpHarness.start(dir)) {
            Promise<Recorded> commit = Promise.promise();
            CompletableFuture<Void> asked = new CompletableFuture<>();
            http.rooms.record = events -> {
                asked.complete(null);
                return commit.future();
            };
            try (RawClient client = http.client();
                    RawClient idle = http.client()) {
                client.post("/hooks", STOP.getBytes(StandardCharsets.UTF_8));
                asked.get(5, TimeUnit.SECONDS);
                http.vertx.setTimer(200, soon -> commit.complete(new Recorded(FakeRooms.PROJECT, 1, 0)));
                Future<Void> undeployed = http.undeploy();

                Reply reply = client.read();

                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.header("connection")).isEqualTo("close");
                assertThat(client.isClosedByPeer()).isTrue();
                assertThat(idle.isClosedByPeer()).isTrue();
                HttpHarness.await(undeployed);
            }
            assertThatThrownBy(http::client).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void aStopIsBoundedAndTellsWhoeverStillWaits() throws Exception {
        try (HttpHarness http = HttpHarness.start(
                dir, Map.of(), new Limits(60_000, 9_000, 9_000, 9_000, 300, 600, Limits.Streams.DEFAULT))) {
            CompletableFuture<Void> asked = new CompletableFuture<>();
            http.rooms.record = events -> {
                asked.complete(null);
                return Promise.<Recorded>promise().future();
            };
            try (RawClient client = http.client();
                    RawClient slow = http.client()) {
                client.post("/hooks", STOP.getBytes(StandardCharsets.UTF_8));
                slow.send("POST /hooks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 10\r\n\r\n{");
                asked.get(5, TimeUnit.SECONDS);
                assertThat(http.get("/health/live").status()).isEqualTo(200);
                long begin = System.nanoTime();

                HttpHarness.await(http.undeploy());

                assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin))
                        .as("not the 9 s of an ordinary request")
                        .isLessThan(5_000);
                for (RawClient waiting : List.of(client, slow)) {
                    Reply reply = waiting.read();
                    assertThat(reply.status()).isEqualTo(503);
                    assertThat(reply.code()).isEqualTo("unavailable");
                    assertThat(waiting.isClosedByPeer()).isTrue();
                }
            }
        }
    }

    @Test
    void whileTheWorkerStopsNewRequestsAreToldSo() throws IOException {
        try (HttpHarness http = HttpHarness.start(dir)) {
            http.lifecycle.beginStop("test");
            for (Reply reply : List.of(
                    http.post("/hooks", STOP),
                    http.get("/api/stats"),
                    http.get("/health/ready"),
                    http.get("/health"))) {
                assertThat(reply.status()).isEqualTo(503);
                assertThat(reply.code()).isEqualTo("unavailable");
                assertThat(reply.header("connection")).isEqualTo("close");
            }
            assertThat(http.rooms.recorded()).isEmpty();
            Reply live = http.get("/health/live");
            assertThat(live.status()).isEqualTo(200);
            assertThat(live.json().getString("status")).isEqualTo("stopping");
            try (RawClient client = http.client()) {
                assertThat(client.post("/hooks", STOP.getBytes(StandardCharsets.UTF_8))
                                .read()
                                .status())
                        .isEqualTo(503);
                assertThat(client.isClosedByPeer()).isTrue();
            }
        }
    }

    @Test
    void shutdownIsAnsweredBeforeItIsBegun() {
        try (HttpHarness http = HttpHarness.start(dir)) {
            Reply reply = http.request("POST /api/admin/shutdown HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(reply.status()).isEqualTo(202);
            assertThat(reply.body()).isEqualTo("{\"stopping\":true}");
            HttpHarness.await(Future.future(later -> http.vertx.setTimer(200, tick -> later.complete())));
            assertThat(http.stops).hasValue(1);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws IOException {
        try (HttpHarness http = HttpHarness.start(dir);
                RawClient client = http.client()) {
            String get = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            client.send("GET /nope" + get + "GET /health/live" + get)
                    .post("/hooks", STOP.getBytes(StandardCharsets.UTF_8));
            assertThat(client.read().status()).isEqualTo(404);
            assertThat(client.read().json().getString("instance")).isEqualTo("i-1");
            assertThat(client.read().body()).isEqualTo("{}");
        }
    }
}
