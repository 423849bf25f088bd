package dev.cairn.http;

import dev.cairn.bus.Bus;
import dev.cairn.chain.Lifecycle;
import dev.cairn.http.json.StrictJson;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every request comes through here before its route, and every answer goes out here: allow-lists, readiness, token, error
 * form. Used on its event loop only.
 */
final class FrontDoor {
    /** What pages of the origins from the setting may send: those of MCP are for clients that run in a browser. */
    private static final String ALLOWED_HEADERS =
            "Content-Type, Authorization, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID";

    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
    private static final String VISIT = "visit";
    private static final String TOO_MANY =
            "too many connections are open; close some, or raise the setting http.maxConnections";

    private final Lifecycle lifecycle;
    private final AllowList allowList;
    private final Token token;
    private final StrictJson json;
    private final WorkerExecutor parsers;
    private final int maxBodyBytes;
    private final Limits limits;
    private final Connections connections;
    private final Set<Visit> visits = new HashSet<>();
    private boolean closing;

    FrontDoor(HttpWiring wiring, Limits limits, WorkerExecutor parsers, AtomicInteger open) {
        var config = wiring.config().http();
        this.lifecycle = wiring.lifecycle();
        this.allowList = new AllowList(config);
        this.token = new Token(config);
        this.json = new StrictJson(config.maxDepth(), config.maxBodyBytes());
        this.parsers = parsers;
        this.maxBodyBytes = config.maxBodyBytes();
        this.limits = limits;
        this.connections = new Connections(limits, config.maxConnections(), open);
    }

    /** Takes a connection in. */
    void connected(HttpConnection connection) {
        connections.opened(connection);
    }

    /** Takes a request in, on its way to its route. */
    void enter(RoutingContext context) {
        Visit visit = visit(context);
        if (connections.tooMany(context.request().connection())) {
            visit.answer(Answer.error(CairnException.unavailable(TOO_MANY)), true);
            return;
        }
        CairnException refusal =
                allowList.refusal(context.request().uri(), context.request().headers());
        if (refusal != null) {
            throw refusal;
        }
        context.next();
    }

    /** Answers a request by its route, for those who may. */
    void answer(RoutingContext context, Routes.Route route) {
        HttpServerRequest request = context.request();
        if ((closing || lifecycle.stopping()) && !route.alive()) {
            throw CairnException.unavailable("the worker is stopping");
        }
        boolean authorised = token.accepts(request.headers());
        if (!authorised && !route.open()) {
            throw new CairnException(ErrorCode.UNAUTHORIZED, "a bearer token is needed; see the setting http.auth");
        }
        Visit visit = visit(context);
        Exchange exchange = new Exchange(request, visit.body(), json, parsers, authorised, visit.id());
        route.action()
                .answer(exchange)
                .onSuccess(answer -> send(context, answer))
                .onFailure(failure -> context.fail(failure));
    }

    /** Answers a method that the path has no route for. */
    void otherMethod(RoutingContext context, String allow) {
        Answer answer = context.request().method().equals(HttpMethod.OPTIONS)
                ? Answer.empty(204)
                : Answer.error(new CairnException(
                        ErrorCode.METHOD_NOT_ALLOWED, "this route takes " + allow + ", not this method"));
        send(context, answer.with("Allow", allow));
    }

    /** Answers whatever failed or has no route. */
    void refuse(RoutingContext context) {
        send(context, Answer.error(refusalOf(context)));
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

    /** Gives up on requests, bodies and rests of bodies that take too long; to be called from time to time. */
    void sweep() {
        long now = System.nanoTime();
        for (Visit visit : List.copyOf(visits)) {
            visit.expire(
                    now,
                    TimeUnit.MILLISECONDS.toNanos(limits.bodyMs()),
                    TimeUnit.MILLISECONDS.toNanos(limits.drainMs()),
                    TimeUnit.MILLISECONDS.toNanos(limits.streams().stallMs()));
            if (visit.streaming()) {
                // Such a connection brings no other request for as long as this one lasts.
                connections.used(visit.connection());
            }
        }
        connections.sweep();
    }

    /** From now on new requests are refused, every answer closes its connection, and streams come to their end. */
    void finish() {
        closing = true;
        List.copyOf(visits).forEach(Visit::finish);
    }

    /** Answers whatever is still in flight that the worker stops. */
    void abandon() {
        for (Visit visit : List.copyOf(visits)) {
            visit.answer(Answer.error(CairnException.unavailable("the worker is stopping")), true);
            visit.cut();
        }
    }

    private Visit visit(RoutingContext context) {
        Visit known = context.get(VISIT);
        if (known != null) {
            return known;
        }
        HttpServerRequest request = context.request();
        connections.used(request.connection());
        Visit visit = new Visit(request, new BodyReader(request, maxBodyBytes), visits::remove);
        context.put(VISIT, visit);
        visits.add(visit);
        visit.begin();
        return visit;
    }

    private CairnException refusalOf(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure instanceof CairnException refusal) {
            return refusal;
        }
        HttpServerRequest request = context.request();
        // Router refuses a bad Host and a path without a slash before its first route; strangers are told nothing else.
        CairnException stranger = allowList.refusal(request.uri(), request.headers());
        if (stranger != null) {
            return stranger;
        }
        if (context.statusCode() == ErrorCode.NOT_FOUND.httpStatus()) {
            return CairnException.notFound(
                    "there is no such route; /docs/http-api and /openapi.json name the ones there are");
        }
        if (context.statusCode() == ErrorCode.INVALID_ARGUMENT.httpStatus()) {
            return CairnException.invalid("Host", "the Host header must be a host name, with a port or without");
        }
        LOG.error("{} {} {} failed", visit(context).id(), request.method(), request.path(), failure);
        return Bus.toCairn("http", failure);
    }

    private void send(RoutingContext context, Answer answer) {
        visit(context).answer(dressed(context.request(), answer), closing || lifecycle.stopping());
    }

    private Answer dressed(HttpServerRequest request, Answer answer) {
        String origin = allowList.foreignOrigin(request.headers());
        if (origin == null) {
            return answer;
        }
        Answer dressed = answer.with("Access-Control-Allow-Origin", origin).with("Vary", "Origin");
        String allow = answer.headers().get("Allow");
        return allow == null || !request.method().equals(HttpMethod.OPTIONS)
                ? dressed
                : dressed.with("Access-Control-Allow-Methods", allow)
                        .with("Access-Control-Allow-Headers", ALLOWED_HEADERS);
    }
}
