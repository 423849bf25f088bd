package dev.cairn.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.mcp.McpException.Kind;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests and their answers over a channel of lines, from the client's side.
 *
 * <p>Any number of requests may be under way, up to a bound; answers find theirs by id. Every request ends: by its answer,
 * its deadline or the end of the channel. Thread-safe; an answer comes on the context of who asked.
 */
final class McpConnection {
    /** So many requests may wait for their answers; more are refused. */
    static final int MAX_PENDING = 256;

    private static final Logger LOG = LoggerFactory.getLogger(McpConnection.class);
    private static final int SHOWN = 200;

    private static final class Pending {
        final String method;
        final Promise<JsonNode> answer = Promise.promise();
        final @Nullable Context asker = Vertx.currentContext();
        volatile long timer = -1;

        Pending(String method) {
            this.method = method;
        }
    }

    private final Vertx vertx;
    private final LineChannel channel;
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicLong ignored = new AtomicLong();
    private volatile boolean closed;

    private McpConnection(Vertx vertx, LineChannel channel) {
        this.vertx = vertx;
        this.channel = channel;
    }

    static McpConnection open(Vertx vertx, LineChannel channel) {
        McpConnection connection = new McpConnection(vertx, channel);
        channel.lines(connection::receive);
        channel.closed().onComplete(any -> connection.end());
        return connection;
    }

    /** How many lines were neither an answer nor a request: what a program prints beside the protocol. */
    long ignored() {
        return ignored.get();
    }

    /** How many requests wait for their answers. */
    int waiting() {
        return waiting.get();
    }

    /**
     * Asks.
     *
     * @param timeoutMs the deadline in milliseconds, at least 1
     * @return the answer's result; fails with a {@link McpException} only
     */
    Future<JsonNode> request(String method, ObjectNode params, long timeoutMs) {
        if (closed) {
            return Future.failedFuture(closedBefore(method));
        }
        if (waiting.incrementAndGet() > MAX_PENDING) {
            waiting.decrementAndGet();
            return Future.failedFuture(
                    new McpException(Kind.BUSY, MAX_PENDING + " requests wait already; " + method + " was not asked"));
        }
        long id = lastId.incrementAndGet();
        Pending request = new Pending(method);
        pending.put(id, request);
        request.timer = vertx.setTimer(Math.max(1, timeoutMs), fired -> expire(id, timeoutMs));
        if (closed) {
            // The end may have come between the check above and the entry.
            settle(id, Future.failedFuture(closedBefore(method)));
            return request.answer.future();
        }
        channel.send(JsonRpc.request(id, method, params)).onFailure(failure -> settle(id, unsent(method, failure)));
        return request.answer.future();
    }

    /** Tells the server something that has no answer; whether it arrives shows at the next request. */
    void tell(String method, @Nullable ObjectNode params) {
        send(JsonRpc.notification(method, params));
    }

    private void send(String line) {
        channel.send(line).onFailure(failure -> LOG.debug("Not sent: {}", failure.getMessage()));
    }

    private void end() {
        closed = true;
        for (Long id : pending.keySet()) {
            Pending request = pending.get(id);
            if (request != null) {
                settle(id, Future.failedFuture(closedBefore(request.method)));
            }
        }
    }

    private void expire(long id, long timeoutMs) {
        Pending request = pending.get(id);
        if (request == null) {
            return;
        }
        boolean mine = settle(
                id,
                Future.failedFuture(new McpException(
                        Kind.TIMEOUT, request.method + " was not answered within " + timeoutMs + " ms")));
        // The protocol forbids to take back the first request.
        if (mine && !request.method.equals("initialize")) {
            ObjectNode params = JsonNodeFactory.instance.objectNode();
            params.put("requestId", id).put("reason", "no answer within " + timeoutMs + " ms");
            tell("notifications/cancelled", params);
        }
    }

    private void receive(String line) {
        JsonRpc.Message message = JsonRpc.read(line);
        if (message instanceof JsonRpc.Response response) {
            answered(response, line);
        } else if (message instanceof JsonRpc.Request request) {
            send(
                    request.method().equals("ping")
                            ? JsonRpc.result(request.id(), JsonNodeFactory.instance.objectNode())
                            : JsonRpc.error(
                                    request.id(), JsonRpc.METHOD_NOT_FOUND, "this client offers nothing but ping"));
        } else if (message instanceof JsonRpc.Notification notification) {
            LOG.trace("Notification {}", notification.method());
        } else {
            ignore("is no message", line);
        }
    }

    private void answered(JsonRpc.Response response, String line) {
        JsonNode id = response.id();
        Pending request = id != null && id.isIntegralNumber() ? pending.get(id.asLong()) : null;
        if (id == null || request == null) {
            ignore("answers nothing that waits", line);
            return;
        }
        settle(id.asLong(), outcome(request.method, response));
    }

    private static Future<JsonNode> outcome(String method, JsonRpc.Response response) {
        JsonNode error = response.error();
        JsonNode result = response.result();
        if (error != null && result == null) {
            if (!error.isObject() || !error.path("code").isIntegralNumber()) {
                return bad(method, "an error without a code");
            }
            String text = error.path("message").asText("no message");
            return Future.failedFuture(
                    new McpException(Kind.REFUSED, error.path("code").asInt(), method + " was refused: " + text, null));
        }
        if (error != null || result == null || !result.isObject()) {
            return bad(method, error != null ? "a result and an error at once" : "a result that is no object");
        }
        return Future.succeededFuture(result);
    }

    static <T> Future<T> bad(String method, String what) {
        return Future.failedFuture(new McpException(Kind.BAD_ANSWER, method + " was answered with " + what));
    }

    private Future<JsonNode> unsent(String method, Throwable failure) {
        boolean gone = channel.closed().isComplete();
        String why = gone ? ": the channel is closed" : ": " + failure.getMessage();
        return Future.failedFuture(
                new McpException(gone ? Kind.CLOSED : Kind.BUSY, 0, method + " was not sent" + why, failure));
    }

    private static McpException closedBefore(String method) {
        return new McpException(Kind.CLOSED, "the channel closed before " + method + " was answered");
    }

    /** Whether it was still waiting. */
    private boolean settle(long id, AsyncResult<JsonNode> outcome) {
        Pending request = pending.remove(id);
        if (request == null) {
            return false;
        }
        waiting.decrementAndGet();
        vertx.cancelTimer(request.timer);
        Context asker = request.asker;
        if (asker == null || asker == Vertx.currentContext()) {
            request.answer.handle(outcome);
        } else {
            asker.runOnContext(any -> request.answer.handle(outcome));
        }
        return true;
    }

    private void ignore(String why, String line) {
        ignored.incrementAndGet();
        if (LOG.isDebugEnabled()) {
            LOG.debug("A line {}: {}", why, line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line);
        }
    }
}
