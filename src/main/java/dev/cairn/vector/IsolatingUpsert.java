package dev.cairn.vector;

import dev.cairn.bus.VectorDocument;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An upsert that isolates a bad document, so that it keeps no other back. On the event loop of the caller. */
final class IsolatingUpsert {
    private static final Logger LOG = LoggerFactory.getLogger(IsolatingUpsert.class);

    private IsolatingUpsert() {}

    /**
     * Writes the batch; when the index refuses it, each document alone.
     *
     * @return the documents that were refused; fails when all of several were, or when the index does not answer
     */
    static Future<List<Long>> upsert(VectorIndex client, List<VectorDocument> documents) {
        return client.upsert(documents)
                .map(done -> List.<Long>of())
                .recover(failure -> failure instanceof IndexException refusal
                                && refusal.kind() != IndexException.Kind.MISSING_COLLECTION
                        ? oneByOne(client, documents, 0, new ArrayList<>())
                                .compose(refused -> refused.size() == documents.size() && refused.size() > 1
                                        ? Future.failedFuture(failure)
                                        : Future.succeededFuture(refused))
                        : Future.failedFuture(failure));
    }

    private static Future<List<Long>> oneByOne(
            VectorIndex client, List<VectorDocument> documents, int next, List<Long> refused) {
        if (next == documents.size()) {
            return Future.succeededFuture(refused);
        }
        VectorDocument document = documents.get(next);
        return client.upsert(List.of(document))
                .recover(failure -> {
                    if (failure instanceof IndexException) {
                        LOG.warn("The vector index refused memory {}: {}", document.id(), failure.getMessage());
                        refused.add(document.id());
                        return Future.succeededFuture();
                    }
                    return Future.failedFuture(failure);
                })
                .compose(done -> oneByOne(client, documents, next + 1, refused));
    }
}
