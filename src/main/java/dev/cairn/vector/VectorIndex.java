package dev.cairn.vector;

import dev.cairn.bus.VectorDocument;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents by meaning, under the memories' ids. What it holds can be built anew from the store at any time.
 *
 * <p>Futures fail with an {@link IndexException} when the index refused, and with a {@code CairnException} when no answer came:
 * TIMEOUT past the deadline, UNAVAILABLE otherwise.
 */
interface VectorIndex {
    /** Names what it holds, the embedding model with it: under another name there is another index. */
    String collection();

    /** How many documents there are; fails with MISSING_COLLECTION when there is no collection. */
    Future<Long> count();

    /** Makes the collection; one that is there already is as good. */
    Future<Void> create();

    /** Drops the collection with all it holds; one that is not there is as good. */
    Future<Void> drop();

    /** Adds the documents that are missing and replaces the others. */
    Future<Void> upsert(List<VectorDocument> documents);

    /** Deletes documents; those that are not there are passed over. */
    Future<Void> delete(List<Long> ids);

    /** The nearest documents that fit the filters, the nearest first. */
    Future<List<VectorHits.Hit>> query(VectorQuery query, long timeoutMs);

    /**
     * Texts that share nothing are farther apart, as {@link VectorHits.Hit#distance}. The nearest are always some, however far. A cosine of
     * 0.25 was tried by hand with all-MiniLM-L6-v2.
     */
    default double noise() {
        return 1.5;
    }

    /**
     * Within this distance, as {@link VectorHits.Hit#distance}, a text may bear on another; null where that was not measured for the
     * model.
     */
    default @Nullable Double bearing() {
        return null;
    }

    /** It has every memory there is now; what it kept from before may go. */
    default Future<Void> complete() {
        return Future.succeededFuture();
    }
}
