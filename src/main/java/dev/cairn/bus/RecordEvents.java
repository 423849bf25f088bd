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
 * @param own whether they are of an agent that the worker started itself: then nothing is recorded. Null when that is not told
 */
public record RecordEvents(
        List<AgentEvent> events,
        @Nullable String requestId,
        @Nullable String projectName,
        @Nullable Boolean own) {
    public static final int MAX_EVENTS = 256;

    public RecordEvents {
        events = List.copyOf(events);
    }

    /** Of an agent that says nothing of who started it. */
    public RecordEvents(List<AgentEvent> events, @Nullable String requestId, @Nullable String projectName) {
        this(events, requestId, projectName, null);
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
