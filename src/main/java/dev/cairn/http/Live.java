package dev.cairn.http;

import dev.cairn.bus.Address;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.http.compat.StreamTexts;
import dev.cairn.model.Observation;
import dev.cairn.model.Project;
import dev.cairn.model.Prompt;
import dev.cairn.model.Session;
import dev.cairn.model.Summary;
import dev.cairn.model.ToolUse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What all instances of the door share of the live stream: the events, and how many watch. While nobody watches, nor has for as
 * long as a client takes to come back, events are only counted: hooks do not pay for a stream that is not looked at. Thread-safe.
 */
final class Live {
    /** Every event of the stream beside {@code reset} and {@code end}, which no filter holds back. */
    static final List<String> NAMES =
            List.of("prompt", "toolUse", "observation", "summary", "session", "process", "alert", "forgotten");

    /** Longer texts of a tool use are cut to so many UTF-16 units: its route has them whole. */
    private static final int SHOWN = 1_000;

    private final EventRing ring;
    private final long keepNanos;
    private final int maxViewers;
    private final AtomicInteger viewers = new AtomicInteger();
    private volatile boolean watched;
    private volatile long leftAt;

    Live(String instance, Limits.Streams limits) {
        ring = new EventRing(instance, limits.maxEvents(), limits.maxBytes());
        maxViewers = limits.maxViewers();
        keepNanos = TimeUnit.MILLISECONDS.toNanos(limits.keepMs());
    }

    EventRing ring() {
        return ring;
    }

    /** Takes a place; false when there is none. */
    boolean enter() {
        if (viewers.incrementAndGet() <= maxViewers) {
            watched = true;
            return true;
        }
        viewers.decrementAndGet();
        return false;
    }

    /** How many watch. */
    int watchers() {
        return viewers.get();
    }

    void leave() {
        leftAt = System.nanoTime();
        viewers.decrementAndGet();
    }

    /**
     * Fills the ring from the bus; one instance does so for all.
     *
     * @param unnamed whether each event is kept in the form of claude-mem's stream too
     */
    void listen(Bus bus, boolean unnamed) {
        StreamTexts texts = new StreamTexts();
        listen(
                bus,
                Addresses.EVENT_PROMPT,
                "prompt",
                Prompt::project,
                Views::row,
                unnamed ? StreamTexts::prompt : null);
        listen(
                bus,
                Addresses.EVENT_OBSERVATION,
                "observation",
                Observation::project,
                Views::row,
                unnamed ? StreamTexts::observation : null);
        listen(
                bus,
                Addresses.EVENT_SUMMARY,
                "summary",
                Summary::project,
                Views::row,
                unnamed ? StreamTexts::summary : null);
        listen(bus, Addresses.EVENT_SESSION, "session", Session::project, Views::row, unnamed ? texts::session : null);
        listen(bus, Addresses.EVENT_PROCESS, "process", change -> null, Views::row, null);
        listen(bus, Addresses.EVENT_ALERT, "alert", alert -> null, Views::row, null);
        listen(bus, Addresses.EVENT_FORGOTTEN, "forgotten", forgotten -> null, Views::row, null);
        listen(
                bus,
                Addresses.EVENT_TOOL_USE,
                "toolUse",
                ToolUse::project,
                Live::shown,
                unnamed ? texts::toolUse : null);
    }

    private <E> void listen(
            Bus bus,
            Address<E, ?> address,
            String name,
            Function<E, @Nullable Project> project,
            Function<E, String> text,
            @Nullable Function<E, String> unnamed) {
        bus.listen(address, event -> {
            if (awaited()) {
                String other = unnamed == null ? null : unnamed.apply(event);
                ring.add(name, project.apply(event), text.apply(event), other);
            } else {
                ring.skip();
            }
        });
    }

    /** Whether somebody watches, or is expected back. */
    boolean awaited() {
        return watched && (viewers.get() > 0 || System.nanoTime() - leftAt < keepNanos);
    }

    private static String shown(ToolUse use) {
        return Views.row(new ToolUse(
                use.id(),
                use.project(),
                use.platform(),
                use.sessionId(),
                use.turn(),
                use.agentId(),
                use.toolName(),
                use.toolUseId(),
                shown(use.input()),
                shown(use.response()),
                shown(use.error()),
                use.durationMs(),
                use.observationId(),
                use.createdAt()));
    }

    private static @Nullable String shown(@Nullable String text) {
        if (text == null || text.length() <= SHOWN) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(SHOWN - 1)) ? SHOWN - 1 : SHOWN;
        return text.substring(0, end) + "…";
    }
}
