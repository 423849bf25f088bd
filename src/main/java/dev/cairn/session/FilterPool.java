package dev.cairn.session;

import dev.cairn.bus.Bus;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where texts are filtered: a small request at once on the caller's event loop, in microseconds; a large one on threads of its own,
 * so many at a time and no more. For one event loop.
 */
final class FilterPool {
    /** More text than this is filtered on another thread, in UTF-16 units. */
    private static final long SMALL = 64 * 1024;

    private static final int MOST_LARGE = 64;

    private final WorkerExecutor workers;
    private int large;

    FilterPool(Vertx vertx) {
        workers = vertx.createSharedWorkerExecutor("cairn-filters", 2, 1, TimeUnit.MINUTES);
    }

    /**
     * Small work here and now, large work on another thread.
     *
     * @param weight how much text there is, in UTF-16 units
     * @return what the work returns or throws; fails with UNAVAILABLE when too many large requests are under way, and with TIMEOUT
     *     when a large one is not through within {@link Bus#DEFAULT_TIMEOUT_MS}
     */
    <T> Future<T> run(long weight, Callable<T> work) {
        if (weight <= SMALL) {
            try {
                return Future.succeededFuture(work.call());
            } catch (Exception e) {
                return Future.failedFuture(e);
            }
        }
        if (large >= MOST_LARGE) {
            return Future.failedFuture(CairnException.unavailable("too many large requests at once; try again"));
        }
        large++;
        return workers.executeBlocking(work, false)
                .onComplete(done -> large--)
                .timeout(Bus.DEFAULT_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(
                        failure instanceof TimeoutException
                                ? new CairnException(ErrorCode.TIMEOUT, "filtering a large request took too long")
                                : failure));
    }

    Future<Void> close() {
        return workers.close();
    }
}
