package dev.cairn.vector.embed;

import dev.cairn.model.CairnException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model, loaded when it is first needed, on two threads of its own: one for searches, one for documents, which lets
 * everything else in the machine go first. A failure to load stays until {@link #prepare} tries again.
 */
public final class EmbedderService implements Embedder {
    private static final Logger LOG = LoggerFactory.getLogger(EmbedderService.class);
    private static final int QUERIES = 64;
    /** Longer than any text takes. */
    private static final long CLOSE_MS = 10_000;
    /** Longer than any model takes, unpacked from the jar on a slow disk. */
    private static final long LOAD_MS = 120_000;

    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final EmbedderOptions options;
    /** Answers go out from here: whose context has no thread free gets one made, which is to be of the usual priority. */
    private final Context relay;

    private final LoadedModel model;
    private final Lane queries;
    private final Lane documents;
    private final AtomicLong timer = new AtomicLong(NO_TIMER);
    private @Nullable Future<Void> closing;

    /** Loads nothing. */
    public EmbedderService(Vertx vertx, EmbedderOptions options) {
        this.vertx = vertx;
        this.options = options;
        relay = vertx.getOrCreateContext();
        // It has its thread before the documents' thread needs it, whose low priority it would have otherwise.
        relay.runOnContext(started -> {});
        model = new LoadedModel(options);
        queries = new Lane("cairn-embed-query", "searches", QUERIES, () -> {});
        documents = new Lane("cairn-embed-documents", "documents", options.queueTexts(), CLibrary::lowerPriority);
    }

    @Override
    public Future<float[]> query(String text) {
        return onContext(queries.submit(1, () -> {
            watchIdleness();
            return model.use(loaded -> loaded.query(text, options.queryTokens()));
        }));
    }

    @Override
    public Future<List<float[]>> documents(List<String> texts) {
        List<String> all = List.copyOf(texts);
        queries.start();
        return onContext(documents.submit(all.size(), () -> {
            List<float[]> vectors = new ArrayList<>(all.size());
            for (String text : all) {
                loadAtUsualPriority();
                if (documents.isClosed()) {
                    throw Lane.closed();
                }
                vectors.add(model.use(loaded -> loaded.document(text, options.documentTokens())));
            }
            return vectors;
        }));
    }

    /** A search that comes meanwhile waits for the loading. */
    private void loadAtUsualPriority() throws InterruptedException, TimeoutException {
        if (model.isUp()) {
            return;
        }
        try {
            queries.submit(0, () -> {
                        watchIdleness();
                        return model.use(OnnxEmbedder::id);
                    })
                    .get(LOAD_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CairnException refusal) {
                throw refusal;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public Future<EmbedderInfo> prepare() {
        return onContext(queries.submit(0, () -> {
            watchIdleness();
            return model.prepare();
        }));
    }

    @Override
    public Future<String> modelId() {
        return onContext(queries.submit(0, model::id));
    }

    @Override
    public String state() {
        return model.state();
    }

    private <T> Future<T> onContext(CompletableFuture<T> result) {
        Context caller = vertx.getOrCreateContext();
        CompletableFuture<T> relayed =
                result.whenCompleteAsync((value, failure) -> {}, task -> relay.runOnContext(now -> task.run()));
        return Future.fromCompletionStage(relayed, caller);
    }

    private void watchIdleness() {
        if (options.idleMs() > 0 && timer.get() == NO_TIMER) {
            timer.set(vertx.setPeriodic(
                    Math.max(1, options.idleMs() / 2),
                    id -> onContext(queries.submit(0, this::unloadIfIdle))
                            .onFailure(e -> LOG.debug("The model stays loaded: {}", e.getMessage()))));
        }
    }

    private boolean unloadIfIdle() {
        boolean unloaded = model.unload(options.idleMs());
        if (unloaded) {
            stopWatching();
        }
        return unloaded;
    }

    private void stopWatching() {
        long id = timer.getAndSet(NO_TIMER);
        if (id != NO_TIMER) {
            vertx.cancelTimer(id);
        }
    }

    @Override
    public synchronized Future<Void> close() {
        if (closing == null) {
            documents.close();
            queries.close();
            stopWatching();
            closing = vertx.executeBlocking(this::finish, false).otherwise(e -> {
                LOG.warn("The model was not closed in good order", e);
                return null;
            });
        }
        return closing;
    }

    private @Nullable Void finish() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MS);
        boolean ended = documents.awaitEnd(CLOSE_MS) && queries.awaitEnd(millisUntil(deadline));
        model.close(ended ? CLOSE_MS : 0);
        stopWatching();
        return null;
    }

    private static long millisUntil(long deadline) {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    }
}
