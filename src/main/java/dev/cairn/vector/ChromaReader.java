package dev.cairn.vector;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers semantic queries from an index that another process writes, by a Chroma of its own that only reads.
 *
 * <p>A Chroma sees the index as it was when it was opened. Once the mark says that there is more, another is opened beside the old
 * one, which answers until the new one is ready; so seldom that opening takes no more than a part of the time. Used on one event
 * loop.
 */
final class ChromaReader {
    private static final Logger LOG = LoggerFactory.getLogger(ChromaReader.class);

    /** After an opening of so many milliseconds there is none for this many times as long. */
    static final int REST = 20;

    /** The shortest rest, in milliseconds; that after an opening that failed is {@link #FAILED_REST_MS} at least. */
    static final long MIN_REST_MS = 1_000;

    static final long FAILED_REST_MS = 5_000;

    /** From the opened connection to the first answer, which loads the index and the embedding model. */
    private static final long WARM_MS = 30_000;

    /** How many are asked for without a filter, of which the store then takes those that fit. */
    private static final int UNFILTERED = 500;

    /** One opened Chroma, and what it sees. */
    private record View(IndexDoor door, VectorIndex client, SharedIndex.Mark mark, long documents) {}

    private final Bus bus;
    private final SharedIndex index;
    private final Supplier<IndexDoor> doors;
    private @Nullable View view;
    private @Nullable Future<View> opening;
    private long notBeforeNs = System.nanoTime();
    private long lastAskedNs = System.nanoTime();
    private String state = "down";
    private int open;
    private int unanswered;
    private boolean closed;

    /** @param doors each makes another Chroma of the same index; it fails where there is nothing to read yet */
    ChromaReader(Bus bus, SharedIndex index, Supplier<IndexDoor> doors) {
        this.bus = bus;
        this.index = index;
        this.doors = doors;
    }

    /** UNAVAILABLE at once while there is none to ask; the first query starts one for those that follow. */
    Future<VectorHits> query(VectorQuery query) {
        SemanticQueries.requireLimit(query);
        if (open >= SemanticQueries.MAX_OPEN) {
            return Future.failedFuture(CairnException.unavailable("the vector index is busy; try again"));
        }
        open++;
        lastAskedNs = System.nanoTime();
        return index.mark()
                .compose(now -> {
                    View there = current(now);
                    return there == null
                            ? Future.<VectorHits>failedFuture(
                                    CairnException.unavailable("the vector index is " + state))
                            : ask(there, query);
                })
                .onComplete(answered -> open--)
                .recover(failure -> Future.failedFuture(SemanticQueries.refusal(failure)));
    }

    /** What may be asked, given the mark of now; sees to it that there soon is a better one. */
    private @Nullable View current(SharedIndex.@Nullable Mark now) {
        View there = view;
        if (there != null && (now == null || !now.sameIndex(there.mark()))) {
            end(there, "the index was replaced");
        } else if (there != null && !there.door().state().equals("up")) {
            end(there, "it ended");
        }
        there = view;
        if (now != null && (there == null || !there.mark().equals(now))) {
            renew();
        }
        return there;
    }

    private void renew() {
        if (closed || opening != null || System.nanoTime() - notBeforeNs < 0) {
            return;
        }
        long begin = System.nanoTime();
        state = "starting";
        IndexDoor door = doors.get();
        Future<View> begun = index.still(mark -> door.open().compose(client -> warmed(door, client, mark)));
        opening = begun;
        begun.onComplete(opened -> {
            opening = null;
            long tookNs = System.nanoTime() - begin;
            long rest = opened.succeeded() ? MIN_REST_MS : FAILED_REST_MS;
            notBeforeNs = System.nanoTime() + Math.max(rest * 1_000_000, REST * tookNs);
            View before = view;
            if (opened.failed() || closed) {
                door.recycle("it was not opened");
                door.close();
                state = before == null ? "waiting" : "up";
                LOG.info("No vector index is read: {}", String.valueOf(opened.cause()));
                return;
            }
            view = opened.result();
            state = "up";
            unanswered = 0;
            LOG.info(
                    "The vector index is read: {} documents, after {} ms",
                    opened.result().documents(),
                    tookNs / 1_000_000);
            if (before != null) {
                leave(before, "another has a newer view");
            }
        });
    }

    /** The first query looks at the disk; all later ones at what it has read. */
    private static Future<View> warmed(IndexDoor door, VectorIndex client, SharedIndex.Mark mark) {
        VectorQuery first = new VectorQuery("first", null, List.of(), List.of(), null, null, 1);
        return client.count()
                .compose(count -> client.query(first, WARM_MS).map(any -> new View(door, client, mark, count)));
    }

    private Future<VectorHits> ask(View there, VectorQuery query) {
        return there.client()
                .query(query, SemanticQueries.TIMEOUT_MS)
                .compose(hits -> answer(there, hits, true))
                .recover(failure -> {
                    boolean filtered = Where.of(query) != null;
                    // It knows of newer documents that they fit the filter, but not where they are.
                    return filtered && failure instanceof IndexException
                            ? there.client()
                                    .query(unfiltered(query), SemanticQueries.TIMEOUT_MS)
                                    .compose(hits -> answer(there, hits, false))
                            : Future.failedFuture(failure);
                })
                .onComplete(answer -> count(there, answer.failed() ? answer.cause() : null));
    }

    private Future<VectorHits> answer(View there, List<VectorHits.Hit> hits, boolean filtered) {
        return bus.request(Addresses.STORE_VECTOR_STATS, Nothing.NOTHING)
                .map(stats -> new VectorHits(
                        hits,
                        new Coverage(Math.min(there.documents(), stats.total()), stats.total()),
                        there.client().noise(),
                        there.client().bearing(),
                        filtered));
    }

    private static VectorQuery unfiltered(VectorQuery query) {
        return new VectorQuery(
                query.text(), null, List.of(), List.of(), null, null, Math.max(query.limit(), UNFILTERED));
    }

    private void count(View there, @Nullable Throwable failure) {
        boolean late = failure instanceof CairnException missing && missing.code() == ErrorCode.TIMEOUT;
        unanswered = late ? unanswered + 1 : 0;
        if (unanswered >= SemanticQueries.UNANSWERED_TO_RECYCLE && there.equals(view)) {
            unanswered = 0;
            end(there, SemanticQueries.UNANSWERED_TO_RECYCLE + " queries were not answered");
        }
    }

    private void end(View there, String reason) {
        if (there.equals(view)) {
            view = null;
            state = "down";
        }
        leave(there, reason);
    }

    private static void leave(View there, String reason) {
        there.door().recycle(reason);
        there.door().close();
    }

    /** Ends a Chroma that nobody has asked for so many milliseconds. */
    void rest(long idleMs) {
        View there = view;
        if (there != null && opening == null && System.nanoTime() - lastAskedNs > idleMs * 1_000_000) {
            end(there, "nobody asks");
        }
    }

    /** Opens no more; the owner of the processes ends them. */
    void close() {
        closed = true;
    }
}
