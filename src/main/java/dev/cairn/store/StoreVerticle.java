package dev.cairn.store;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.AppendEvents;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ClaimTurn;
import dev.cairn.bus.ClaimedTurn;
import dev.cairn.bus.CloseIdleTurns;
import dev.cairn.bus.CompleteTurn;
import dev.cairn.bus.CompletedTurn;
import dev.cairn.bus.Count;
import dev.cairn.bus.Forget;
import dev.cairn.bus.Forgotten;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.Imported;
import dev.cairn.bus.IngestEvents;
import dev.cairn.bus.Ingested;
import dev.cairn.bus.PartStatus;
import dev.cairn.bus.Recorded;
import dev.cairn.bus.ReleaseTurns;
import dev.cairn.bus.RetryTurns;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.Saved;
import dev.cairn.bus.TurnReady;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.CairnConfig;
import dev.cairn.model.CairnException;
import dev.cairn.model.Observation;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/**
 * The database on the event bus: serves every address under {@code cairn.store} and publishes what was committed.
 *
 * <p>Stops within about two seconds: the addresses are given up, what waits is committed, the log is folded into the
 * database, then the readers close.
 */
public final class StoreVerticle extends ChainVerticle {
    private static final long STOP_BUDGET_MS = 2_000;

    private static final long RETENTION_PERIOD_MS = 3_600_000;
    private static final Logger LOG = LoggerFactory.getLogger(StoreVerticle.class);

    private final CairnConfig config;
    private final LongSupplier clock;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private @Nullable Store store;
    private long retentionTimer = -1;

    /** @param next the link above, or null for none */
    public StoreVerticle(CairnConfig config, ChainVerticle.@Nullable Next next) {
        this(config, next, System::currentTimeMillis);
    }

    /** @param clock epoch milliseconds */
    StoreVerticle(CairnConfig config, ChainVerticle.@Nullable Next next, LongSupplier clock) {
        super("store", STOP_BUDGET_MS, next);
        this.config = config;
        this.clock = clock;
    }

    /**
     * Loads the database's library, which takes a while; blocks. Without it the first connection does.
     *
     * @throws IllegalStateException when it cannot be loaded
     */
    public static void prepare() {
        try {
            SQLiteJDBCLoader.initialize();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Future<?> open() {
        return Store.open(vertx, config).onSuccess(opened -> {
            store = opened;
            serve(opened, new Bus(vertx));
        });
    }

    /** The worker is up: what is too old by now is forgotten, and looked for again every hour. */
    @Override
    protected Future<?> openDoor() {
        Store open = store;
        if (open != null && open.retention().isOn()) {
            retain(open);
            retentionTimer = vertx.setPeriodic(RETENTION_PERIOD_MS, timer -> retain(open));
        }
        return Future.succeededFuture();
    }

    private void retain(Store open) {
        StoreEvents events = new StoreEvents(new Bus(vertx));
        open.retention().run(clock.getAsLong()).onSuccess(events::retained).onFailure(failure -> {
            // A stop breaks it off, which is no trouble: the next start goes on.
            if (store != null) {
                LOG.warn("Retention broke off: {}", String.valueOf(failure.getMessage()));
            }
        });
    }

    @Override
    protected Future<?> close() {
        vertx.cancelTimer(retentionTimer);
        List<Future<Void>> unregistered =
                consumers.stream().map(MessageConsumer::unregister).toList();
        Store open = store;
        store = null;
        return Future.join(unregistered).transform(any -> open == null ? Future.succeededFuture() : open.close());
    }

    private void serve(Store open, Bus bus) {
        StoreEvents events = new StoreEvents(bus);
        consumers.add(bus.serve(Addresses.STORE_APPEND, request -> append(open, events, request)));
        consumers.add(bus.serve(Addresses.STORE_INGEST, request -> ingest(open, events, request)));
        consumers.add(bus.serve(Addresses.STORE_SAVE, request -> save(open, events, request)));
        consumers.add(bus.serve(Addresses.STORE_FORGET, request -> forget(open, events, request)));
        consumers.add(bus.serve(Addresses.STORE_EXPORT, open.exports()::page));
        consumers.add(bus.serve(Addresses.STORE_IMPORT, request -> take(open, events, request)));
        consumers.add(bus.serve(Addresses.STORE_IMPORTED, open.imported()::find));
        consumers.add(bus.serve(Addresses.STORE_CLAIM, request -> claim(open, request)));
        consumers.add(bus.serve(Addresses.STORE_COMPLETE, request -> complete(open, events, request)));
        consumers.add(bus.serve(
                Addresses.STORE_FAIL,
                request -> open.writer().submit(TurnQueue.fail(request)).onSuccess(done -> events.failed(request))));
        consumers.add(bus.serve(Addresses.STORE_TURNS, open.turns()::turns));
        consumers.add(bus.serve(Addresses.STORE_RETRY, request -> retry(open, events, request)));
        consumers.add(
                bus.serve(Addresses.STORE_USAGE_ADD, request -> open.writer().submit(UsageTable.add(request))));
        consumers.add(bus.serve(Addresses.STORE_SPENT, open.usage()::spent));
        consumers.add(bus.serve(Addresses.STORE_USAGE, open.usage()::report));
        consumers.add(bus.serve(Addresses.STORE_RELEASE, request -> release(open, events, request)));
        consumers.add(bus.serve(Addresses.STORE_CLOSE_IDLE, request -> closeIdle(open, events, request)));
        consumers.add(bus.serve(Addresses.STORE_SEARCH, open.search()::search));
        consumers.add(bus.serve(Addresses.STORE_RANK, open.ranks()::rank));
        consumers.add(bus.serve(Addresses.STORE_LINKS, open.links()::links));
        consumers.add(bus.serve(Addresses.STORE_SELECT, open.search()::select));
        consumers.add(bus.serve(Addresses.STORE_VECTOR_PENDING, open.vectors()::pending));
        consumers.add(bus.serve(Addresses.STORE_VECTOR_DONE, open.vectors()::done));
        consumers.add(bus.serve(Addresses.STORE_VECTOR_RESET, open.vectors()::reset));
        consumers.add(
                bus.serve(Addresses.STORE_VECTOR_STATS, any -> open.vectors().stats()));
        VectorSpaceStore spaces = open.spaces();
        consumers.add(bus.serve(Addresses.STORE_VECTOR_SPACE, spaces::create));
        consumers.add(bus.serve(Addresses.STORE_VECTOR_SPACES, any -> spaces.spaces()));
        consumers.add(bus.serve(Addresses.STORE_VECTOR_SAVE, spaces::save));
        consumers.add(bus.serve(Addresses.STORE_VECTOR_DROP, spaces::drop));
        consumers.add(bus.serve(Addresses.STORE_VECTOR_LOAD, spaces::load));
        consumers.add(bus.serve(Addresses.STORE_VECTOR_READ, spaces::readVectors));
        consumers.add(bus.serve(Addresses.STORE_NEIGHBOURS, open.neighbours()::neighbours));
        consumers.add(bus.serve(Addresses.STORE_PAGE, open.lists()::page));
        consumers.add(bus.serve(Addresses.STORE_FETCH, open.lists()::fetch));
        consumers.add(bus.serve(Addresses.STORE_RECENT, open.lists()::recent));
        consumers.add(bus.serve(Addresses.STORE_UNTOLD, open.told()::untold));
        consumers.add(bus.serve(Addresses.STORE_TELL, open.told()::tell));
        consumers.add(bus.serve(Addresses.STORE_STATS, any -> open.stats().stats()));
        consumers.add(bus.serve(Addresses.STORE_PROJECTS, any -> open.stats().projects()));
        consumers.add(bus.serve(
                Addresses.STORE_SAMPLES_KEEP,
                request -> open.writer().submit(open.samples().keep(request))));
        consumers.add(bus.serve(Addresses.STORE_SAMPLES, open.samples()::find));
        consumers.add(bus.serve(Addresses.health("store"), any -> Future.succeededFuture(health(open))));
    }

    private static Future<Recorded> append(Store open, StoreEvents events, AppendEvents request) {
        return open.writer().submit(new AppendCommand(request, open.memories())).map(appended -> {
            events.appended(appended);
            return appended.recorded();
        });
    }

    private static Future<Ingested> ingest(Store open, StoreEvents events, IngestEvents request) {
        return open.writer()
                .submit(new IngestCommand(request, open.memories(), open.projects()))
                .map(taken -> {
                    taken.appended().forEach(events::appended);
                    return taken.answer();
                });
    }

    private Future<Saved> save(Store open, StoreEvents events, SaveMemories request) {
        SaveCommand command = new SaveCommand(request, open.memories(), open.projects(), clock.getAsLong());
        return open.writer().submit(command).map(saved -> {
            events.observed(saved);
            return new Saved(saved.stream().map(Observation::id).toList());
        });
    }

    private static Future<Forgotten> forget(Store open, StoreEvents events, Forget request) {
        return open.forgetter().forget(request).onSuccess(forgotten -> {
            if (!forgotten.dryRun()) {
                events.forgotten(forgotten);
                open.housekeeper().tidy();
            }
        });
    }

    private static Future<Imported> take(Store open, StoreEvents events, ImportLines request) {
        return open.writer().submit(new ImportCommand(request, open.memories())).map(taken -> {
            if (!request.dryRun()) {
                events.imported(taken);
            }
            return taken.imported();
        });
    }

    /** The turn is claimed first and read afterwards, so that a long turn does not keep other writes waiting. */
    private static Future<ClaimedTurn> claim(Store open, ClaimTurn request) {
        return open.writer().submit(TurnQueue.claim(request)).compose(claim -> {
            Long turnId = claim.turnId();
            if (turnId == null) {
                return Future.succeededFuture(new ClaimedTurn(null, claim.nextDueAt()));
            }
            return open.work()
                    .work(turnId)
                    .recover(failure -> open.writer()
                            .submit(TurnQueue.giveBack(turnId, request.observer()))
                            .transform(any -> Future.failedFuture(failure)))
                    .compose(work ->
                            work == null ? claim(open, request) : Future.succeededFuture(new ClaimedTurn(work, null)));
        });
    }

    private static Future<CompletedTurn> complete(Store open, StoreEvents events, CompleteTurn request) {
        return open.writer()
                .submit(new CompleteCommand(request, open.memories()))
                .map(completed -> {
                    events.completed(request.turnId(), completed);
                    return completed.answer();
                });
    }

    private static Future<Count> retry(Store open, StoreEvents events, RetryTurns request) {
        List<Long> ids = request.ids();
        if (ids.size() > RetryTurns.MAX_IDS) {
            throw CairnException.invalid(
                    "ids", "ids has more than " + RetryTurns.MAX_IDS + " items; give fewer, or none for all");
        }
        if (!ids.isEmpty()) {
            return open.writer()
                    .submit(TurnQueue.retry(ids.stream().distinct().toList()))
                    .map(ready -> counted(events, ready));
        }
        long[] progress = new long[2];
        return Repeat.whileTrue(() -> open.writer()
                        .submit(TurnQueue.retryNext(progress[0]))
                        .map(ready -> {
                            progress[0] = ready.isEmpty()
                                    ? 0
                                    : ready.get(ready.size() - 1).turnId();
                            progress[1] += counted(events, ready).count();
                            return ready.size() == TurnQueue.STEP;
                        }))
                .map(done -> new Count((int) progress[1]));
    }

    private static Future<Count> release(Store open, StoreEvents events, ReleaseTurns request) {
        return open.writer().submit(TurnQueue.release(request)).map(ready -> counted(events, ready));
    }

    private static Future<Count> closeIdle(Store open, StoreEvents events, CloseIdleTurns request) {
        return open.writer().submit(TurnQueue.closeIdle(request)).map(ready -> counted(events, ready));
    }

    private static Count counted(StoreEvents events, List<TurnReady> ready) {
        events.ready(ready);
        return new Count(ready.size());
    }

    private PartStatus health(Store open) {
        Map<String, String> detail = new TreeMap<>();
        detail.put("database", config.database().toString());
        detail.put("schema", String.valueOf(Migrations.newest()));
        detail.put("memories", String.valueOf(open.tally().count()));
        detail.put("waitingWrites", String.valueOf(open.writer().waiting()));
        if (!open.writer().alive()) {
            detail.put("reason", "the writer has ended");
            return new PartStatus(false, "down", detail);
        }
        String damage = open.reads().damage();
        String failure = damage == null ? open.writer().lastFailure() : damage;
        if (failure != null) {
            detail.put("reason", failure);
            return new PartStatus(false, "degraded", detail);
        }
        return PartStatus.up(detail);
    }
}
