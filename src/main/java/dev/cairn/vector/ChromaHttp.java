package dev.cairn.vector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.config.ChromaServer;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Requests to a Chroma server's HTTP API, version 2. Follows no redirect: the token is for this server. Thread-safe; futures
 * complete on the caller's context.
 *
 * <p>They fail with an {@link IndexException} when the server refused what was asked, and with a {@code CairnException} when it
 * gave no such answer: TIMEOUT past the deadline, UNAVAILABLE otherwise. No message holds the token.
 */
final class ChromaHttp {
    private static final String API = "/api/v2";

    /** More than are ever under way at once, so that none waits behind another. */
    private static final int CONNECTIONS = 8;

    private static final int WAITING = 32;
    private static final int CONNECT_MS = 5_000;
    /** A thousand hits are 60 KB. */
    private static final int MAX_ANSWER = 4 * 1024 * 1024;

    private static final int MAX_WORDS = 300;

    /** @param body as JSON; missing when it is none */
    record Answer(int status, JsonNode body) {
        boolean succeeded() {
            return status / 100 == 2;
        }
    }

    private final ChromaServer server;
    private final HttpClient client;

    ChromaHttp(Vertx vertx, ChromaServer server) {
        this.server = server;
        client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setSsl(server.encrypted())
                        .setConnectTimeout(CONNECT_MS)
                        .setMaxHeaderSize(16 * 1024),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING));
    }

    /** Where the server is, for messages. */
    String url() {
        return server.url().toString();
    }

    Future<JsonNode> get(String path, long timeoutMs) {
        return exchange(HttpMethod.GET, path, null, timeoutMs).map(answer -> accepted(path, answer));
    }

    Future<JsonNode> post(String path, JsonNode body, long timeoutMs) {
        return exchange(HttpMethod.POST, path, body, timeoutMs).map(answer -> accepted(path, answer));
    }

    Future<JsonNode> delete(String path, long timeoutMs) {
        return exchange(HttpMethod.DELETE, path, null, timeoutMs).map(answer -> accepted(path, answer));
    }

    /** One request and its answer, whatever its status. */
    Future<Answer> exchange(HttpMethod method, String path, @Nullable JsonNode body, long timeoutMs) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        Future<HttpClientRequest> connected = client.request(options(method, path, body != null));
        return connected
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                // One that is connected too late would keep its connection for good.
                .onFailure(late -> connected.onSuccess(HttpClientRequest::reset))
                .compose(request -> answer(request, body)
                        .timeout(millisUntil(end), TimeUnit.MILLISECONDS)
                        .onFailure(late -> request.reset()))
                .recover(failure -> Future.failedFuture(missing(failure, timeoutMs)));
    }

    private RequestOptions options(HttpMethod method, String path, boolean body) {
        String base = server.url().getRawPath() == null ? "" : server.url().getRawPath();
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setHost(server.host())
                .setPort(server.port())
                .setURI(base + API + path)
                .setFollowRedirects(false)
                .putHeader("Accept", "application/json");
        if (body) {
            options.putHeader("Content-Type", "application/json");
        }
        if (server.token() != null) {
            // Chroma Cloud and its clients take the second; proxies before a server, which itself asks for none, the
            // first.
            options.putHeader("Authorization", "Bearer " + server.token()).putHeader("X-Chroma-Token", server.token());
        }
        return options;
    }

    private static Future<Answer> answer(HttpClientRequest request, @Nullable JsonNode body) {
        Future<HttpClientResponse> answered = body == null ? request.send() : request.send(bytes(body));
        return answered.compose(
                response -> whole(response).map(bytes -> new Answer(response.statusCode(), tree(bytes))));
    }

    private static Future<Buffer> whole(HttpClientResponse response) {
        Promise<Buffer> promise = Promise.promise();
        Buffer all = Buffer.buffer();
        response.exceptionHandler(promise::tryFail);
        response.handler(part -> {
            if (all.length() + part.length() > MAX_ANSWER) {
                promise.tryFail(CairnException.unavailable("its answer is longer than " + MAX_ANSWER + " bytes"));
            } else {
                all.appendBuffer(part);
            }
        });
        response.endHandler(end -> promise.tryComplete(all));
        return promise.future();
    }

    private static Buffer bytes(JsonNode body) {
        try {
            return Buffer.buffer(WireFormat.mapper().writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        }
    }

    private static JsonNode tree(Buffer bytes) {
        try {
            return WireFormat.mapper().readTree(bytes.getBytes());
        } catch (java.io.IOException e) {
            return MissingNode.getInstance();
        }
    }

    private JsonNode accepted(String path, Answer answer) {
        if (answer.succeeded() && !answer.body().isMissingNode()) {
            return answer.body();
        }
        throw refusal(path, answer);
    }

    /** What a failed answer means to whoever asked. */
    RuntimeException refusal(String path, Answer answer) {
        String words = words(answer.body());
        int status = answer.status();
        if (answer.succeeded()) {
            return unavailable("answered " + status + " with what is no JSON; is it a Chroma server?");
        }
        if (status == 401 || status == 403) {
            return unavailable("refuses access (" + status + "); see vector.chroma.token, and the tenant and database");
        }
        if (status / 100 == 3) {
            return unavailable(
                    "redirects (" + status + "), which is not followed; set vector.chroma.url to the place itself");
        }
        boolean chroma = answer.body().has("error");
        if (status == 404 && chroma && path.contains("/collections/")) {
            return new IndexException(IndexException.Kind.MISSING_COLLECTION, words);
        }
        boolean busy = status == 408 || status == 429 || status == 502 || status == 503 || status == 504;
        if (busy || !chroma) {
            return unavailable("answered " + status + (words.isEmpty() ? "" : ": " + words));
        }
        return new IndexException(words);
    }

    private String words(JsonNode body) {
        String text = body.path("message").asText(body.path("error").asText(""));
        // Whoever answers may repeat what it was sent.
        String clean = server.token() == null ? text : text.replace(server.token(), "(token)");
        String line = clean.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= MAX_WORDS ? line : line.substring(0, MAX_WORDS) + "...";
    }

    private CairnException missing(Throwable failure, long timeoutMs) {
        if (failure instanceof TimeoutException) {
            return new CairnException(
                    ErrorCode.TIMEOUT,
                    "Chroma at " + url() + " did not answer within " + timeoutMs + " ms",
                    null,
                    failure);
        }
        return new CairnException(
                ErrorCode.UNAVAILABLE,
                "Chroma at " + url() + " is not to be had: " + failure.getMessage(),
                null,
                failure);
    }

    private CairnException unavailable(String what) {
        return CairnException.unavailable("Chroma at " + url() + " " + what);
    }

    private static long millisUntil(long end) {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
    }

    Future<Void> close() {
        return client.close();
    }
}
