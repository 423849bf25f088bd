package dev.cairn.vector;

import dev.cairn.model.CairnException;
import dev.cairn.vector.embed.Embedder;
import dev.cairn.vector.embed.EmbedderInfo;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A model of which anybody can tell what it makes: each word has a place in the vector, by its hash. */
final class HashingEmbedder implements Embedder {
    static final int DIMENSIONS = 256;

    /** What was embedded, in its order. */
    final List<String> documents = new CopyOnWriteArrayList<>();

    volatile @Nullable String broken;
    volatile boolean closed;
    private final Vertx vertx;
    private final String id;
    private volatile boolean up;

    HashingEmbedder(Vertx vertx, String id) {
        this.vertx = vertx;
        this.id = id;
    }

    @Override
    public Future<float[]> query(String text) {
        return usable().map(any -> vector(text));
    }

    @Override
    public Future<List<float[]>> documents(List<String> texts) {
        return usable().map(any -> {
            documents.addAll(texts);
            return texts.stream().map(this::vector).toList();
        });
    }

    @Override
    public Future<EmbedderInfo> prepare() {
        return usable().map(any -> {
            up = true;
            return new EmbedderInfo(id, DIMENSIONS);
        });
    }

    @Override
    public Future<String> modelId() {
        return Future.succeededFuture(id);
    }

    @Override
    public String state() {
        return closed ? "closed" : broken != null ? "failed: " + broken : up ? "up" : "idle";
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return Future.succeededFuture();
    }

    /** As the real one does, on the caller's context, but later. */
    private Future<Void> usable() {
        return vertx.timer(1)
                .compose(any -> broken != null
                        ? Future.failedFuture(CairnException.unavailable(broken))
                        : closed
                                ? Future.failedFuture(CairnException.unavailable("the model is closed"))
                                : Future.succeededFuture());
    }

    /** Another model's places are others. */
    private float[] vector(String text) {
        float[] vector = new float[DIMENSIONS];
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1)) {
            if (!word.isEmpty()) {
                vector[Math.floorMod((word + id).hashCode(), DIMENSIONS)] += 1;
            }
        }
        double square = 0;
        for (float part : vector) {
            square += part * part;
        }
        for (int i = 0; square > 0 && i < DIMENSIONS; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }
}
