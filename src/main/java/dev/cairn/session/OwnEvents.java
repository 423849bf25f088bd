package dev.cairn.session;

import dev.cairn.observer.spi.OwnSessions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Events of agents that the worker started itself: nothing of them is recorded, or observers would observe observers. For one event
 * loop.
 */
final class OwnEvents {
    /** By what an event is recognised: what its hook was told by its environment, its session's id, its directory. */
    enum Way {
        ENVIRONMENT,
        SESSION,
        DIRECTORY
    }

    private final OwnSessions sessions;
    private final Map<Way, Counter> counters = new EnumMap<>(Way.class);

    OwnEvents(OwnSessions sessions, MeterRegistry meters) {
        this.sessions = sessions;
        for (Way way : Way.values()) {
            counters.put(
                    way,
                    Counter.builder("cairn.events.own")
                            .description(
                                    "Events of the worker's own agents, which are ignored, by what they were recognised")
                            .tag("by", way.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
    }

    /** Whether this session is known to be one; counts its events then. */
    boolean knows(String sessionId, int events) {
        return sessions.contains(sessionId) && count(Way.SESSION, events);
    }

    /** A hook has said that its session is one: the session's other hooks need not. */
    void told(String sessionId, int events) {
        sessions.add(sessionId);
        count(Way.ENVIRONMENT, events);
    }

    /** An event comes from where only they work. Its session may be anybody's, and elsewhere next. */
    void foundByDirectory() {
        count(Way.DIRECTORY, 1);
    }

    /** How many events were ignored so far. */
    long ignored() {
        return (long) counters.values().stream().mapToDouble(Counter::count).sum();
    }

    private boolean count(Way way, int events) {
        Objects.requireNonNull(counters.get(way)).increment(events);
        return true;
    }
}
