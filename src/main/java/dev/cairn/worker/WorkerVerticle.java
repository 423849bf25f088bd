package dev.cairn.worker;

import dev.cairn.chain.ChainVerticle;
import dev.cairn.chain.Lifecycle;
import dev.cairn.chain.WorkerInfo;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.InstanceFile;
import io.vertx.core.Future;
import io.vertx.core.internal.VertxInternal;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The root of the chain: takes the instance lock, hangs the chain below it and says when everything is up.
 *
 * <p>Deploying it fails with a {@code CairnException}: CONFLICT when another worker serves the data directory,
 * UNAVAILABLE when the directory cannot be used. One instance only.
 */
public final class WorkerVerticle extends ChainVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerVerticle.class);
    private static final long STOP_BUDGET_MS = 500;

    private final CairnConfig config;
    private final Lifecycle lifecycle;
    private final WorkerInfo info;
    private final AtomicInteger port;
    private final Future<Void> settled;
    private final LoopPulse pulse;
    private @Nullable InstanceLock lock;

    private WorkerVerticle(
            CairnConfig config,
            Lifecycle lifecycle,
            WorkerInfo info,
            AtomicInteger port,
            Future<Void> settled,
            LoopPulse pulse,
            Next chain) {
        super("worker", STOP_BUDGET_MS, chain);
        this.config = config;
        this.lifecycle = lifecycle;
        this.info = info;
        this.port = port;
        this.settled = settled;
        this.pulse = pulse;
    }

    /** Makes a worker that was not deployed yet. */
    static WorkerVerticle create(CairnConfig config, Surroundings surroundings) {
        WorkerInfo info = new WorkerInfo(
                UUID.randomUUID().toString(),
                Version.current(),
                ProcessHandle.current().pid(),
                System.currentTimeMillis());
        AtomicInteger port = new AtomicInteger();
        Next chain = Chain.below(config, surroundings, info, port::set);
        return new WorkerVerticle(
                config,
                surroundings.lifecycle(),
                info,
                port,
                surroundings.settled().future(),
                surroundings.pulse(),
                chain);
    }

    @Override
    protected Future<?> open() {
        // vertx.close() reaches the links deepest first; only a close hook hears of it before any of them.
        ((VertxInternal) vertx).addCloseHook(completion -> {
            lifecycle.beginStop("Vert.x is closing");
            settled.onComplete(anyway -> completion.succeed());
        });
        pulse.begin(vertx, config.watchdog().haltMs());
        lifecycle.onStopping(pulse::end);
        LOG.info("Cairn {} starts on {}", info.version(), config.dataDir());
        return blocking(() -> {
                    DataDirectory.prepare(config.dataDir());
                    return InstanceLock.acquire(config.dataDir());
                })
                .onSuccess(acquired -> lock = acquired);
    }

    @Override
    protected Future<?> openDoor() {
        InstanceFile self = new InstanceFile(info.instance(), info.pid(), url(), info.version(), info.startedAt());
        InstanceLock held = lock;
        if (held == null) {
            return Future.failedFuture(new IllegalStateException("opened without the instance lock"));
        }
        return blocking(() -> {
                    held.announce(self);
                    return self;
                })
                .onSuccess(announced -> {
                    lifecycle.ready();
                    LOG.info("Ready at {} after {} ms", url(), System.currentTimeMillis() - info.startedAt());
                });
    }

    @Override
    protected Future<?> close() {
        InstanceLock held = lock;
        lock = null;
        if (held == null) {
            return Future.succeededFuture();
        }
        return blocking(() -> {
            held.close();
            return held;
        });
    }

    /** The line that says that it is ready, and where. */
    String readyLine() {
        return "cairn ready " + url() + " pid=" + info.pid() + " instance=" + info.instance();
    }

    /** Where it listens, once it does. */
    String url() {
        String host = config.http().host();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port.get();
    }

    private <T> Future<T> blocking(Callable<T> work) {
        return vertx.executeBlocking(work);
    }
}
