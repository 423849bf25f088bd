package dev.cairn.bus;

import dev.cairn.model.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to forget: by ids, or everything that fits all the other conditions (at least one must be given).
 *
 * @param ids memories, of any kind; unknown ones are passed over
 * @param kind with {@code ids}: only memories of this kind
 * @param project a project's key, or its name
 * @param session the host's session id; forgets its raw events as well
 * @param query words; every memory that matches all of them
 * @param from at or after, epoch milliseconds
 * @param to at or before, epoch milliseconds
 * @param dryRun count only, change nothing
 */
public record Forget(
        List<Long> ids,
        @Nullable Kind kind,
        @Nullable String project,
        @Nullable String session,
        @Nullable String query,
        @Nullable Long from,
        @Nullable Long to,
        boolean dryRun) {
    public Forget {
        ids = List.copyOf(ids);
    }
}
