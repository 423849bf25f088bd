package dev.cairn.vector;

import dev.cairn.model.CairnException;
import dev.cairn.vector.embed.Embedder;
import dev.cairn.vector.embed.EmbedderInfo;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** The same vectors for the same words, near for texts that share many: a model in a few lines, and always at hand. */
final class WordEmbedder implements Embedder {
    static final int DIMENSIONS = 96;

    private final String id;
    volatile boolean closed;
    /** What stands in for a model that is not to be had, or slow. */
    volatile Future<Void> readiness = Future.succeededFuture();

    WordEmbedder() {
        this("words-" + DIMENSIONS);
    }

    WordEmbedder(String id) {
        this.id = id;
    }

    @Override
    public Future<float[]> query(String text) {
        return ready(vector(text));
    }

    @Override
    public Future<List<float[]>> documents(List<String> texts) {
        return ready(texts.stream().map(WordEmbedder::vector).toList());
    }

    @Override
    public Future<EmbedderInfo> prepare() {
        return ready(new EmbedderInfo(id, DIMENSIONS));
    }

    @Override
    public Future<String> modelId() {
        return ready(id);
    }

    private <T> Future<T> ready(T value) {
        return closed ? Future.failedFuture(CairnException.unavailable("closed")) : readiness.map(value);
    }

    @Override
    public String state() {
        return closed ? "closed" : "up";
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return Future.succeededFuture();
    }

    static float[] vector(String text) {
        double[] sum = new double[DIMENSIONS];
        for (String word : text.toLowerCase(Locale.ROOT).split("[\\s\\p{Punct}]+", -1)) {
            Random random = new Random(word.hashCode());
            for (int i = 0; i < DIMENSIONS; i++) {
                sum[i] += random.nextGaussian();
            }
        }
        double square = 0;
        for (double each : sum) {
            square += each * each;
        }
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) (sum[i] / Math.sqrt(square));
        }
        return vector;
    }
}
