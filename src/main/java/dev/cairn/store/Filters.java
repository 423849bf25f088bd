package dev.cairn.store;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the numbers of the projects and sessions that a query names. */
final class Filters {
    private final ProjectDirectory projects;
    private final Reads reads;

    Filters(ProjectDirectory projects, Reads reads) {
        this.projects = projects;
        this.reads = reads;
    }

    /** Null when none is named; empty when it is unknown. */
    @Nullable
    List<Long> projects(@Nullable String keyOrName) {
        return keyOrName == null ? null : projects.find(keyOrName);
    }

    /** Null when none is named; empty when it is unknown. */
    Future<@Nullable List<Long>> sessions(@Nullable String sessionId) {
        if (sessionId == null) {
            return Future.succeededFuture(null);
        }
        return reads.all(
                        new Sql().add("SELECT json_array(id) FROM session WHERE session_id = ? ORDER BY id", sessionId),
                        row -> row.get(0).asLong())
                .map(ids -> ids);
    }
}
