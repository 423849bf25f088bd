package dev.cairn.session;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.CloseIdleTurns;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.EventKind;
import io.vertx.core.Vertx;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has turns closed whose agent fell silent without saying that it ended. One timer waits for the session that has been silent
 * the longest; while nothing is open, nothing waits. For one event loop.
 */
final class IdleTurns {
    private static final Logger LOG = LoggerFactory.getLogger(IdleTurns.class);
    /** Beyond it the most silent session is dropped; closing goes by time, so the next close takes it along. */
    private static final int MOST = 10_000;
    /** Stands for what an earlier run left open. */
    private static final String LEFT_OVER = "";

    private static final int ATTEMPTS = 5;

    private final Vertx vertx;
    private final Bus bus;
    private final long idleMs;
    /** When each session was last heard of, in epoch milliseconds; the most silent one first. */
    private final Map<String, Long> lastHeard = new LinkedHashMap<>(64, 0.75f, true);

    private long timer = -1;
    private int failures;

    IdleTurns(Vertx vertx, Bus bus, long idleMs) {
        this.vertx = vertx;
        this.bus = bus;
        this.idleMs = idleMs;
    }

    /** Closes what was left over long ago, and later what was left over a moment ago. */
    void begin() {
        close();
        heard(LEFT_OVER);
    }

    int sessions() {
        return lastHeard.size();
    }

    /**
     * Follows what was stored of a session: its last event tells whether its turn is open.
     *
     * @param events not empty, in their order
     */
    void follow(String session, List<AgentEvent> events) {
        EventKind last = events.get(events.size() - 1).kind();
        if (last == EventKind.STOP || last == EventKind.SESSION_END) {
            lastHeard.remove(session);
        } else if (last != EventKind.OTHER) {
            heard(session);
        }
    }

    private void heard(String session) {
        lastHeard.put(session, System.currentTimeMillis());
        if (lastHeard.size() > MOST) {
            Iterator<String> eldest = lastHeard.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        if (timer < 0) {
            timer = vertx.setTimer(idleMs, fired -> due());
        }
    }

    void stop() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
        lastHeard.clear();
    }

    private void due() {
        timer = -1;
        long now = System.currentTimeMillis();
        boolean silent = false;
        Iterator<Long> times = lastHeard.values().iterator();
        while (times.hasNext()) {
            long remaining = times.next() + idleMs - now;
            if (remaining > 0) {
                timer = vertx.setTimer(remaining, fired -> due());
                break;
            }
            times.remove();
            silent = true;
        }
        if (silent) {
            close();
        }
    }

    private void close() {
        bus.request(Addresses.STORE_CLOSE_IDLE, new CloseIdleTurns(System.currentTimeMillis() - idleMs + 1))
                .onSuccess(closed -> {
                    failures = 0;
                    if (closed.count() > 0) {
                        LOG.info("{} turns fell silent and count as ended", closed.count());
                    }
                })
                .onFailure(failure -> {
                    LOG.warn("Closing silent turns failed: {}", failure.getMessage());
                    if (++failures < ATTEMPTS) {
                        heard(LEFT_OVER);
                    }
                });
    }
}
