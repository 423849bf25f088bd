package dev.cairn.vector.embed;

import ai.onnxruntime.OrtException;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The model while it is in memory: loaded by who uses it first, unloaded when nobody has for a while. Thread-safe; blocks. */
final class LoadedModel {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedModel.class);

    private final EmbedderOptions options;
    /** Held for reading by who uses the model, for writing by who loads or unloads it. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private volatile @Nullable EmbeddingModel model;
    private volatile @Nullable OnnxEmbedder embedder;
    private volatile @Nullable CairnException failure;
    private volatile boolean loading;
    private volatile boolean closed;
    private volatile long lastUse;

    LoadedModel(EmbedderOptions options) {
        this.options = options;
    }

    String state() {
        CairnException failed = failure;
        return closed
                ? "closed"
                : loading
                        ? "loading"
                        : embedder != null ? "up" : failed != null ? "failed: " + failed.getMessage() : "idle";
    }

    boolean isUp() {
        return embedder != null;
    }

    /** @throws CairnException when there is no such model */
    String id() {
        return model().id();
    }

    /** Tries again what has failed. */
    EmbedderInfo prepare() {
        failure = null;
        return use(loaded -> new EmbedderInfo(loaded.id(), loaded.dimensions()));
    }

    /** @throws CairnException when the model cannot be loaded, or could not before */
    <T> T use(Function<OnnxEmbedder, T> work) {
        lock.readLock().lock();
        OnnxEmbedder loaded = embedder;
        if (loaded == null) {
            lock.readLock().unlock();
            lock.writeLock().lock();
            try {
                loaded = load();
                lock.readLock().lock();
            } finally {
                lock.writeLock().unlock();
            }
        }
        try {
            return work.apply(loaded);
        } finally {
            lastUse = System.nanoTime();
            lock.readLock().unlock();
        }
    }

    private OnnxEmbedder load() {
        OnnxEmbedder there = embedder;
        if (there != null) {
            return there;
        }
        if (closed) {
            throw Lane.closed();
        }
        CairnException before = failure;
        if (before != null) {
            throw CairnException.unavailable(before.getMessage());
        }
        loading = true;
        try {
            long begin = System.nanoTime();
            OnnxEmbedder loaded = OnnxEmbedder.load(model(), options.cache());
            embedder = loaded;
            LOG.info("Model {} is loaded, in {} ms", loaded.id(), millisSince(begin));
            return loaded;
        } catch (CairnException e) {
            failure = e;
            LOG.warn("Search is by keyword alone: {}", e.getMessage());
            throw e;
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            CairnException wrapped =
                    new CairnException(ErrorCode.UNAVAILABLE, "the model cannot be loaded: " + e, null, e);
            failure = wrapped;
            LOG.error("Search is by keyword alone: the model cannot be loaded", e);
            throw wrapped;
        } finally {
            loading = false;
        }
    }

    private EmbeddingModel model() {
        EmbeddingModel known = model;
        if (known == null) {
            known = EmbeddingModel.of(options.model());
            model = known;
        }
        return known;
    }

    private static long millisSince(long begin) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    /** Gives the memory back, unless it was used in the last so many milliseconds or is being used. */
    boolean unload(long idleMs) {
        if (millisSince(lastUse) < idleMs || !lock.writeLock().tryLock()) {
            return false;
        }
        try {
            drop();
            return true;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** For good. Waits at most so long for those who use it; then it stays in memory, which the JVM's end gives back. */
    void close(long deadlineMs) throws InterruptedException {
        closed = true;
        if (!lock.writeLock().tryLock(deadlineMs, TimeUnit.MILLISECONDS)) {
            LOG.warn("A text is still being embedded: the model is left as it is");
            return;
        }
        try {
            drop();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void drop() {
        OnnxEmbedder loaded = embedder;
        embedder = null;
        if (loaded == null) {
            return;
        }
        try {
            loaded.close();
            LOG.info("Model {} is unloaded", loaded.id());
        } catch (OrtException e) {
            LOG.warn("Model {} was not unloaded in good order", loaded.id(), e);
        }
    }
}
