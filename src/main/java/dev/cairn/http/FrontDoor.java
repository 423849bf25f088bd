package dev.cairn.http;

import dev.cairn.bus.Bus;
import dev.cairn.chain.Lifecycle;
import dev.cairn.http.json.StrictJson;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every request comes through here, and every answer goes out here: allow-lists, readiness, token, route, error form. Used on
 * its event loop only.
 */
final class FrontDoor {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

    private final Lifecycle lifecycle;
    private final AllowList allowList;
    private final Token token;
    private final Routes routes;
    private final StrictJson json;
    private final WorkerExecutor parsers;
    private final int maxBodyBytes;
    private final Limits limits;
    private final Set<Visit> visits = new HashSet<>();
    private boolean closing;

    FrontDoor(HttpWiring wiring, Limits limits, Routes routes, WorkerExecutor parsers) {
        var config = wiring.config().http();
        this.lifecycle = wiring.lifecycle();
        this.allowList = new AllowList(config);
        this.token = new Token(config);
        this.routes = routes;
        this.json = new StrictJson(config.maxDepth(), config.maxBodyBytes());
        this.parsers = parsers;
        this.maxBodyBytes = config.maxBodyBytes();
        this.limits = limits;
    }

    /** Takes a request in. */
    void handle(HttpServerRequest request) {
        BodyReader body = new BodyReader(request, maxBodyBytes);
        Visit visit = new Visit(request, body, visits::remove);
        visits.add(visit);
        visit.begin();
        answer(visit, body).onComplete(result -> {
            Answer answer = result.succeeded() ? result.result() : Answer.error(refusalOf(request, result.cause()));
            visit.answer(dressed(request, answer), closing || lifecycle.stopping());
        });
    }

    /** Answers what could not be read as HTTP. */
    void handleInvalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        CairnException refusal;
        if (cause instanceof TooLongHttpLineException) {
            refusal = new CairnException(
                    ErrorCode.URI_TOO_LONG, "the request line is longer than " + Limits.MAX_REQUEST_LINE + " bytes");
        } else if (cause instanceof TooLongHttpHeaderException) {
            refusal = new CairnException(
                    ErrorCode.HEADERS_TOO_LARGE, "the headers are larger than " + Limits.MAX_HEADERS + " bytes");
        } else {
            refusal = new CairnException(ErrorCode.INVALID_ARGUMENT, "this is not HTTP/1.1");
        }
        // Vert.x closes the connection after the answer: nothing that follows can be trusted.
        new Visit(request, new BodyReader(request, 0), visit -> {}).answer(Answer.error(refusal), true);
    }

    /** Gives up on bodies and on rests of bodies that take too long; to be called from time to time. */
    void sweep() {
        long now = System.nanoTime();
        for (Visit visit : List.copyOf(visits)) {
            visit.expire(
                    now,
                    TimeUnit.MILLISECONDS.toNanos(limits.bodyMs()),
                    TimeUnit.MILLISECONDS.toNanos(limits.drainMs()));
        }
    }

    /** From now on new requests are refused, and every answer closes its connection. */
    void finish() {
        closing = true;
    }

    /** Answers whatever is still in flight that the worker stops. */
    void abandon() {
        for (Visit visit : List.copyOf(visits)) {
            visit.answer(Answer.error(CairnException.unavailable("the worker is stopping")), true);
        }
    }

    private Future<Answer> answer(Visit visit, BodyReader body) {
        HttpServerRequest request = visit.request();
        try {
            CairnException refusal = allowList.refusal(request.uri(), request.headers());
            if (refusal != null) {
                throw refusal;
            }
            String path = request.path() == null ? "" : request.path();
            Routes.Match match = routes.find(request.method(), path);
            if (match == null) {
                return Future.succeededFuture(Answer.empty(204).with("Allow", routes.allow(path)));
            }
            if ((closing || lifecycle.stopping()) && !match.route().alive()) {
                throw CairnException.unavailable("the worker is stopping");
            }
            boolean authorised = token.accepts(request.headers());
            if (!authorised && !match.route().open()) {
                throw new CairnException(ErrorCode.UNAUTHORIZED, "a bearer token is needed; see the setting http.auth");
            }
            Exchange exchange = new Exchange(request, body, json, parsers, authorised, match.last());
            return match.route().action().answer(exchange);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private CairnException refusalOf(HttpServerRequest request, Throwable failure) {
        if (failure instanceof CairnException refusal) {
            return refusal;
        }
        LOG.error("{} {} failed", request.method(), request.path(), failure);
        return Bus.toCairn("http", failure);
    }

    private Answer dressed(HttpServerRequest request, Answer answer) {
        Answer dressed = answer;
        if (answer.status() == ErrorCode.METHOD_NOT_ALLOWED.httpStatus()
                && !answer.headers().containsKey("Allow")) {
            dressed = dressed.with("Allow", routes.allow(String.valueOf(request.path())));
        }
        String origin = allowList.foreignOrigin(request.headers());
        if (origin != null) {
            dressed = dressed.with("Access-Control-Allow-Origin", origin).with("Vary", "Origin");
            if (request.method().equals(HttpMethod.OPTIONS)) {
                dressed = dressed.with("Access-Control-Allow-Methods", routes.allow(String.valueOf(request.path())))
                        .with("Access-Control-Allow-Headers", "Content-Type, Authorization");
            }
        }
        return dressed;
    }
}
