package dev.cairn.worker;

import dev.cairn.config.CairnConfig;
import dev.cairn.model.CairnException;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker under Vert.x's own application launcher. Where none of the launcher's options is used, Vert.x is started here in the
 * same way without it: its reading of the command line takes a sixth of the start.
 *
 * <p>However the worker ends, it ends by the JVM's shutdown hook that the launcher registers, signals included: a second
 * {@code vertx.close()} succeeds at once, so a close begun elsewhere would let the JVM go before the links are down.
 */
final class Launcher extends VertxApplication implements VertxApplicationHooks {
    private static final int WORKER_THREADS = 6;
    private static final String ASKED_TO_END = "the process was asked to end";
    private static final String LOOPBACK = "127.0.0.1";

    /** How long the launcher waits for a start and for an end; the worker's own budgets are far below. */
    private static final long PATIENCE_MINUTES = 2;

    /** What begins the names of the system properties that the launcher reads options from. */
    private static final String LAUNCHER_PROPERTIES = "vertx.";

    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

    private final String[] args;
    private final CairnConfig config;
    private final Surroundings surroundings =
            Surroundings.of(true, () -> new Thread(() -> System.exit(0), "cairn-shutdown-request").start());
    private final WorkerVerticle root;
    private final ServiceManager serviceManager =
            ServiceManager.of(System.getenv(), ProcessHandle.current().pid());
    private @Nullable Throwable failure;

    Launcher(String[] args, CairnConfig config) {
        super(args, null, false, false);
        this.args = args;
        this.config = config;
        root = WorkerVerticle.create(config, surroundings);
    }

    /** Runs the worker; returns when it is ready or has failed. The JVM lives on until the worker is stopped. */
    int run() {
        EndSignals.install(surroundings.lifecycle());
        StopWatchdog.arm(surroundings.lifecycle(), config.process().deadlineMs());
        surroundings.lifecycle().onStopping(serviceManager::stopping);
        int code = needsLauncher() ? launch() : start();
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

    private boolean needsLauncher() {
        for (int i = 0; i < args.length; i += 2) {
            if (!Main.CONF.contains(args[i])) {
                return true;
            }
        }
        return System.getProperties().stringPropertyNames().stream()
                .anyMatch(name -> name.startsWith(LAUNCHER_PROPERTIES) && !name.equals(Logging.VERTX_DELEGATE));
    }

    /** What the launcher does when it is given no options. */
    private int start() {
        VertxOptions options = new VertxOptions();
        adapt(options);
        Vertx vertx = createVertxBuilder(options).build();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(vertx), "cairn-shutdown"));
        try {
            vertx.deployVerticle(root).await(PATIENCE_MINUTES, TimeUnit.MINUTES);
        } catch (Throwable e) {
            // An Error too: with the main thread alone gone, the JVM would live on without a worker.
            afterFailure(e);
            return 1;
        }
        afterReady(vertx);
        return 0;
    }

    private void end(Vertx vertx) {
        surroundings.lifecycle().beginStop(ASKED_TO_END);
        try {
            vertx.close().await(PATIENCE_MINUTES, TimeUnit.MINUTES);
        } catch (Exception e) {
            LOG.warn("Vert.x did not close: {}", e.toString());
        }
    }

    @Override
    public JsonObject afterConfigParsed(@Nullable JsonObject parsed) {
        // Read, merged and checked already; the launcher's own copy would be a second truth.
        return new JsonObject();
    }

    @Override
    public void beforeStartingVertx(HookContext context) {
        adapt(context.vertxOptions());
    }

    private static void adapt(VertxOptions options) {
        EventBusOptions bus = options.getEventBusOptions();
        if (bus.getHost() == null) {
            // Vert.x itself would take an address that other machines reach.
            bus.setHost(LOOPBACK);
        }
        if (options.getEventLoopPoolSize() == VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE) {
            // A hook crosses several links: fewer loops mean fewer threads to wake for each.
            options.setEventLoopPoolSize(Math.max(2, Runtime.getRuntime().availableProcessors()));
        }
        if (options.getWorkerPoolSize() == VertxOptions.DEFAULT_WORKER_POOL_SIZE) {
            // It serves the few connections that read; a query on a thread that slept long runs on cold caches.
            options.setWorkerPoolSize(WORKER_THREADS);
        }
        options.setMetricsOptions(new MicrometerMetricsOptions()
                .setEnabled(true)
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
        afterReady(context.vertx());
    }

    @Override
    public void afterFailureToDeployVerticle(HookContext context, @Nullable Throwable cause) {
        afterFailure(cause);
    }

    @Override
    public void beforeStoppingVertx(HookContext context) {
        surroundings.lifecycle().beginStop(ASKED_TO_END);
    }

    private void afterReady(Vertx vertx) {
        surroundings.settled().tryComplete();
        System.out.println(root.readyLine());
        serviceManager.ready(vertx, "Ready at " + root.url());
        vertx.executeBlocking(() -> {
            JvmFigures.bind(surroundings.registry());
            return null;
        });
    }

    private void afterFailure(@Nullable Throwable cause) {
        surroundings.settled().tryComplete();
        failure = cause;
    }
}
