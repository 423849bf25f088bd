package dev.cairn.chain;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One link of the worker's chain of verticles.
 *
 * <p>Vert.x stops children before their parent, but siblings all at once, without a time limit, and skips a parent whose
 * child failed to stop. So each link deploys the next as its only child, and each stop is bounded by a budget and always
 * succeeds: one hung or failed link cannot cut the others short.
 *
 * <p>{@code start}: {@link #open()}, deploy the next link, {@link #openDoor()}. {@code stop}: {@link #close()} within the
 * budget. A start that fails takes back what was up, in the order of an ordinary stop. All methods run on the
 * verticle's own event loop; none may block it.
 */
public abstract class ChainVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger("dev.cairn.chain");

    /** How the next link is made and deployed. */
    public record Next(Supplier<? extends Deployable> link, DeploymentOptions options) {
        /** One instance with Vert.x's defaults. */
        public static Next one(Supplier<? extends Deployable> link) {
            return new Next(link, new DeploymentOptions());
        }
    }

    private final String name;
    private final long stopBudgetMs;
    private final @Nullable Next next;
    private boolean opened;

    /**
     * @param name the link's name in the log
     * @param stopBudgetMs how long {@link #close()} may take, in milliseconds, before the stop goes on without it
     * @param next the link this one deploys, or null for the last
     */
    protected ChainVerticle(String name, long stopBudgetMs, @Nullable Next next) {
        this.name = name;
        this.stopBudgetMs = stopBudgetMs;
        this.next = next;
    }

    /** Opens what is this link's own: files, threads, bus addresses. The links below serve already, those above do not. */
    protected abstract Future<?> open();

    /** Opens the door to the outside, when every link above serves. */
    protected Future<?> openDoor() {
        return Future.succeededFuture();
    }

    /** Closes what is this link's own. The links above are gone already. */
    protected abstract Future<?> close();

    @Override
    public final Future<?> start() {
        return guarded(this::open).compose(opening -> {
            opened = true;
            ChainLinks.of(vertx).cameUp(name, context.deploymentID());
            return guarded(this::goOn)
                    .recover(failure -> closeWithinBudget().transform(done -> Future.failedFuture(failure)));
        });
    }

    private Future<?> goOn() {
        if (next == null) {
            return openDoor();
        }
        return vertx.deployVerticle(next.link(), next.options())
                .compose(id -> guarded(this::openDoor)
                        .recover(failure -> vertx.undeploy(id).transform(done -> Future.failedFuture(failure))));
    }

    @Override
    public final Future<?> stop() {
        return opened ? closeWithinBudget() : Future.succeededFuture();
    }

    private Future<?> closeWithinBudget() {
        opened = false;
        ChainLinks.of(vertx).wentDown(name, context.deploymentID());
        long begin = System.nanoTime();
        LOG.debug("stop begin {}", name);
        return guarded(this::close).timeout(stopBudgetMs, TimeUnit.MILLISECONDS).transform(result -> {
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            if (result.failed()) {
                LOG.warn("Stopped {} after {} ms, with a failure: {}", name, tookMs, String.valueOf(result.cause()));
            } else if (!firstOfItsDeployment()) {
                LOG.debug("Stopped another {} in {} ms", name, tookMs);
            } else {
                LOG.info("Stopped {} in {} ms", name, tookMs);
            }
            return Future.succeededFuture();
        });
    }

    /** Several instances of a link are one line in the log. */
    private boolean firstOfItsDeployment() {
        return vertx.sharedData()
                        .<String, String>getLocalMap("dev.cairn.chain.stopped")
                        .putIfAbsent(context.deploymentID(), name)
                == null;
    }

    private static Future<?> guarded(Supplier<Future<?>> step) {
        try {
            return step.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }
}
