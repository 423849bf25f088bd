package dev.cairn.vector;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.PartStatus;
import dev.cairn.bus.VectorStats;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.CairnConfig;
import dev.cairn.process.ChildOwner;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link that keeps a vector index in step with the store, and answers semantic queries from it. With {@code vector.mode}
 * off there is none.
 *
 * <p>Chroma runs only while there is something to write or to search; both go through one process.
 */
public final class VectorSyncVerticle extends ChainVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(VectorSyncVerticle.class);

    /** Beside Chroma's grace: the end of its input, and what a kill takes. */
    private static final long STOP_BUDGET_MS = 1_000;

    private final CairnConfig config;
    private final ChildOwner owner;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private @Nullable FileChannel lock;
    private @Nullable ChromaDoor door;
    private @Nullable ChromaSync sync;

    /** @param owner of the Chroma process; closed with this link */
    public VectorSyncVerticle(CairnConfig config, ChildOwner owner, @Nullable Next next) {
        super("vector sync", STOP_BUDGET_MS + config.process().graceMs(), next);
        this.config = config;
        this.owner = owner;
    }

    @Override
    protected Future<?> open() {
        Bus bus = new Bus(vertx);
        if (config.vector().mode().equals("off")) {
            PartStatus off = new PartStatus(true, "off", Map.of("serves", "search is by keyword"));
            consumers.add(bus.serve(Addresses.health("vector"), request -> Future.succeededFuture(off)));
            return Future.succeededFuture();
        }
        ChromaFiles files = new ChromaFiles(config.dataDir());
        return vertx.executeBlocking(() -> {
                    files.prepare();
                    FileChannel mine = files.lock();
                    if (mine != null) {
                        SharedIndex.ensureMark(files);
                    }
                    return mine;
                })
                .compose(taken -> {
                    lock = taken;
                    if (taken == null) {
                        LOG.error("Another process writes into {}; search is by keyword", files.database());
                        PartStatus locked = new PartStatus(
                                false, "locked", Map.of("reason", "another process writes into " + files.database()));
                        consumers.add(bus.serve(Addresses.health("vector"), any -> Future.succeededFuture(locked)));
                        return Future.succeededFuture();
                    }
                    return serve(
                            bus,
                            new ChromaProcess(
                                    vertx, owner, config.vector(), config.process(), files, System.getenv(), false));
                });
    }

    private Future<?> serve(Bus bus, ChromaDoor chroma) {
        ChromaSync keeper = new ChromaSync(vertx, bus, chroma);
        SemanticQueries queries = new SemanticQueries(chroma, keeper);
        door = chroma;
        sync = keeper;
        consumers.add(bus.listen(Addresses.EVENT_OBSERVATION, observation -> keeper.wake(observation.id())));
        consumers.add(bus.listen(Addresses.EVENT_SUMMARY, summary -> keeper.wake(summary.id())));
        consumers.add(bus.listen(Addresses.EVENT_PROMPT, prompt -> keeper.wake(prompt.id())));
        // What an import brings stands behind all there was: ids grow.
        consumers.add(bus.listen(Addresses.EVENT_IMPORTED, imported -> keeper.wake()));
        consumers.add(bus.listen(Addresses.EVENT_FORGOTTEN, forgotten -> keeper.wake()));
        consumers.add(bus.serve(Addresses.VECTOR_QUERY, queries::query));
        consumers.add(bus.serve(
                Addresses.health("vector"), request -> Future.succeededFuture(status(chroma.state(), keeper))));
        keeper.wake();
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList());
    }

    @Override
    protected Future<?> close() {
        if (sync != null) {
            sync.close();
        }
        ChromaDoor open = door;
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
                .transform(any -> open == null ? Future.succeededFuture() : open.close())
                .transform(any -> owner.close())
                .transform(any -> unlock());
    }

    private Future<?> unlock() {
        FileChannel held = lock;
        lock = null;
        return held == null
                ? Future.succeededFuture()
                : vertx.executeBlocking(() -> {
                    held.close();
                    return null;
                });
    }

    private static PartStatus status(String process, ChromaSync sync) {
        VectorStats stats = sync.stats();
        Map<String, String> detail = new TreeMap<>();
        detail.put("chroma", process);
        detail.put("indexed", String.valueOf(stats.indexed()));
        detail.put("total", String.valueOf(stats.total()));
        detail.put("deletions", String.valueOf(stats.deletions()));
        detail.put("refused", String.valueOf(stats.parked()));
        detail.put("rebuilds", String.valueOf(sync.rebuilds()));
        String failure = sync.lastFailure();
        if (failure != null) {
            detail.put("reason", failure);
            return new PartStatus(false, "degraded", detail);
        }
        return new PartStatus(true, stats.indexed() < stats.total() ? "indexing" : "up", detail);
    }
}
