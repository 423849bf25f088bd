package dev.cairn.vector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.config.CairnConfig;
import dev.cairn.config.ChromaServer;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.vector.embed.Embedder;
import dev.cairn.vector.embed.EmbedderInfo;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to a collection on a Chroma server that somebody else runs. Nothing of it is on our disk, and no other process of ours
 * is kept out of it. Used on one event loop.
 *
 * <p>A server that was lost is looked for now and then, and one that is there is looked at: it may have come back empty, which no
 * call would tell while nothing is written.
 */
final class HttpChromaDoor implements IndexDoor {
    private static final Logger LOG = LoggerFactory.getLogger(HttpChromaDoor.class);

    /** How often it is looked for and looked at, in milliseconds. */
    static final long LOOK_MS = 10_000;

    /** When one that was lost is looked for first, in milliseconds. */
    private static final long SOON_MS = 1_000;

    /** A server that has just not answered is not asked again within this, in milliseconds. */
    private static final long REST_MS = 500;

    /** A model that cannot be loaded is not tried again within this, in milliseconds: each try costs processor time. */
    private static final long MODEL_REST_MS = 30_000;

    private static final long TIMEOUT_MS = 5_000;
    /** A bundled model is unpacked and loaded within seconds, a large one within a minute. */
    private static final long MODEL_MS = 120_000;

    /** As many as any server takes at once, should it not say. */
    private static final int DEFAULT_BATCH = 1_000;

    private static final Pattern VERSION = Pattern.compile("(\\d{1,9})\\..*");

    /**
     * @param model as the setting names it
     * @param owner whose collection it is: the data directory's own name
     * @param reads whether another process makes and fills the collection
     */
    record Place(ChromaServer server, String model, Supplier<Future<String>> owner, boolean reads) {}

    private final Vertx vertx;
    private final Place place;
    private final Embedder embedder;
    private final ChromaHttp http;
    private final long looking;
    private Consumer<VectorIndex> found = index -> {};
    private @Nullable HttpChroma current;
    private @Nullable Future<VectorIndex> opening;
    private @Nullable CollectionName name;
    private @Nullable CairnException refusal;
    private long refusedNs;
    private long restMs = REST_MS;
    private String version = "";
    private boolean wanted;
    private boolean closed;

    HttpChromaDoor(Vertx vertx, Place place, Embedder embedder) {
        this.vertx = vertx;
        this.place = place;
        this.embedder = embedder;
        http = new ChromaHttp(vertx, place.server());
        looking = vertx.setPeriodic(LOOK_MS, timer -> look());
        if (!place.server().loopback()) {
            LOG.warn(
                    "Memories leave this machine: vector.chroma.url is {}{}",
                    http.url(),
                    place.server().encrypted() ? "" : ", without encryption");
        }
    }

    /** @param reads whether it is the worker that makes and fills the collection */
    static HttpChromaDoor of(Vertx vertx, CairnConfig config, Embedder embedder, boolean reads) {
        Path dataDir = config.dataDir();
        Supplier<Future<String>> owner =
                () -> vertx.executeBlocking(() -> reads ? IndexOwner.read(dataDir) : IndexOwner.ensure(dataDir), false);
        return new HttpChromaDoor(
                vertx, new Place(config.vector().server(), config.vector().model(), owner, reads), embedder);
    }

    /** Is told of an index that was found again without being asked for. */
    void onFound(Consumer<VectorIndex> listener) {
        found = listener;
    }

    @Override
    public Future<VectorIndex> open() {
        HttpChroma there = current;
        if (there != null) {
            return Future.succeededFuture(there);
        }
        Future<VectorIndex> begun = opening;
        if (begun != null) {
            return begun;
        }
        if (closed) {
            return Future.failedFuture(CairnException.unavailable("the vector index is closed"));
        }
        CairnException before = refusal;
        if (before != null && System.nanoTime() - refusedNs < TimeUnit.MILLISECONDS.toNanos(restMs)) {
            return Future.failedFuture(before);
        }
        wanted = true;
        restMs = REST_MS;
        // A refusal of the server's own would be taken for one of the index, which is dropped after some.
        Future<VectorIndex> now = connected().recover(failure -> Future.failedFuture(toCairn(failure)));
        opening = now;
        now.onComplete(opened -> {
            opening = null;
            refusal = opened.succeeded() ? null : toCairn(opened.cause());
            refusedNs = System.nanoTime();
        });
        return now;
    }

    /** Whoever searches or writes has done nothing wrong, whatever it is. */
    private static CairnException toCairn(Throwable failure) {
        return failure instanceof CairnException known
                        && (known.code() == ErrorCode.UNAVAILABLE || known.code() == ErrorCode.TIMEOUT)
                ? known
                : new CairnException(ErrorCode.UNAVAILABLE, String.valueOf(failure.getMessage()), null, failure);
    }

    private Future<VectorIndex> connected() {
        return http.get("/heartbeat", TIMEOUT_MS)
                .compose(alive -> http.get("/version", TIMEOUT_MS))
                .compose(answer -> {
                    version = supported(answer);
                    return http.get("/pre-flight-checks", TIMEOUT_MS);
                })
                .compose(limits -> (place.reads()
                                ? Future.<Void>succeededFuture()
                                : ChromaTenancy.ensure(http, place.server()))
                        .compose(ready -> named())
                        .map(known -> up(known, limits.path("max_batch_size").asInt(DEFAULT_BATCH))));
    }

    /** Asked for once: a model that was unloaded meanwhile is not loaded for its name. */
    private Future<CollectionName> named() {
        CollectionName known = name;
        if (known != null) {
            return Future.succeededFuture(known);
        }
        return Future.all(
                        embedder.prepare()
                                .timeout(MODEL_MS, TimeUnit.MILLISECONDS)
                                .onFailure(failure -> restMs = MODEL_REST_MS),
                        place.owner().get())
                .map(both -> CollectionName.of(both.<EmbedderInfo>resultAt(0).id(), both.resultAt(1), place.server()))
                .onSuccess(made -> name = made);
    }

    private VectorIndex up(CollectionName collection, int maxBatch) {
        HttpChroma index = new HttpChroma(http, place, collection, embedder, maxBatch, this::lost);
        current = index;
        LOG.info("Chroma {} at {}: collection {}", version, http.url(), collection.text());
        return index;
    }

    private String supported(JsonNode answer) {
        Matcher matcher = VERSION.matcher(answer.asText());
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) < 1) {
            throw CairnException.unavailable(
                    "Chroma at " + http.url() + " is version " + answer + "; 1.0 or later is needed");
        }
        return answer.asText();
    }

    private void lost(HttpChroma index) {
        if (index == current) {
            current = null;
            LOG.info("Chroma at {} or its collection is gone; it is looked for", http.url());
            vertx.setTimer(SOON_MS, timer -> look());
        }
    }

    private void look() {
        HttpChroma there = current;
        if (there != null) {
            if (there.inUse()) {
                there.probe().onFailure(failure -> LOG.debug("Chroma was looked at: {}", failure.getMessage()));
            }
        } else if (wanted && !closed && opening == null) {
            open().onSuccess(again -> found.accept(again))
                    .onFailure(failure -> LOG.debug("Chroma was looked for: {}", failure.getMessage()));
        }
    }

    @Override
    public String state() {
        return current != null ? "up" : opening != null ? "starting" : refusal != null ? "waiting" : "down";
    }

    @Override
    public Map<String, String> details() {
        Map<String, String> details = new TreeMap<>();
        details.put("url", http.url());
        details.put("model", place.model());
        details.put("embedder", embedder.state());
        CollectionName known = name;
        if (known != null) {
            details.put("collection", known.text());
        }
        return details;
    }

    @Override
    public @Nullable String refusal() {
        CairnException reason = refusal;
        return reason == null ? null : reason.getMessage();
    }

    /** There is no process to end: the next {@link #open} looks whether the server answers. */
    @Override
    public Future<Void> recycle(String reason) {
        if (current != null) {
            LOG.info("Chroma at {} is asked anew: {}", http.url(), reason);
        }
        current = null;
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> discard() {
        HttpChroma there = current;
        current = null;
        return there == null ? Future.succeededFuture() : there.drop();
    }

    @Override
    public <T> Future<T> alone(SharedIndex.Change change, Supplier<Future<T>> work) {
        return work.get();
    }

    @Override
    public Future<Void> close() {
        closed = true;
        current = null;
        vertx.cancelTimer(looking);
        return Future.join(http.close(), embedder.close()).mapEmpty();
    }
}
