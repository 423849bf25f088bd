package dev.cairn.store;

import dev.cairn.bus.Address;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.PartStatus;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.CairnConfig;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The reading half of the store on the event bus, beside a worker that writes: for a process of its own. It takes no lock,
 * and neither makes nor changes a database; deploying it fails with a {@code CairnException} when there is none of this
 * build's schema.
 */
public final class ReadOnlyStoreVerticle extends ChainVerticle {
    private static final long STOP_BUDGET_MS = 1_000;

    private final CairnConfig config;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private @Nullable FreshContent content;
    private @Nullable Pool pool;

    /** @param next the link above, or null for none */
    public ReadOnlyStoreVerticle(CairnConfig config, ChainVerticle.@Nullable Next next) {
        super("readers", STOP_BUDGET_MS, next);
        this.config = config;
    }

    @Override
    protected Future<?> open() {
        Database database = new Database(config.database(), config.store());
        return vertx.executeBlocking(database::openReader).compose(connection -> {
            FreshContent fresh = new FreshContent(vertx, connection);
            Pool readers = Store.readers(vertx, database, config);
            content = fresh;
            pool = readers;
            StatsReads stats = new StatsReads(new Reads(readers), database);
            // The first queries show that both ways to read work.
            return Future.all(fresh.refresh(), stats.stats())
                    .onSuccess(works -> serve(new Bus(vertx), fresh, new Reads(readers), stats))
                    .recover(failure -> close().transform(closed -> Future.failedFuture(failure)));
        });
    }

    @Override
    protected Future<?> close() {
        List<Future<Void>> unregistered =
                consumers.stream().map(MessageConsumer::unregister).toList();
        Pool readers = pool;
        FreshContent fresh = content;
        return Future.join(unregistered)
                .transform(any -> readers == null ? Future.<Void>succeededFuture() : readers.close())
                .transform(any -> fresh == null ? Future.<Void>succeededFuture() : fresh.close());
    }

    private void serve(Bus bus, FreshContent fresh, Reads reads, StatsReads stats) {
        Filters filters = new Filters(fresh.projects(), reads);
        SearchReads search = new SearchReads(reads, filters, fresh.tally());
        NeighbourReads neighbours = new NeighbourReads(reads, filters, fresh.tally());
        ListReads lists = new ListReads(reads, filters);
        serve(bus, fresh, Addresses.STORE_SEARCH, search::search);
        RankReads ranks = new RankReads(reads, filters, fresh.tally());
        LinkReads links = new LinkReads(reads, filters);
        serve(bus, fresh, Addresses.STORE_RANK, ranks::rank);
        serve(bus, fresh, Addresses.STORE_LINKS, links::links);
        serve(bus, fresh, Addresses.STORE_SELECT, search::select);
        serve(bus, fresh, Addresses.STORE_VECTOR_STATS, any -> VectorWork.stats(reads, fresh.tally()));
        serve(bus, fresh, Addresses.STORE_NEIGHBOURS, neighbours::neighbours);
        serve(bus, fresh, Addresses.STORE_PAGE, lists::page);
        serve(bus, fresh, Addresses.STORE_FETCH, lists::fetch);
        serve(bus, fresh, Addresses.STORE_RECENT, lists::recent);
        serve(bus, fresh, Addresses.STORE_STATS, any -> stats.stats());
        serve(bus, fresh, Addresses.STORE_PROJECTS, any -> stats.projects());
        consumers.add(bus.serve(
                Addresses.health("store"),
                any -> fresh.then(() -> {
                    Map<String, String> detail = Map.of(
                            "database", config.database().toString(),
                            "schema", String.valueOf(Migrations.newest()),
                            "memories", String.valueOf(fresh.tally().count()),
                            "mode", "read-only");
                    return Future.succeededFuture(PartStatus.up(detail));
                })));
    }

    private <Q, R> void serve(Bus bus, FreshContent fresh, Address<Q, R> address, Function<Q, Future<R>> read) {
        consumers.add(bus.serve(address, request -> fresh.then(() -> read.apply(request))));
    }
}
