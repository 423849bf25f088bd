package dev.cairn.observer.http;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
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
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Questions to one server and their answers, as bytes. All exchanges of a worker with the same server share their connections
 * (HTTP/1.1, kept alive), through the same proxy or none; certificates are checked against the Java runtime's trust store.
 * Redirects are not followed: the key is for this server. Thread-safe; futures complete on the caller's context.
 *
 * <p>This is the client below Vert.x' WebClient, which does not give out the request it sent: a time-out for the whole of an
 * answer, its greatest length and {@link #close()} all must end one that is under way, and take its connection with it.
 */
final class HttpExchange {
    /** The longest answer that is taken, unzipped: a model that fills its output with the greatest setting writes 256 KB. */
    static final int MAX_ANSWER = 2 * 1024 * 1024;

    /** As many as there can be observers, so that none waits behind another. */
    private static final int CONNECTIONS = 16;

    private static final int WAITING = 32;
    private static final int CONNECT_MS = 10_000;
    private static final int IDLE_SECONDS = 60;
    private static final int MAX_HEADERS = 32 * 1024;

    /** Under way: what ends it early fails its promise first, so that the reason told is its own. */
    private static final class Call {
        private final Promise<Reply> reply = Promise.promise();
        private @Nullable HttpClientRequest request;

        void end(Throwable reason) {
            reply.tryFail(reason);
            reset();
        }

        synchronized void reset() {
            if (request != null) {
                request.reset();
            }
        }

        /** False when it ended before it had a connection. */
        synchronized boolean connected(HttpClientRequest made) {
            request = made;
            return !reply.future().isComplete();
        }
    }

    private final Endpoint endpoint;
    private final HttpClient client;
    private final Vertx vertx;
    private final Set<Call> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    HttpExchange(Vertx vertx, Endpoint endpoint, @Nullable Proxy proxy) {
        this.vertx = vertx;
        this.endpoint = endpoint;
        HttpClientOptions options = new HttpClientOptions()
                .setShared(true)
                .setName("cairn-model " + endpoint.host() + ":" + endpoint.port() + (endpoint.encrypted() ? " tls" : "")
                        + (proxy == null ? "" : " by " + proxy + " for " + proxy.user()))
                .setSsl(endpoint.encrypted())
                .setConnectTimeout(CONNECT_MS)
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setMaxHeaderSize(MAX_HEADERS)
                .setDecompressionSupported(true);
        if (proxy != null) {
            options.setProxyOptions(proxy.options());
        }
        client = vertx.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING));
    }

    /**
     * Posts JSON.
     *
     * @param path below the endpoint's
     * @param timeoutMs for all of it, from the connection to the answer's end
     * @return the answer, whatever its status. Fails with {@link AnswerTooLongException}, {@link LateException},
     *     {@link ClosedException}, or with what the client failed with; nothing of it is under way then
     */
    Future<Reply> post(String path, MultiMap headers, Buffer body, long timeoutMs) {
        Call call = new Call();
        underWay.add(call);
        if (closed) {
            underWay.remove(call);
            return Future.failedFuture(new ClosedException());
        }
        long timer = vertx.setTimer(Math.max(1, timeoutMs), id -> call.end(new LateException()));
        call.reply.future().onComplete(done -> {
            vertx.cancelTimer(timer);
            underWay.remove(call);
        });
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .setURI(endpoint.path() + path)
                .setFollowRedirects(false)
                .setHeaders(headers)
                .putHeader("Content-Type", "application/json")
                .putHeader("Accept", "application/json");
        client.request(options).onSuccess(request -> send(request, body, call)).onFailure(call::end);
        return call.reply.future();
    }

    private static void send(HttpClientRequest request, Buffer body, Call call) {
        if (!call.connected(request)) {
            call.reset();
            return;
        }
        // The answer's parts are told from this very moment on: whoever listens one turn of the loop later misses some.
        request.response().onSuccess(response -> read(response, call)).onFailure(call::end);
        request.send(body).onFailure(call::end);
    }

    private static void read(HttpClientResponse response, Call call) {
        Buffer all = Buffer.buffer();
        response.exceptionHandler(call::end);
        response.handler(part -> {
            if (all.length() + part.length() > MAX_ANSWER) {
                call.end(new AnswerTooLongException());
            } else if (!call.reply.future().isComplete()) {
                all.appendBuffer(part);
            }
        });
        response.endHandler(end -> call.reply.tryComplete(new Reply(response.statusCode(), response.headers(), all)));
    }

    /** Ends what is under way, and all that is asked from now on; never fails. */
    Future<?> close() {
        closed = true;
        List.copyOf(underWay).forEach(call -> call.end(new ClosedException()));
        return client.close().otherwiseEmpty();
    }

    /** The answer was not there in time. */
    static final class LateException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The answer was longer than is taken. */
    static final class AnswerTooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The answer was waited for when the worker stopped. */
    static final class ClosedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
