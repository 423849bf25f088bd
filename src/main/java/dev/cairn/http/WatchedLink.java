package dev.cairn.http;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import java.util.function.Consumer;

/** A link whose failure to start is told to the instances that wait for it, so that each fails with the true cause. */
final class WatchedLink implements Deployable {
    private final Deployable link;
    private final Consumer<Throwable> onFailure;

    WatchedLink(Deployable link, Consumer<Throwable> onFailure) {
        this.link = link;
        this.onFailure = onFailure;
    }

    @Override
    public Future<?> deploy(Context context) throws Exception {
        try {
            return link.deploy(context).onFailure(onFailure::accept);
        } catch (Exception e) {
            onFailure.accept(e);
            throw e;
        }
    }

    @Override
    public Future<?> undeploy(Context context) throws Exception {
        return link.undeploy(context);
    }
}
