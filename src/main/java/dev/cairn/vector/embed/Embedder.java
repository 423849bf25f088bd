package dev.cairn.vector.embed;

import io.vertx.core.Future;
import java.util.List;

/**
 * Texts into vectors of length 1, of which the product says how near two texts are in meaning. To be called from any
 * thread; futures complete on the caller's context. What cannot be done now fails with a
 * {@link dev.cairn.model.CairnException} that is unavailable: the model cannot be loaded, too much waits, or it is closed.
 */
public interface Embedder {
    /** The vector of a search. Loads the model if need be; waits for other searches, never for documents. */
    Future<float[]> query(String text);

    /** The vectors of texts to be searched, in their order; none of them when one fails. Loads the model if need be. */
    Future<List<float[]>> documents(List<String> texts);

    /** Loads the model unless it is; tries again after a failure. */
    Future<EmbedderInfo> prepare();

    /** Which vectors it makes, without loading the model: vectors of another name are not to be compared with them. */
    Future<String> modelId();

    /** {@code idle}, {@code loading}, {@code up}, {@code closed}, or {@code failed: } with the reason. */
    String state();

    /** Finishes the text under way, fails what waits, gives the memory back. Bounded; never fails; once is enough. */
    Future<Void> close();
}
