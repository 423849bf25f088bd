package dev.cairn.http;

import io.vertx.core.http.HttpConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Closes connections that bring no request in time. An idle timeout alone does not: each byte of a header that trickles in
 * begins it anew. Used on one event loop only.
 */
final class Connections {
    private final long firstNanos;
    private final long nextNanos;
    private final Map<HttpConnection, Long> deadlines = new HashMap<>();

    Connections(Limits limits) {
        firstNanos = TimeUnit.MILLISECONDS.toNanos(limits.headMs());
        nextNanos = TimeUnit.MILLISECONDS.toNanos(limits.idleMs());
    }

    void opened(HttpConnection connection) {
        deadlines.put(connection, System.nanoTime() + firstNanos);
        connection.closeHandler(closed -> deadlines.remove(connection));
    }

    /** A request is there: the next one has its time from now. */
    void used(HttpConnection connection) {
        deadlines.computeIfPresent(connection, (same, deadline) -> System.nanoTime() + nextNanos);
    }

    void sweep() {
        long now = System.nanoTime();
        List<HttpConnection> late = deadlines.entrySet().stream()
                .filter(entry -> now - entry.getValue() > 0)
                .map(Map.Entry::getKey)
                .toList();
        late.forEach(HttpConnection::close);
    }
}
