package dev.cairn.http;

import io.vertx.core.http.HttpConnection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Closes connections that bring no request in time, and bounds how many there are. An idle timeout alone does not: each byte of
 * a header that trickles in begins it anew. Used on one event loop only.
 */
final class Connections {
    /** So many more than the bound are told why they are refused; any beyond are closed without a word. */
    private static final int TOLD = 64;

    private static final long TOLD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long firstNanos;
    private final long nextNanos;
    private final int max;
    private final AtomicInteger open;
    private final Map<HttpConnection, Long> deadlines = new HashMap<>();
    private final Set<HttpConnection> tooMany = new HashSet<>();

    /** @param open how many there are, over all instances */
    Connections(Limits limits, int max, AtomicInteger open) {
        firstNanos = TimeUnit.MILLISECONDS.toNanos(limits.headMs());
        nextNanos = TimeUnit.MILLISECONDS.toNanos(limits.idleMs());
        this.max = max;
        this.open = open;
    }

    void opened(HttpConnection connection) {
        int number = open.incrementAndGet();
        long patience = firstNanos;
        if (number > max) {
            tooMany.add(connection);
            patience = Math.min(firstNanos, TOLD_NANOS);
        }
        deadlines.put(connection, System.nanoTime() + patience);
        connection.closeHandler(closed -> {
            open.decrementAndGet();
            deadlines.remove(connection);
            tooMany.remove(connection);
        });
        if (number > max + TOLD) {
            connection.close();
        }
    }

    /** Whether this connection is one too many: it is answered so, once. */
    boolean tooMany(HttpConnection connection) {
        return tooMany.contains(connection);
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
