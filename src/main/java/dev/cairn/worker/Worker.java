package dev.cairn.worker;

import dev.cairn.config.CairnConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A worker inside an application's own Vert.x.
 *
 * <p>{@code MemoryClient.create(vertx)} talks to it. Thread-safe.
 */
public final class Worker {
    private final Vertx vertx;
    private final Surroundings surroundings;
    private final String deploymentId;
    private final String url;
    private final AtomicReference<@Nullable Future<Void>> closing = new AtomicReference<>();

    private Worker(Vertx vertx, Surroundings surroundings, String deploymentId, String url) {
        this.vertx = vertx;
        this.surroundings = surroundings;
        this.deploymentId = deploymentId;
        this.url = url;
    }

    /**
     * Starts a worker; the future succeeds when every link serves, and fails with a {@code CairnException} when one cannot:
     * what was up is taken back first.
     */
    public static Future<Worker> start(Vertx vertx, CairnConfig config) {
        AtomicReference<@Nullable Worker> self = new AtomicReference<>();
        Surroundings surroundings = Surroundings.of(false, () -> {
            Worker worker = self.get();
            if (worker != null) {
                worker.close();
            }
        });
        WorkerVerticle root = WorkerVerticle.create(config, surroundings);
        return vertx.deployVerticle(root)
                .onComplete(settled -> surroundings.settled().tryComplete())
                .map(id -> {
                    Worker worker = new Worker(vertx, surroundings, id, root.url());
                    self.set(worker);
                    return worker;
                });
    }

    /** Where it listens. */
    public String url() {
        return url;
    }

    /** Stops the links strictly one by one. Any number of callers share one future; it succeeds when all are down. */
    public Future<Void> close() {
        Promise<Void> mine = Promise.promise();
        if (closing.compareAndSet(null, mine.future())) {
            surroundings.lifecycle().beginStop("close() was called");
            vertx.undeploy(deploymentId).onComplete(mine);
        }
        Future<Void> shared = closing.get();
        return shared != null ? shared : mine.future();
    }
}
