package dev.cairn.http;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request from its arrival until it has both arrived whole and been answered. Answers once, whoever comes first; an answer
 * that overtakes a long body lets the rest flow past, for a while, so that the client gets to read it. Used on its event loop
 * only.
 */
final class Visit {
    private static final Logger LOG = LoggerFactory.getLogger("dev.cairn.http.access");
    private static final CharSequence NOSNIFF_NAME = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

    /** A rest of this many bytes, known ahead, is read past without closing the connection. */
    private static final long SMALL_REST = 64 * 1024;

    private final HttpServerRequest request;
    private final BodyReader body;
    private final Consumer<Visit> onLeft;
    private final long since = System.nanoTime();
    private long answeredAt;
    private boolean answered;
    private boolean closeAfter;
    private @Nullable Flow flow;

    Visit(HttpServerRequest request, BodyReader body, Consumer<Visit> onLeft) {
        this.request = request;
        this.body = body;
        this.onLeft = onLeft;
    }

    BodyReader body() {
        return body;
    }

    /** Watches for a client that goes away before it is answered. */
    void begin() {
        request.response().endHandler(ended -> {
            if (!answered) {
                answered = true;
                onLeft.accept(this);
            } else if (flow != null) {
                flow.gone();
            }
        });
    }

    /** Whether its body or its answer may take as long as it likes, as long as it goes on. */
    boolean streaming() {
        return flow != null || (body.streaming() && !answered);
    }

    HttpConnection connection() {
        return request.connection();
    }

    /** Writes the answer, if none was written. */
    void answer(Answer answer, boolean close) {
        if (answered) {
            if (answer.flow() != null) {
                answer.flow().close();
            }
            return;
        }
        answered = true;
        answeredAt = System.nanoTime();
        boolean arriving = BodyReader.announced(request) && !request.isEnded();
        closeAfter = close || (arriving && !smallRest());
        HttpServerResponse response = request.response().setStatusCode(answer.status());
        headers(response.headers(), answer);
        write(response, answer).onComplete(written -> written(arriving));
        if (LOG.isDebugEnabled()) {
            long tookUs = TimeUnit.NANOSECONDS.toMicros(answeredAt - since);
            LOG.debug("{} {} {} {} us", request.method(), request.path(), answer.status(), tookUs);
        }
    }

    private Future<Void> write(HttpServerResponse response, Answer answer) {
        Outflow pieces = answer.flow();
        if (request.method().equals(HttpMethod.HEAD)) {
            if (pieces != null) {
                pieces.close();
            }
            return response.end();
        }
        if (pieces == null) {
            return response.end(answer.body());
        }
        response.setChunked(true);
        flow = new Flow(pieces, response);
        return flow.begin();
    }

    /** The worker stops: an answer that is written piece by piece comes to its end, and its connection too. */
    void finish() {
        if (flow != null) {
            closeAfter = true;
            flow.finish();
        }
    }

    /** Breaks off an answer that is being written piece by piece. */
    void cut() {
        if (flow != null) {
            flow.cut();
        }
    }

    /** Gives up on a body that arrives too slowly, and on a client that does not take its answer. */
    void expire(long now, long bodyNanos, long drainNanos, long stallNanos) {
        if (flow != null && flow.stalled(now, stallNanos)) {
            LOG.debug("{} {} was cut: the client does not read", request.method(), request.path());
            flow.cut();
        } else if (!answered) {
            body.expire(now, bodyNanos);
        } else if (!request.isEnded() && now - answeredAt > drainNanos) {
            request.connection().close();
        }
    }

    private void written(boolean arriving) {
        if (!arriving || request.isEnded()) {
            leave();
            return;
        }
        request.handler(rest -> {}).exceptionHandler(lost -> leave()).endHandler(end -> leave());
    }

    private void leave() {
        onLeft.accept(this);
        if (closeAfter) {
            request.connection().close();
        }
    }

    private boolean smallRest() {
        long length = BodyReader.announcedLength(request);
        boolean waits = request.headers().contains(HttpHeaders.EXPECT);
        return length > 0 && length <= SMALL_REST && !waits;
    }

    private void headers(MultiMap headers, Answer answer) {
        headers.set(NOSNIFF_NAME, NOSNIFF).set(HttpHeaders.CACHE_CONTROL, NO_STORE);
        if (!answer.type().isEmpty()) {
            headers.set(HttpHeaders.CONTENT_TYPE, answer.type());
        }
        // A HEAD answer names the length of what GET would have brought, where that is known.
        if (request.method().equals(HttpMethod.HEAD) && answer.flow() == null) {
            headers.set(
                    HttpHeaders.CONTENT_LENGTH, Integer.toString(answer.body().length()));
        }
        if (!answer.headers().isEmpty()) {
            answer.headers().forEach((name, value) -> headers.set(name, value));
        }
        if (closeAfter) {
            headers.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }
}
