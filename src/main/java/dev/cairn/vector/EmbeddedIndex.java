package dev.cairn.vector;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.DropVectors;
import dev.cairn.bus.SaveVectors;
import dev.cairn.bus.VectorDocument;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.bus.VectorRows;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.vector.embed.Embedder;
import dev.cairn.vector.embed.EmbedderOptions;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index in the worker itself: the store keeps the vectors, an {@link Embedder} makes them.
 *
 * <p>After a change of the model the vectors of the former one answer, as long as that can be loaded, until all memories have new
 * ones. Used on one event loop.
 */
final class EmbeddedIndex implements VectorIndex {
    /**
     * The bundled model puts everything near: of 949 queries against documents of another field 99 in 100 had none nearer than a
     * cosine of 0.62, and of those with an answer 99 in 100 found it above 0.5.
     */
    static final double BUNDLED_NOISE = 1.0;

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedIndex.class);

    /** Vectors with the model that made them. */
    record Model(Embedder embedder, EmbeddedSpace space) {}

    /** The distance of a cosine of 0.66. */
    private static final double BEARING = 0.68;

    private final Bus bus;
    private final Model now;
    private @Nullable Model former;
    private boolean dropped;
    private final List<Long> others;

    /**
     * @param former answers until {@link #complete}; null for none
     * @param others ids of spaces that go when this one is complete
     */
    EmbeddedIndex(Bus bus, Model now, @Nullable Model former, List<Long> others) {
        this.bus = bus;
        this.now = now;
        this.former = former;
        this.others = new ArrayList<>(others);
    }

    @Override
    public String collection() {
        return "embedded-" + now.space().space().name();
    }

    @Override
    public Future<Long> count() {
        return made().map(there -> (long) now.space().size());
    }

    /** Dropped and not made again, it is there no more than any other index. */
    private Future<Void> made() {
        return dropped
                ? Future.failedFuture(
                        new IndexException(IndexException.Kind.MISSING_COLLECTION, collection() + " was dropped"))
                : Future.succeededFuture();
    }

    @Override
    public Future<Void> create() {
        dropped = false;
        return Future.succeededFuture();
    }

    /** The vectors of the former model stay. */
    @Override
    public Future<Void> drop() {
        dropped = true;
        // The space itself has its number from the opening, so only what is in it goes.
        return dropNext();
    }

    private Future<Void> dropNext() {
        return now.space()
                .some()
                .compose(ids ->
                        ids.isEmpty() ? Future.succeededFuture() : remove(ids).compose(gone -> dropNext()));
    }

    private Future<Void> remove(List<Long> ids) {
        return bus.request(
                        Addresses.STORE_VECTOR_DROP,
                        new DropVectors(now.space().space().id(), ids))
                .compose(gone -> now.space().remove(ids));
    }

    @Override
    public Future<Void> upsert(List<VectorDocument> documents) {
        List<String> texts = documents.stream().map(VectorDocument::text).toList();
        return made().compose(there -> now.embedder().documents(texts)).compose(vectors -> {
            List<SaveVectors.Entry> entries = new ArrayList<>();
            List<VectorRows.Row> rows = new ArrayList<>();
            for (int i = 0; i < documents.size(); i++) {
                VectorDocument document = documents.get(i);
                float[] vector = vectors.get(i);
                entries.add(new SaveVectors.Entry(document.id(), vector));
                rows.add(new VectorRows.Row(
                        document.id(),
                        document.kind(),
                        document.type(),
                        document.project(),
                        document.createdAt(),
                        vector));
            }
            return bus.request(
                            Addresses.STORE_VECTOR_SAVE,
                            new SaveVectors(now.space().space().id(), entries))
                    .compose(saved -> now.space().put(rows));
        });
    }

    @Override
    public Future<Void> delete(List<Long> ids) {
        if (ids.isEmpty()) {
            return Future.succeededFuture();
        }
        Model before = former;
        return made().compose(there -> remove(ids))
                .compose(gone -> before == null
                        ? Future.succeededFuture()
                        : before.space().remove(ids));
    }

    @Override
    public Future<List<VectorHits.Hit>> query(VectorQuery query, long timeoutMs) {
        Model before = former;
        Model answers = before == null ? now : before;
        return made().compose(there -> answers.embedder().query(query.text()))
                .compose(vector -> answers.space().nearest(vector, query))
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(
                        failure instanceof TimeoutException
                                ? new CairnException(
                                        ErrorCode.TIMEOUT, "the vector index took more than " + timeoutMs + " ms")
                                : failure));
    }

    @Override
    public double noise() {
        return answersBundled() ? BUNDLED_NOISE : VectorIndex.super.noise();
    }

    /**
     * A cosine of 0.66: of 760 questions put to another conversation than theirs 3 in 100 had anything nearer, of 949 put to documents of
     * another field one. {@code semantic-context.md} has the figures.
     */
    @Override
    public @Nullable Double bearing() {
        return answersBundled() ? BEARING : null;
    }

    private boolean answersBundled() {
        Model before = former;
        Model answers = before == null ? now : before;
        return answers.space().space().model().equals(EmbedderOptions.BUNDLED);
    }

    /** Whether vectors of a former model answer. */
    boolean changing() {
        return former != null;
    }

    @Override
    public Future<Void> complete() {
        if (others.isEmpty()) {
            return Future.succeededFuture();
        }
        long space = others.get(0);
        Model before = former;
        if (before != null && before.space().space().id() == space) {
            former = null;
            before.embedder().close();
            LOG.info(
                    "All memories have vectors of {}; those of {} go",
                    now.space().space().name(),
                    before.space().space().name());
        }
        return bus.request(Addresses.STORE_VECTOR_DROP, new DropVectors(space, null))
                .compose(gone -> {
                    others.remove(space);
                    return complete();
                });
    }

    Future<Void> close() {
        Model before = former;
        Future<Void> closed = now.embedder().close();
        return before == null
                ? closed
                : closed.transform(any -> before.embedder().close());
    }
}
