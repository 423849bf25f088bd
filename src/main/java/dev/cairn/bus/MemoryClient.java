package dev.cairn.bus;

import dev.cairn.model.Observation;
import dev.cairn.model.SearchQuery;
import dev.cairn.model.Summary;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;

/**
 * Cairn for code in the same JVM, or in another JVM of the same cluster.
 *
 * <p>Every future fails with a {@code CairnException} that carries an {@code ErrorCode}: INVALID_ARGUMENT names the field,
 * UNAVAILABLE and TIMEOUT may be tried again. Handlers run on the caller's Vert.x context. Thread-safe.
 */
public final class MemoryClient {
    private final Bus bus;
    private final long timeoutMs;

    private MemoryClient(Vertx vertx, long timeoutMs) {
        this.bus = new Bus(vertx);
        this.timeoutMs = timeoutMs;
    }

    /** A client whose requests wait at most {@link Bus#DEFAULT_TIMEOUT_MS}. */
    public static MemoryClient create(Vertx vertx) {
        return create(vertx, Bus.DEFAULT_TIMEOUT_MS);
    }

    /** A client whose requests wait at most {@code timeoutMs} milliseconds. */
    public static MemoryClient create(Vertx vertx, long timeoutMs) {
        return new MemoryClient(vertx, timeoutMs);
    }

    /** Records an agent's events; when the future succeeds they are committed. Recording the same twice stores it once. */
    public Future<Recorded> record(RecordEvents events) {
        return bus.request(Addresses.SESSION_RECORD, events, timeoutMs);
    }

    /** Saves memories, all or none; the ids come in the order of the memories. */
    public Future<Saved> save(SaveMemories memories) {
        return bus.request(Addresses.SESSION_SAVE, memories, timeoutMs);
    }

    /** Ranked hits. */
    public Future<SearchResult> search(SearchQuery query) {
        return bus.request(Addresses.SEARCH_QUERY, query, timeoutMs);
    }

    /** What happened around a memory, a time or the best match of a query. */
    public Future<Timeline> timeline(TimelineQuery query) {
        return bus.request(Addresses.SEARCH_TIMELINE, query, timeoutMs);
    }

    /** What a new session of a project should know. */
    public Future<ContextText> context(ContextQuery query) {
        return bus.request(Addresses.CONTEXT_BUILD, query, timeoutMs);
    }

    /** Forgets, or with {@code dryRun} counts what would be forgotten. */
    public Future<Forgotten> forget(Forget forget) {
        return bus.request(Addresses.STORE_FORGET, forget, timeoutMs);
    }

    /** Memories in full, by id; unknown ids are left out. */
    public Future<Page> fetch(Fetch fetch) {
        return bus.request(Addresses.STORE_FETCH, fetch, timeoutMs);
    }

    /** Lines of an export, page by page. */
    public Future<ExportPage> export(ExportQuery query) {
        return bus.request(Addresses.STORE_EXPORT, query, timeoutMs);
    }

    /** Takes lines of an export in, all or none. */
    public Future<Imported> importLines(ImportLines lines) {
        return bus.request(Addresses.SESSION_IMPORT, lines, timeoutMs);
    }

    /**
     * Hears of every event of one kind; unregister the consumer to stop. Events are told once, after the commit, to those who
     * listen then: what must not be missed is read from the store.
     *
     * @param event one of {@code Addresses.EVENT_…}
     * @throws IllegalArgumentException for another address
     */
    public <E> MessageConsumer<E> subscribe(Address<E, Nothing> event, Consumer<E> handler) {
        if (!event.name().startsWith(Addresses.EVENTS)) {
            throw new IllegalArgumentException(event.name() + " is no event; give one of Addresses.EVENT_…");
        }
        return bus.listen(event, handler);
    }

    /** Hears of every observation after it was committed; unregister the consumer to stop. */
    public MessageConsumer<Observation> onObservation(Consumer<Observation> handler) {
        return bus.listen(Addresses.EVENT_OBSERVATION, handler);
    }

    /** Hears of every summary after it was committed. */
    public MessageConsumer<Summary> onSummary(Consumer<Summary> handler) {
        return bus.listen(Addresses.EVENT_SUMMARY, handler);
    }
}
