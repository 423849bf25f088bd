package dev.cairn.bus;

import dev.cairn.model.AgentEvent;
import dev.cairn.model.Project;
import java.util.List;

/** Events of one session, filtered and capped, with the project they belong to. */
public record AppendEvents(Project project, List<AgentEvent> events) {
    public AppendEvents {
        events = List.copyOf(events);
    }
}
