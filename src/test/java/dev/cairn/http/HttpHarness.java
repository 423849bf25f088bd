package dev.cairn.http;

import dev.cairn.bus.PartStatus;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.chain.Lifecycle;
import dev.cairn.chain.WorkerInfo;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigLoader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** The HTTP room with everything behind it faked, on a free port. */
final class HttpHarness implements AutoCloseable {
    static final String TOKEN = "correct-horse";

    final Vertx vertx = Vertx.vertx();
    final Lifecycle lifecycle = new Lifecycle();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final List<String> log = new CopyOnWriteArrayList<>();
    final FakeRooms rooms = new FakeRooms(log);
    final List<Integer> ports = new CopyOnWriteArrayList<>();
    final AtomicInteger stops = new AtomicInteger();
    private volatile PartStatus loops = PartStatus.up(Map.of());
    /** Counted down by each instance that has opened, up to three. */
    final CountDownLatch opened = new CountDownLatch(3);

    final List<String> mcpBodies = new CopyOnWriteArrayList<>();
    volatile McpEndpoint.Reply mcpReply = new McpEndpoint.Reply(200, "{\"jsonrpc\":\"2.0\"}");

    private final HttpWiring wiring;
    private String deployment = "";

    HttpHarness(Path dir, Map<String, Object> http) {
        this.wiring = wiring(dir, http);
    }

    static HttpHarness start(Path dir) {
        return start(dir, Map.of(), Limits.DEFAULT);
    }

    static HttpHarness start(Path dir, Map<String, Object> http, Limits limits) {
        HttpHarness harness = new HttpHarness(dir, http);
        harness.deploy(limits);
        harness.lifecycle.ready();
        return harness;
    }

    void deploy(Limits limits) {
        deploy(HttpVerticle.link(wiring, limits, ChainVerticle.Next.one(() -> rooms)));
    }

    void deploy(ChainVerticle.Next link) {
        deployment = await(vertx.deployVerticle(link.link(), link.options()));
    }

    HttpWiring wiring() {
        return wiring;
    }

    /** What the loops' watch is to say from now on. */
    void loops(PartStatus status) {
        loops = status;
    }

    Future<Void> undeploy() {
        return vertx.undeploy(deployment);
    }

    private HttpWiring wiring(Path dir, Map<String, Object> http) {
        JsonObject options = new JsonObject()
                .put("dataDir", dir.toString())
                .put("http", new JsonObject().put("port", 0).mergeIn(new JsonObject(http)));
        CairnConfig config = ConfigLoader.load(new JsonObject(), Map.of(), options);
        return new HttpWiring(
                config,
                new WorkerInfo("i-1", "1.2.3", 4711, System.currentTimeMillis()),
                lifecycle,
                () -> "up 1\n",
                meters,
                mcpVertx -> {
                    opened.countDown();
                    return (body, headers, structured) -> {
                        mcpBodies.add(structured ? "structured " + body : body);
                        return Future.succeededFuture(mcpReply);
                    };
                },
                result -> result.total() + " found\n",
                port -> {
                    log.add("listening");
                    ports.add(port);
                },
                () -> loops,
                stops::incrementAndGet);
    }

    int port() {
        return ports.get(0);
    }

    Reply get(String path) {
        return request("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port() + "\r\n\r\n");
    }

    Reply post(String path, String body) {
        return post(path, body.getBytes(StandardCharsets.UTF_8));
    }

    Reply post(String path, String body, Map<String, String> headers) {
        try (RawClient client = client()) {
            return client.post(path, body.getBytes(StandardCharsets.UTF_8), headers)
                    .read();
        } catch (IOException e) {
            throw new AssertionError("POST " + path, e);
        }
    }

    Reply post(String path, byte[] body) {
        try (RawClient client = client()) {
            return client.post(path, body).read();
        } catch (IOException e) {
            throw new AssertionError("POST " + path, e);
        }
    }

    /** Sends exactly this and reads one answer. */
    Reply request(String raw) {
        try (RawClient client = client()) {
            return client.send(raw).read();
        } catch (IOException e) {
            throw new AssertionError(raw.lines().findFirst().orElse(""), e);
        }
    }

    RawClient client() throws IOException {
        return new RawClient(port());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
