package dev.cairn.worker;

import dev.cairn.chain.Lifecycle;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * What a worker needs from whoever runs it.
 *
 * @param lifecycle the state all links share
 * @param registry where figures are counted, and what {@code /metrics} shows
 * @param onShutdownRequested called when somebody asks the worker over HTTP to end; returns at once
 */
public record Surroundings(Lifecycle lifecycle, PrometheusMeterRegistry registry, Runnable onShutdownRequested) {

    /** For a worker within an application: nobody but the application ends it. */
    public static Surroundings embedded(Runnable onShutdownRequested) {
        return new Surroundings(
                new Lifecycle(), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), onShutdownRequested);
    }
}
