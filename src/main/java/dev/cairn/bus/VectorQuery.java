package dev.cairn.bus;

import dev.cairn.model.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the vector index for the memories nearest in meaning. A filter that is null or empty does not apply.
 *
 * @param project a project's key, or its name
 * @param from at or after, epoch milliseconds
 * @param to at or before, epoch milliseconds
 * @param limit 1 to 1,000
 */
public record VectorQuery(
        String text,
        @Nullable String project,
        List<Kind> kinds,
        List<String> types,
        @Nullable Long from,
        @Nullable Long to,
        int limit) {
    public VectorQuery {
        kinds = List.copyOf(kinds);
        types = List.copyOf(types);
    }
}
