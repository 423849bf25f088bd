package dev.cairn.process;

import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Keeps one child at hand: starts it when it is first wanted, shares it among all callers, starts another when it ended.
 * Failed starts wait for a back-off, too many of them open a circuit: callers are refused at once until it is tried again.
 *
 * @param <T> what talks to the child, such as an MCP client
 */
public final class KeptChild<T> {
    private final Vertx vertx;
    private final ChildOwner owner;
    private final Supplier<ChildSpec> spec;
    private final Function<Child, Future<T>> connect;

    /**
     * @param spec made anew for each start
     * @param connect makes a started child ready for use; when it fails the child is ended and the start has failed
     */
    public KeptChild(Vertx vertx, ChildOwner owner, Supplier<ChildSpec> spec, Function<Child, Future<T>> connect) {
        this.vertx = vertx;
        this.owner = owner;
        this.spec = spec;
        this.connect = connect;
    }

    /** What talks to the running child; starts one when there is none. Fails with UNAVAILABLE while it may not be tried. */
    public Future<T> get() {
        return Future.failedFuture(CairnException.unavailable("not built yet " + vertx + owner + spec + connect));
    }
}
