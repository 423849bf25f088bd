package dev.cairn.worker;

import dev.cairn.bus.Bus;
import dev.cairn.chain.ChainVerticle.Next;
import dev.cairn.chain.WorkerInfo;
import dev.cairn.config.CairnConfig;
import dev.cairn.context.ContextVerticle;
import dev.cairn.http.HttpVerticle;
import dev.cairn.http.HttpWiring;
import dev.cairn.http.McpEndpoint;
import dev.cairn.mcp.McpHandler;
import dev.cairn.model.CompactText;
import dev.cairn.observer.ObserverVerticle;
import dev.cairn.process.ProcessVerticle;
import dev.cairn.search.McpTools;
import dev.cairn.search.SearchBridgeVerticle;
import dev.cairn.session.SessionsVerticle;
import dev.cairn.store.StoreVerticle;
import dev.cairn.vector.VectorSyncVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.MultiMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The chain of verticles below the root, written from the last link to the first. */
final class Chain {
    private Chain() {}

    static Next below(CairnConfig config, Surroundings surroundings, WorkerInfo info, IntConsumer onListening) {
        Next sessions =
                Next.one(() -> new SessionsVerticle(config, surroundings.registry(), observers(config, surroundings)));
        Next context = Next.one(() -> new ContextVerticle(config, sessions));
        Next search = Next.one(
                () -> new SearchBridgeVerticle(config, surroundings.processes().owner("search"), context));
        Next http = HttpVerticle.link(http(config, surroundings, info, onListening), search);
        Next vector = Next.one(
                () -> new VectorSyncVerticle(config, surroundings.processes().owner("vector sync"), http));
        Next store = Next.one(() -> new StoreVerticle(config, vector));
        return Next.one(() -> new ProcessVerticle(config, surroundings.lifecycle(), surroundings.processes(), store));
    }

    private static HttpWiring http(
            CairnConfig config, Surroundings surroundings, WorkerInfo info, IntConsumer onListening) {
        return new HttpWiring(
                config,
                info,
                surroundings.lifecycle(),
                surroundings.registry()::scrape,
                surroundings.registry(),
                vertx -> endpoint(McpTools.create(new Bus(vertx), info.version())),
                result -> CompactText.hits(result.hits(), result.total(), 0),
                onListening,
                surroundings.pulse()::status,
                surroundings.onShutdownRequested());
    }

    private static McpEndpoint endpoint(McpHandler handler) {
        return (body, headers, structured) -> handler.handle(
                        MultiMap.caseInsensitiveMultiMap().addAll(headers), body, structured)
                .map(reply -> new McpEndpoint.Reply(reply.status(), reply.json()));
    }

    private static @Nullable Next observers(CairnConfig config, Surroundings surroundings) {
        int count = config.observer().max();
        return count == 0
                ? null
                : new Next(
                        () -> new ObserverVerticle(config, surroundings.processes(), surroundings.registry()),
                        new DeploymentOptions().setInstances(count));
    }
}
