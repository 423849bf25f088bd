package dev.cairn.search;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.PartStatus;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.CairnConfig;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Serves searches and timelines on the event bus; asks the store, through the strategies there are. */
public final class SearchBridgeVerticle extends ChainVerticle {
    private static final long STOP_BUDGET_MS = 1_000;

    private final CairnConfig config;
    private List<MessageConsumer<?>> consumers = List.of();

    /** @param next the link this one deploys */
    public SearchBridgeVerticle(CairnConfig config, Next next) {
        super("search", STOP_BUDGET_MS, next);
        this.config = config;
    }

    @Override
    protected Future<?> open() {
        Bus bus = new Bus(vertx);
        Searcher searcher = new Searcher(bus, strategies(config, bus));
        consumers = List.of(
                bus.serve(Addresses.SEARCH_QUERY, searcher::search),
                bus.serve(Addresses.SEARCH_TIMELINE, searcher::timeline),
                bus.serve(Addresses.health("search"), nothing -> Future.succeededFuture(status(searcher))));
        return Future.all(consumers.stream().map(MessageConsumer::completion).collect(Collectors.toList()));
    }

    @Override
    protected Future<?> close() {
        return Future.join(consumers.stream().map(MessageConsumer::unregister).collect(Collectors.toList()));
    }

    private static List<RetrievalStrategy> strategies(CairnConfig config, Bus bus) {
        KeywordStrategy keyword = new KeywordStrategy(bus);
        return config.vector().mode().equals("off") ? List.of(keyword) : List.of(keyword, new SemanticStrategy(bus));
    }

    private PartStatus status(Searcher searcher) {
        List<String> available = searcher.available();
        Map<String, String> detail = Map.of("mode", config.search().mode(), "strategies", String.join(",", available));
        return available.isEmpty() ? new PartStatus(false, "down", detail) : PartStatus.up(detail);
    }
}
