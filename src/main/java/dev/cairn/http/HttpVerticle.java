package dev.cairn.http;

import dev.cairn.bus.Bus;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.HttpConfig;
import dev.cairn.http.compat.Compat;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.BindException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP door: several instances, one for each event loop, share the port. One of them deploys the next link; all of them
 * listen only when that link is up, and none stays when one cannot.
 */
public final class HttpVerticle extends ChainVerticle {
    private static final long STOP_BUDGET_MS = 1_000;
    private static final long SWEEP_MS = 250;

    private final HttpWiring wiring;
    private final Limits limits;
    private final TogetherUp together;
    private final Live live;
    private final Compat.Shared compat;
    private final AtomicInteger connections;
    private final boolean first;
    private @Nullable WorkerExecutor parsers;
    private @Nullable FrontDoor door;
    private @Nullable Router router;
    private @Nullable HttpServer server;

    private HttpVerticle(
            HttpWiring wiring,
            Limits limits,
            TogetherUp together,
            Live live,
            Compat.Shared compat,
            AtomicInteger connections,
            boolean first,
            @Nullable Next next) {
        super("http", STOP_BUDGET_MS, first ? next : null);
        this.wiring = wiring;
        this.limits = limits;
        this.together = together;
        this.live = live;
        this.compat = compat;
        this.connections = connections;
        this.first = first;
    }

    /**
     * This link with the one below it, to be deployed once.
     *
     * @param next the link that is up before any instance listens and gone before any instance stops
     */
    public static Next link(HttpWiring wiring, Next next) {
        return link(wiring, Limits.DEFAULT, next);
    }

    static Next link(HttpWiring wiring, Limits limits, Next next) {
        int instances = wiring.config().http().instances();
        TogetherUp together = new TogetherUp(instances, wiring.config().http().port());
        Live live = new Live(wiring.info().instance(), limits.streams());
        Compat.Shared compat = new Compat.Shared(wiring.config(), wiring.info(), System.getenv());
        AtomicInteger connections = new AtomicInteger();
        AtomicInteger made = new AtomicInteger();
        Next watched = new Next(() -> new WatchedLink(next.link().get(), together::failed), next.options());
        return new Next(
                () -> new HttpVerticle(
                        wiring, limits, together, live, compat, connections, made.getAndIncrement() == 0, watched),
                new DeploymentOptions().setInstances(instances));
    }

    @Override
    protected Future<?> open() {
        try {
            WorkerExecutor threads = vertx.createSharedWorkerExecutor("cairn-http-json", 2);
            parsers = threads;
            Bus bus = new Bus(vertx);
            if (first) {
                boolean withCompat = wiring.config().http().compat();
                live.listen(bus, withCompat);
                if (withCompat) {
                    LiveProcessing.begin(vertx, bus, live);
                }
            }
            door = new FrontDoor(wiring, limits, threads, connections);
            router = RouteTable.of(vertx, bus, wiring, live, limits, compat).router(vertx, door);
            return Future.succeededFuture();
        } catch (RuntimeException e) {
            together.failed(e);
            return Future.failedFuture(e);
        }
    }

    @Override
    protected Future<?> openDoor() {
        if (first) {
            together.nextIsUp();
        }
        return together.nextUp(context)
                .compose(up -> listen())
                .onSuccess(up -> together.listening())
                .onFailure(together::failed)
                .compose(up -> together.allListen(context))
                .onSuccess(up -> {
                    if (first && server != null) {
                        wiring.onListening().accept(server.actualPort());
                    }
                });
    }

    private Future<HttpServer> listen() {
        HttpConfig config = wiring.config().http();
        FrontDoor front = Objects.requireNonNull(door);
        HttpServer listener = vertx.createHttpServer(options())
                .connectionHandler(front::connected)
                .requestHandler(Objects.requireNonNull(router))
                .invalidRequestHandler(front::handleInvalid);
        server = listener;
        vertx.setPeriodic(SWEEP_MS, tick -> front.sweep());
        String host = config.host().equals("[::1]") ? "::1" : config.host();
        return listener.listen(together.port(), host)
                .recover(failure -> Future.failedFuture(cannotListen(config, failure)));
    }

    @Override
    protected Future<?> close() {
        // Instances that wait for this one must not wait for ever when its start failed.
        together.failed(CairnException.unavailable("an instance of the HTTP door was stopped"));
        return stopListening().eventually(this::closeThreads);
    }

    private Future<?> stopListening() {
        if (server == null || door == null) {
            return Future.succeededFuture();
        }
        FrontDoor front = door;
        front.finish();
        long patience = vertx.setTimer(limits.finishMs(), late -> front.abandon());
        wiring.lifecycle().onHurry(() -> context.runOnContext(hurried -> front.abandon()));
        return server.shutdown(limits.closeMs(), TimeUnit.MILLISECONDS)
                .onComplete(closed -> vertx.cancelTimer(patience));
    }

    private Future<?> closeThreads() {
        return parsers == null ? Future.succeededFuture() : parsers.close();
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setMaxInitialLineLength(Limits.MAX_REQUEST_LINE)
                .setMaxHeaderSize(Limits.MAX_HEADERS)
                .setIdleTimeout((int) limits.idleMs())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                // A compressed body could unfold to any size.
                .setDecompressionSupported(false)
                .setHttp2ClearTextEnabled(false)
                .setTcpNoDelay(true);
    }

    private static CairnException cannotListen(HttpConfig config, Throwable failure) {
        String address = config.host() + ":" + config.port();
        boolean taken = failure instanceof BindException
                && String.valueOf(failure.getMessage()).contains("in use");
        String message = taken
                ? "The port of " + address + " is in use: stop the program that listens there, or set http.port"
                        + " (CAIRN_PORT) to a free one"
                : "Cannot listen on " + address + " (" + failure.getMessage() + "): set http.host and http.port";
        return new CairnException(ErrorCode.CONFLICT, message, "http.port", failure);
    }
}
