package dev.cairn.observer.spi;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The sessions of agents that observers started themselves: their events are told by the same hooks as everybody's, and must
 * never be observed in their turn. Shared by all verticles of one Vert.x instance. Thread-safe.
 */
public final class OwnSessions implements Shareable {
    private static final String MAP = "cairn.observer.sessions";
    /** What a session says last comes soon after its end; far more than can be on their way at once. */
    private static final int MOST = 4_096;

    private final Set<String> ids = new LinkedHashSet<>();

    private OwnSessions() {}

    public static OwnSessions of(Vertx vertx) {
        Map<String, OwnSessions> map = vertx.sharedData().getLocalMap(MAP);
        return map.computeIfAbsent("ids", key -> new OwnSessions());
    }

    /** @param id as the agent's hooks tell it; to be added before the agent is started */
    public synchronized void add(String id) {
        ids.add(id);
        if (ids.size() > MOST) {
            ids.remove(ids.iterator().next());
        }
    }

    public synchronized boolean contains(String id) {
        return ids.contains(id);
    }
}
