package dev.cairn.worker;

import dev.cairn.chain.Lifecycle;
import dev.cairn.process.ChildProcesses;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Promise;

/**
 * What a worker needs from whoever runs it.
 *
 * @param lifecycle the state all links share
 * @param registry where figures are counted, and what {@code /metrics} shows
 * @param processes the children, opened by the process link
 * @param pulse of the event loops
 * @param settled to be completed when the deployment of the root has succeeded or failed, whichever: a Vert.x that closes
 *     during the start would stop the links in no order, so its closing waits for this
 * @param onShutdownRequested called when somebody asks the worker over HTTP to end; returns at once
 */
record Surroundings(
        Lifecycle lifecycle,
        PrometheusMeterRegistry registry,
        ChildProcesses processes,
        LoopPulse pulse,
        Promise<Void> settled,
        Runnable onShutdownRequested) {

    /** @param exclusive whether the JVM is the worker's own, so that nothing else in it starts processes */
    static Surroundings of(boolean exclusive, Runnable onShutdownRequested) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        return new Surroundings(
                new Lifecycle(),
                registry,
                new ChildProcesses(registry, exclusive),
                new LoopPulse(exclusive ? () -> System.exit(LoopPulse.EXIT_CODE) : null),
                Promise.promise(),
                onShutdownRequested);
    }
}
