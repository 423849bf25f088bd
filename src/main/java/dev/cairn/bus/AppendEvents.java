package dev.cairn.bus;

import dev.cairn.model.AgentEvent;
import dev.cairn.model.Project;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events of one session, filtered and capped, with the project they belong to.
 *
 * @param requestId see {@link RecordEvents#requestId()}
 */
public record AppendEvents(
        Project project, List<AgentEvent> events, @Nullable String requestId) {
    public AppendEvents {
        events = List.copyOf(events);
    }

    /** Without a request id. */
    public AppendEvents(Project project, List<AgentEvent> events) {
        this(project, events, null);
    }
}
