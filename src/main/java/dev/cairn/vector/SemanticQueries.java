package dev.cairn.vector;

import dev.cairn.bus.Coverage;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.bus.VectorStats;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers semantic queries while Chroma is up, and refuses at once while it is not: a search has other ways and does not wait
 * for a start. The first query starts it, for those that follow. Used on one event loop.
 */
final class SemanticQueries {
    private static final Logger LOG = LoggerFactory.getLogger(SemanticQueries.class);

    /** A search answers without it after that, in milliseconds. */
    static final long TIMEOUT_MS = 1_500;

    /** Chroma does one call at a time: more would only wait past their time. */
    static final int MAX_OPEN = 4;

    /** So many unanswered in a row while nothing else keeps Chroma busy: it hangs. */
    static final int UNANSWERED_TO_RECYCLE = 3;

    private static final int MAX_LIMIT = 1_000;

    private final ChromaDoor door;
    private final ChromaSync sync;
    private int open;
    private int unanswered;

    SemanticQueries(ChromaDoor door, ChromaSync sync) {
        this.door = door;
        this.sync = sync;
    }

    Future<VectorHits> query(VectorQuery query) {
        requireLimit(query);
        if (open >= MAX_OPEN) {
            return Future.failedFuture(CairnException.unavailable("the vector index is busy; try again"));
        }
        boolean up = door.state().equals("up");
        Future<ChromaClient> client = door.open().onSuccess(sync::seen);
        if (!up) {
            client.onFailure(failure -> LOG.debug("Chroma does not start: {}", failure.getMessage()));
            return Future.failedFuture(CairnException.unavailable("the vector index is " + door.state()));
        }
        open++;
        return client.compose(there -> there.query(query, TIMEOUT_MS))
                .onComplete(answer -> {
                    open--;
                    if (answer.succeeded() || answer.cause() instanceof ChromaException) {
                        unanswered = 0;
                    } else if (!sync.working() && ++unanswered >= UNANSWERED_TO_RECYCLE) {
                        unanswered = 0;
                        door.recycle(UNANSWERED_TO_RECYCLE + " queries were not answered");
                    }
                })
                .map(hits -> new VectorHits(hits, coverage()))
                .recover(failure -> Future.failedFuture(refusal(failure)));
    }

    static void requireLimit(VectorQuery query) {
        if (query.limit() < 1 || query.limit() > MAX_LIMIT) {
            throw CairnException.invalid("limit", "limit must be 1 to " + MAX_LIMIT + ", not " + query.limit());
        }
    }

    private Coverage coverage() {
        VectorStats stats = sync.stats();
        return new Coverage(stats.indexed(), stats.total());
    }

    static CairnException refusal(Throwable failure) {
        return failure instanceof CairnException already
                ? already
                : CairnException.unavailable("the vector index refused: " + failure.getMessage());
    }
}
