package dev.cairn.bus;

import dev.cairn.model.AgentEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events of one session to record, in their order, in one transaction.
 *
 * @param events 1 to 256, all of the same platform and session
 * @param requestId what the caller calls this request in its own log; the worker's log names it beside the turn. Null for none
 */
public record RecordEvents(
        List<AgentEvent> events, @Nullable String requestId) {
    public static final int MAX_EVENTS = 256;

    public RecordEvents {
        events = List.copyOf(events);
    }

    /** Without a request id. */
    public RecordEvents(List<AgentEvent> events) {
        this(events, null);
    }
}
