package dev.cairn.search;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.PartStatus;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.CairnConfig;
import dev.cairn.mcp.LineChannel;
import dev.cairn.mcp.McpClient;
import dev.cairn.mcp.McpPeer;
import dev.cairn.process.ChildOwner;
import dev.cairn.process.ChildSpec;
import dev.cairn.process.KeptChild;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Serves searches and timelines on the event bus. Embedded, it asks the store through the strategies there are; with
 * {@code search.mode} process it lets a search server answer, a child of its own, and answers embedded whenever that cannot.
 */
public final class SearchBridgeVerticle extends ChainVerticle {
    private static final String PROCESS = "process";
    /** What a stop needs beside the graces of the child. */
    private static final long STOP_BUDGET_MS = 1_000;

    /** From the start of a search server to its first answer, in milliseconds. */
    private static final long CONNECT_MS = 20_000;

    private final CairnConfig config;
    private final @Nullable ChildOwner owner;
    private List<MessageConsumer<?>> consumers = List.of();
    private @Nullable KeptChild<McpClient> kept;

    /**
     * @param owner of the search server; null where search is embedded, and only there
     * @param next the link this one deploys
     */
    public SearchBridgeVerticle(CairnConfig config, @Nullable ChildOwner owner, Next next) {
        super("search", stopBudgetMs(config), next);
        if (owner == null && inProcess(config)) {
            throw new IllegalArgumentException("search.mode process needs an owner of the search server");
        }
        this.config = config;
        this.owner = owner;
    }

    private static boolean inProcess(CairnConfig config) {
        return config.search().mode().equals(PROCESS);
    }

    private static long stopBudgetMs(CairnConfig config) {
        return inProcess(config)
                ? STOP_BUDGET_MS + ChildSpec.EOF_GRACE_MS + config.process().graceMs()
                : STOP_BUDGET_MS;
    }

    @Override
    protected Future<?> open() {
        Bus bus = new Bus(vertx);
        Searcher searcher = new Searcher(bus, config.vector().mode().equals("off") ? null : new HybridSearch(bus));
        ChildOwner owning = owner;
        if (!inProcess(config) || owning == null) {
            return serve(bus, searcher, () -> status(searcher, Map.of()));
        }
        kept = new KeptChild<>(
                owning,
                () -> SearchServerCommand.spec(config),
                child -> McpClient.connect(vertx, LineChannel.of(child), new McpPeer("cairn", version()), CONNECT_MS),
                config.process().alerts().restarts());
        SearchServer server = SearchServer.of(kept);
        // The vectors are in the worker, so it searches by meaning; the server does all else.
        boolean vectorsHere = config.vector().mode().equals("embedded");
        ServedSearcher served = new ServedSearcher(
                server, searcher, query -> vectorsHere && HybridSearch.serves(query), ServedSearcher.TIMEOUT_MS);
        served.warmUp();
        return serve(
                bus,
                served,
                () -> status(
                        searcher, Map.of("child", server.state(), "fallbacks", String.valueOf(served.fallbacks()))));
    }

    private interface Health {
        PartStatus now();
    }

    private Future<?> serve(Bus bus, SearchService service, Health health) {
        consumers = List.of(
                bus.serve(Addresses.SEARCH_QUERY, service::search),
                bus.serve(Addresses.SEARCH_TIMELINE, service::timeline),
                bus.serve(Addresses.health("search"), nothing -> Future.succeededFuture(health.now())));
        return Future.all(consumers.stream().map(MessageConsumer::completion).collect(Collectors.toList()));
    }

    /** The child goes while the addresses are given up: what is under way falls back and is answered. */
    @Override
    protected Future<?> close() {
        KeptChild<McpClient> server = kept;
        if (server != null) {
            server.close();
        }
        Future<?> unregistered =
                Future.join(consumers.stream().map(MessageConsumer::unregister).collect(Collectors.toList()));
        return owner == null ? unregistered : Future.join(unregistered, owner.close());
    }

    private PartStatus status(Searcher searcher, Map<String, String> more) {
        List<String> available = searcher.available();
        Map<String, String> detail = new TreeMap<>(more);
        detail.put("mode", config.search().mode());
        detail.put("strategies", String.join(",", available));
        return PartStatus.up(detail);
    }

    private static String version() {
        String version = SearchBridgeVerticle.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
