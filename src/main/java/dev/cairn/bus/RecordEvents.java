package dev.cairn.bus;

import dev.cairn.model.AgentEvent;
import java.util.List;

/**
 * Events of one session to record, in their order, in one transaction.
 *
 * @param events 1 to 256, all of the same platform and session
 */
public record RecordEvents(List<AgentEvent> events) {
    public static final int MAX_EVENTS = 256;

    public RecordEvents {
        events = List.copyOf(events);
    }
}
