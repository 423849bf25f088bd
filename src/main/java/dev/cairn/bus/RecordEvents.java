package dev.cairn.bus;

import dev.cairn.model.AgentEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events of one session to record, in their order, in one transaction.
 *
 * @param events 1 to 256, all of the same platform and session
 * @param requestId what the caller calls this request in its own log; the worker's log names it beside the turn. Null for none
 * @param projectName for events whose directory is not told, when their session is not known yet: the name of the project, which
 *     is looked for among those that are known. Null for none
 */
public record RecordEvents(
        List<AgentEvent> events,
        @Nullable String requestId,
        @Nullable String projectName) {
    public static final int MAX_EVENTS = 256;

    public RecordEvents {
        events = List.copyOf(events);
    }

    /** Of directories that are told, or of a session that is known. */
    public RecordEvents(List<AgentEvent> events, @Nullable String requestId) {
        this(events, requestId, null);
    }

    /** Without a request id. */
    public RecordEvents(List<AgentEvent> events) {
        this(events, null);
    }
}
