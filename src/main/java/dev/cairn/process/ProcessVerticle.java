package dev.cairn.process;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.PartStatus;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.chain.Lifecycle;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The link that owns child processes: first up, last down. On the embedded defaults the worker starts no child at all; the
 * gate is there from the first moment so that it can be closed before anything else stops.
 */
public final class ProcessVerticle extends ChainVerticle {
    private static final long STOP_BUDGET_MS = 500;

    private final Lifecycle lifecycle;
    private final SpawnGate gate = new SpawnGate();
    private @Nullable MessageConsumer<Nothing> health;

    public ProcessVerticle(Lifecycle lifecycle, Next next) {
        super("process", STOP_BUDGET_MS, next);
        this.lifecycle = lifecycle;
    }

    @Override
    protected Future<?> open() {
        lifecycle.onStopping(gate::close);
        health = new Bus(vertx)
                .serve(
                        Addresses.health("processes"),
                        request -> Future.succeededFuture(
                                PartStatus.up(Map.of("gate", gate.isOpen() ? "open" : "closed", "children", "0"))));
        return Future.succeededFuture();
    }

    @Override
    protected Future<?> close() {
        gate.close();
        return health == null ? Future.succeededFuture() : health.unregister();
    }
}
