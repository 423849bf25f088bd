package dev.cairn.vector;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.PartStatus;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.CairnConfig;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The link that keeps a vector index in step with the store. With {@code vector.mode} off there is none to keep. */
public final class VectorSyncVerticle extends ChainVerticle {
    private static final long STOP_BUDGET_MS = 300;

    private final CairnConfig config;
    private @Nullable MessageConsumer<Nothing> health;

    public VectorSyncVerticle(CairnConfig config, Next next) {
        super("vector sync", STOP_BUDGET_MS, next);
        this.config = config;
    }

    @Override
    protected Future<?> open() {
        PartStatus status = new PartStatus(true, config.vector().mode(), Map.of("serves", "search is by keyword"));
        health = new Bus(vertx).serve(Addresses.health("vector"), request -> Future.succeededFuture(status));
        return Future.succeededFuture();
    }

    @Override
    protected Future<?> close() {
        return health == null ? Future.succeededFuture() : health.unregister();
    }
}
