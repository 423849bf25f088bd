package dev.cairn.vector;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.NewVectorSpace;
import dev.cairn.bus.VectorSpaces;
import dev.cairn.model.CairnException;
import dev.cairn.vector.embed.Embedder;
import dev.cairn.vector.embed.EmbedderInfo;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index in the worker itself: opened as soon as there is a memory, by loading the model and reading the vectors that the store
 * has. Used on one event loop.
 */
final class EmbeddedDoor implements IndexDoor {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDoor.class);
    private static final long MAX_SCAN_MS = 10_000;
    private static final int QUERIES = 64;

    private final Bus bus;
    private final String model;
    private final Function<String, Embedder> embedders;
    private final WorkerExecutor thread;
    private @Nullable Future<EmbeddedIndex> opening;
    private @Nullable String failure;
    private boolean closed;

    /**
     * @param model the setting: a name or a path
     * @param embedders makes one for a model, without loading it yet
     */
    EmbeddedDoor(Vertx vertx, Bus bus, String model, Function<String, Embedder> embedders) {
        this.bus = bus;
        this.model = model;
        this.embedders = embedders;
        thread = vertx.createSharedWorkerExecutor(
                "cairn-vector-scan-" + Integer.toHexString(System.identityHashCode(this)),
                1,
                MAX_SCAN_MS,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public Future<VectorIndex> open() {
        Future<EmbeddedIndex> begun = opening;
        if (begun == null) {
            if (closed) {
                return Future.failedFuture(CairnException.unavailable("the worker is ending"));
            }
            begun = begin();
        }
        return begun.map(opened -> opened);
    }

    private Future<EmbeddedIndex> begin() {
        Embedder embedder = embedders.apply(model);
        Future<EmbeddedIndex> begun = embedder.prepare()
                .compose(info -> load(embedder, info))
                .recover(cause -> embedder.close().transform(any -> Future.failedFuture(cause)));
        opening = begun;
        begun.onComplete(opened -> {
            failure = opened.failed() ? String.valueOf(opened.cause().getMessage()) : null;
            if (opened.failed() && begun.equals(opening)) {
                opening = null;
            }
        });
        return begun;
    }

    private Future<EmbeddedIndex> load(Embedder embedder, EmbedderInfo info) {
        NewVectorSpace wanted = new NewVectorSpace(info.id(), model, info.dimensions());
        return bus.request(Addresses.STORE_VECTOR_SPACE, wanted).compose(all -> {
            List<Long> others = new ArrayList<>();
            VectorSpaces.Space now = null;
            VectorSpaces.Space former = null;
            for (VectorSpaces.Space space : all.spaces()) {
                if (space.name().equals(info.id())) {
                    now = space;
                } else {
                    others.add(space.id());
                    former = former == null || space.count() > former.count() ? space : former;
                }
            }
            if (now == null) {
                return Future.failedFuture(new IllegalStateException("the store made no space for " + info.id()));
            }
            Future<EmbeddedIndex.@Nullable Model> before =
                    former == null || former.count() == 0 ? Future.succeededFuture(null) : former(former);
            EmbeddedSpace space = new EmbeddedSpace(bus, thread, now);
            return space.load().compose(loaded -> before).map(answering -> {
                LOG.info("The vector index is up: {} vectors of {}", space.size(), info.id());
                return new EmbeddedIndex(bus, new EmbeddedIndex.Model(embedder, space), answering, others);
            });
        });
    }

    /** What the vectors of another model can be asked with; null when that model is not what it was, or gone. */
    private Future<EmbeddedIndex.@Nullable Model> former(VectorSpaces.Space space) {
        Embedder embedder = embedders.apply(space.model());
        return embedder.prepare()
                .compose(info -> info.id().equals(space.name())
                        ? new EmbeddedSpace(bus, thread, space)
                                .load()
                                .<EmbeddedIndex.@Nullable Model>map(loaded -> new EmbeddedIndex.Model(embedder, loaded))
                        : Future.failedFuture("it is another by now"))
                .recover(cause -> {
                    LOG.info("The former model {} cannot answer: {}", space.name(), cause.getMessage());
                    return embedder.close().transform(any -> Future.succeededFuture(null));
                });
    }

    /** It costs no process; and another model than before is noticed. */
    @Override
    public boolean opensEarly() {
        return true;
    }

    @Override
    public int concurrency() {
        return QUERIES;
    }

    @Override
    public Map<String, String> details() {
        Map<String, String> details = new TreeMap<>();
        details.put("model", model);
        if (changing()) {
            details.put("answers", "the former model, until all memories have new vectors");
        }
        return details;
    }

    @Override
    public String state() {
        if (index() != null) {
            return "up";
        }
        return opening != null ? "loading" : failure == null ? "down" : "waiting";
    }

    private @Nullable EmbeddedIndex index() {
        Future<EmbeddedIndex> begun = opening;
        return begun == null ? null : begun.result();
    }

    private boolean changing() {
        EmbeddedIndex open = index();
        return open != null && open.changing();
    }

    /**
     * The next to open it loads the model anew. One that is being loaded is waited for: nobody else would close it, and a JVM that ends
     * while the native library makes a session is aborted by it.
     */
    @Override
    public Future<Void> recycle(String reason) {
        Future<EmbeddedIndex> begun = opening;
        opening = null;
        return begun == null
                ? Future.succeededFuture()
                : begun.transform(
                        opened -> opened.succeeded() ? opened.result().close() : Future.<Void>succeededFuture());
    }

    @Override
    public Future<Void> discard() {
        EmbeddedIndex open = index();
        return (open == null ? Future.<Void>succeededFuture() : open.drop()).transform(any -> recycle("put aside"));
    }

    @Override
    public <T> Future<T> alone(SharedIndex.Change change, Supplier<Future<T>> work) {
        return work.get();
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return recycle("the worker ends").transform(any -> thread.close());
    }
}
