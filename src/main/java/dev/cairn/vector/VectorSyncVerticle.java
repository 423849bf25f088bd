package dev.cairn.vector;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.PartStatus;
import dev.cairn.bus.VectorStats;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.CairnConfig;
import dev.cairn.process.ChildOwner;
import dev.cairn.vector.embed.Embedder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link that keeps a vector index in step with the store, and answers semantic queries from it. With {@code vector.mode}
 * off there is none.
 *
 * <p>A Chroma of our own runs only while there is something to write or to search; both go through one process.
 */
public final class VectorSyncVerticle extends ChainVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(VectorSyncVerticle.class);

    /** Beside Chroma's grace: the end of its input, and what a kill takes. */
    private static final long STOP_BUDGET_MS = 1_000;

    private final CairnConfig config;
    private final ChildOwner owner;
    private final Function<Vertx, Embedder> embedders;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private @Nullable FileChannel lock;
    private @Nullable IndexDoor door;
    private @Nullable VectorSync sync;

    /** @param owner of the Chroma process; closed with this link */
    public VectorSyncVerticle(CairnConfig config, ChildOwner owner, @Nullable Next next) {
        this(config, owner, vertx -> Embedders.of(vertx, config), next);
    }

    /** @param embedders makes the embedder, where it is not the index itself that embeds; closed with this link */
    VectorSyncVerticle(CairnConfig config, ChildOwner owner, Function<Vertx, Embedder> embedders, @Nullable Next next) {
        super("vector sync", STOP_BUDGET_MS + config.process().graceMs(), next);
        this.config = config;
        this.owner = owner;
        this.embedders = embedders;
    }

    @Override
    protected Future<?> open() {
        Bus bus = new Bus(vertx);
        if (config.vector().mode().equals("off")) {
            PartStatus off = new PartStatus(true, "off", Map.of("serves", "search is by keyword"));
            consumers.add(bus.serve(Addresses.health("vector"), request -> Future.succeededFuture(off)));
            return Future.succeededFuture();
        }
        return switch (config.vector().mode()) {
            case "chroma-mcp" -> chromaProcess(bus);
            case "chroma-http" -> chromaServer(bus);
            case "embedded" -> embedded(bus);
            default ->
                Future.failedFuture(new IllegalStateException(
                        "no vector index for the mode " + config.vector().mode()));
        };
    }

    private Future<?> chromaProcess(Bus bus) {
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
                    IndexDoor process = new ChromaProcess(
                            vertx, owner, config.vector(), config.process(), files, System.getenv(), false);
                    return serve(bus, process, new VectorSync(vertx, bus, process));
                });
    }

    private Future<?> embedded(Bus bus) {
        EmbeddedDoor here =
                new EmbeddedDoor(vertx, bus, config.vector().model(), model -> Embedders.of(vertx, config, model));
        return serve(bus, here, new VectorSync(vertx, bus, here));
    }

    private Future<?> chromaServer(Bus bus) {
        HttpChromaDoor server = HttpChromaDoor.of(vertx, config, embedders.apply(vertx), false);
        VectorSync keeper = new VectorSync(vertx, bus, server);
        server.onFound(keeper::back);
        return serve(bus, server, keeper);
    }

    private Future<?> serve(Bus bus, IndexDoor index, VectorSync keeper) {
        SemanticQueries queries = new SemanticQueries(index, keeper);
        door = index;
        sync = keeper;
        consumers.add(bus.listen(Addresses.EVENT_OBSERVATION, observation -> keeper.wake(observation.id())));
        consumers.add(bus.listen(Addresses.EVENT_SUMMARY, summary -> keeper.wake(summary.id())));
        consumers.add(bus.listen(Addresses.EVENT_PROMPT, prompt -> keeper.wake(prompt.id())));
        // What an import brings stands behind all there was: ids grow.
        consumers.add(bus.listen(Addresses.EVENT_IMPORTED, imported -> keeper.wake()));
        // What stood behind a forgotten memory had its words beside its own, and is written again wherever it is.
        consumers.add(bus.listen(Addresses.EVENT_FORGOTTEN, forgotten -> keeper.wake(1)));
        consumers.add(bus.serve(Addresses.VECTOR_QUERY, queries::query));
        consumers.add(bus.serve(Addresses.health("vector"), request -> Future.succeededFuture(status(index, keeper))));
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList());
    }

    /** The worker is up: loading a model or starting a Chroma takes no time from its start. */
    @Override
    protected Future<?> openDoor() {
        if (sync != null) {
            sync.wake();
        }
        return Future.succeededFuture();
    }

    @Override
    protected Future<?> close() {
        if (sync != null) {
            sync.close();
        }
        IndexDoor open = door;
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

    private PartStatus status(IndexDoor index, VectorSync sync) {
        VectorStats stats = sync.stats();
        Map<String, String> detail = new TreeMap<>(index.details());
        detail.put("door", config.vector().mode());
        detail.put("state", index.state());
        if (config.vector().mode().startsWith("chroma")) {
            detail.put("chroma", index.state());
        }
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
        String refusal = index.refusal();
        if (refusal != null) {
            detail.put("reason", refusal);
            return new PartStatus(false, "degraded", detail);
        }
        return new PartStatus(true, stats.indexed() < stats.total() ? "indexing" : "up", detail);
    }
}
