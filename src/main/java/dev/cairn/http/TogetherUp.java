package dev.cairn.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the instances of one deployment share while they start: none listens before the next link is up, and all fail when one
 * does, so that the one that deployed the next link takes it back. Thread-safe.
 */
final class TogetherUp {
    private static final AtomicInteger RANDOM_PORTS = new AtomicInteger();

    private final Promise<Void> nextUp = Promise.promise();
    private final Promise<Void> allListen = Promise.promise();
    private final AtomicInteger missing;
    private final int port;

    TogetherUp(int instances, int port) {
        missing = new AtomicInteger(instances);
        // Vert.x shares a free port among those who ask for the same negative one, and only among them.
        this.port = port == 0 ? -RANDOM_PORTS.incrementAndGet() : port;
    }

    /** What to ask Vert.x for. */
    int port() {
        return port;
    }

    void nextIsUp() {
        nextUp.tryComplete();
    }

    void listening() {
        if (missing.decrementAndGet() == 0) {
            allListen.tryComplete();
        }
    }

    /** Does nothing when all listen already. */
    void failed(Throwable cause) {
        nextUp.tryFail(cause);
        allListen.tryFail(cause);
    }

    Future<Void> nextUp(Context context) {
        return on(context, nextUp.future());
    }

    Future<Void> allListen(Context context) {
        return on(context, allListen.future());
    }

    /** Each instance goes on with its start on its own event loop, whichever completed the promise. */
    private static Future<Void> on(Context context, Future<Void> future) {
        return Future.future(here -> future.onComplete(done -> context.runOnContext(go -> {
            if (done.succeeded()) {
                here.complete();
            } else {
                here.fail(done.cause());
            }
        })));
    }
}
