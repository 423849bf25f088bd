package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.Bus;
import dev.cairn.bus.WireFormat;
import dev.cairn.config.ConfigLoader;
import dev.cairn.worker.Worker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A whole worker in this JVM, and a plain HTTP client of it. */
final class RealWorker implements AutoCloseable {
    record Answer(int status, String type, String body) {
        JsonNode json() {
            return WireFormat.decode(body, JsonNode.class);
        }
    }

    private static final long DEADLINE_S = 30;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Worker worker;

    RealWorker(Path dir, Map<String, Object> http) throws Exception {
        this(dir, http, new JsonObject());
    }

    /** @param more settings of other parts */
    RealWorker(Path dir, Map<String, Object> http, JsonObject more) throws Exception {
        JsonObject options = new JsonObject()
                .put("dataDir", dir.toString())
                .put("http", new JsonObject().put("port", 0).mergeIn(new JsonObject(http)))
                .put("vector", new JsonObject().put("mode", "off"))
                .mergeIn(more);
        worker = await(Worker.start(vertx, ConfigLoader.of(options)));
    }

    String url() {
        return worker.url();
    }

    Bus bus() {
        return new Bus(vertx);
    }

    Answer get(String path) throws Exception {
        return request("GET", path, null);
    }

    Answer post(String path, String json) throws Exception {
        return request("POST", path, json);
    }

    Answer request(String method, String path, @Nullable String json) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path.replace(" ", "%20")))
                .timeout(Duration.ofSeconds(DEADLINE_S))
                .method(
                        method,
                        json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json));
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("content-type").orElse(""),
                response.body());
    }

    /** Opens {@code /stream}; its lines come as they arrive. */
    HttpResponse<java.io.InputStream> stream(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(url() + path)).GET().build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(DEADLINE_S, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        await(worker.close());
        await(vertx.close());
    }
}
