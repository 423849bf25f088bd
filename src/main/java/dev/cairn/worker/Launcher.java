package dev.cairn.worker;

import dev.cairn.config.CairnConfig;
import dev.cairn.model.CairnException;
import io.vertx.core.Deployable;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.launcher.application.HookContext;
import io.vertx.launcher.application.VertxApplication;
import io.vertx.launcher.application.VertxApplicationHooks;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The worker under Vert.x's own application launcher.
 *
 * <p>However the worker ends, it ends by the JVM's shutdown hook that the launcher registers, signals included: a second
 * {@code vertx.close()} succeeds at once, so a close begun elsewhere would let the JVM go before the links are down.
 */
final class Launcher extends VertxApplication implements VertxApplicationHooks {
    private static final int WORKER_THREADS = 6;
    private static final String LOOPBACK = "127.0.0.1";

    private final CairnConfig config;
    private final Surroundings surroundings =
            Surroundings.of(true, () -> new Thread(() -> System.exit(0), "cairn-shutdown-request").start());
    private final WorkerVerticle root;
    private final ServiceManager serviceManager =
            ServiceManager.of(System.getenv(), ProcessHandle.current().pid());
    private @Nullable Throwable failure;

    Launcher(String[] args, CairnConfig config) {
        super(args, null, false, false);
        this.config = config;
        root = WorkerVerticle.create(config, surroundings);
    }

    /** Runs the worker; returns when it is ready or has failed. The JVM lives on until the worker is stopped. */
    int run() {
        EndSignals.install(surroundings.lifecycle());
        StopWatchdog.arm(surroundings.lifecycle(), config.process().deadlineMs());
        surroundings.lifecycle().onStopping(serviceManager::stopping);
        int code = launch();
        if (code == 0) {
            return 0;
        }
        if (surroundings.lifecycle().stopping()) {
            // Asked to end while it started: that is no failure to tell of.
            return 0;
        }
        surroundings.lifecycle().beginStop("the start failed");
        if (failure instanceof CairnException refusal) {
            System.err.println("cairn: " + refusal.getMessage());
            return refusal.code().exitCode() == 4 ? 4 : 1;
        }
        if (failure != null) {
            System.err.println("cairn: the worker did not start: " + failure);
            return 1;
        }
        return code == 2 ? 2 : 1;
    }

    @Override
    public JsonObject afterConfigParsed(@Nullable JsonObject parsed) {
        // Read, merged and checked already; the launcher's own copy would be a second truth.
        return new JsonObject();
    }

    @Override
    public void beforeStartingVertx(HookContext context) {
        EventBusOptions bus = context.vertxOptions().getEventBusOptions();
        if (bus.getHost() == null) {
            // Vert.x itself would take an address that other machines reach.
            bus.setHost(LOOPBACK);
        }
        if (context.vertxOptions().getEventLoopPoolSize() == VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE) {
            // A hook crosses several links: fewer loops mean fewer threads to wake for each.
            context.vertxOptions()
                    .setEventLoopPoolSize(Math.max(2, Runtime.getRuntime().availableProcessors()));
        }
        if (context.vertxOptions().getWorkerPoolSize() == VertxOptions.DEFAULT_WORKER_POOL_SIZE) {
            // It serves the few connections that read; a query on a thread that slept long runs on cold caches.
            context.vertxOptions().setWorkerPoolSize(WORKER_THREADS);
        }
        context.vertxOptions()
                .setMetricsOptions(new MicrometerMetricsOptions()
                        .setEnabled(true)
                        .setJvmMetricsEnabled(true)
                        // A gauge for each address or one for all is no figure anybody asks for, and costs each
                        // message.
                        .addDisabledMetricsCategory(MetricsDomain.EVENT_BUS)
                        .setLabels(EnumSet.of(Label.HTTP_METHOD, Label.HTTP_CODE, Label.POOL_NAME, Label.POOL_TYPE)));
    }

    @Override
    public VertxBuilder createVertxBuilder(VertxOptions options) {
        return VertxApplicationHooks.super
                .createVertxBuilder(options)
                .withMetrics(new MicrometerMetricsFactory(surroundings.registry()));
    }

    @Override
    public Supplier<? extends Deployable> verticleSupplier() {
        return () -> root;
    }

    @Override
    public void beforeDeployingVerticle(HookContext context) {
        // A second root would only fail at the instance lock.
        context.deploymentOptions().setInstances(1);
    }

    @Override
    public void afterFailureToStartVertx(HookContext context, @Nullable Throwable cause) {
        failure = cause;
    }

    @Override
    public void afterVerticleDeployed(HookContext context) {
        surroundings.settled().tryComplete();
        System.out.println(root.readyLine());
        serviceManager.ready(context.vertx(), "Ready at " + root.url());
    }

    @Override
    public void afterFailureToDeployVerticle(HookContext context, @Nullable Throwable cause) {
        surroundings.settled().tryComplete();
        failure = cause;
    }

    @Override
    public void beforeStoppingVertx(HookContext context) {
        surroundings.lifecycle().beginStop("the process was asked to end");
    }
}
