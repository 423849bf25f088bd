package dev.cairn.http;

import dev.cairn.bus.PartStatus;
import dev.cairn.bus.SearchResult;
import dev.cairn.chain.Lifecycle;
import dev.cairn.chain.WorkerInfo;
import dev.cairn.config.CairnConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * What the HTTP room is given by whoever builds the worker.
 *
 * @param metricsScrape all figures in Prometheus' text format
 * @param meters where hooks are counted
 * @param mcp makes the MCP endpoint of one instance, on that instance's event loop
 * @param searchText a search's answer in the compact form for models
 * @param onListening is told the bound port, once, when every instance listens
 * @param loops whether the event loops answer; called on any thread
 * @param onShutdownRequested begins the stop; called after the answer to {@code POST /api/admin/shutdown} was written
 */
public record HttpWiring(
        CairnConfig config,
        WorkerInfo info,
        Lifecycle lifecycle,
        Supplier<String> metricsScrape,
        MeterRegistry meters,
        Function<Vertx, McpEndpoint> mcp,
        Function<SearchResult, String> searchText,
        IntConsumer onListening,
        Supplier<PartStatus> loops,
        Runnable onShutdownRequested) {}
