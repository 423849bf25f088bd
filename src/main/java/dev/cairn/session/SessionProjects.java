package dev.cairn.session;

import dev.cairn.bus.RecordEvents;
import dev.cairn.model.AgentEvent;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which project each event of a session belongs to. An agent may move between directories and need not tell where it is each time,
 * so the directory a session was last in is remembered. For one event loop.
 */
final class SessionProjects {
    private static final int MOST_SESSIONS = 4_096;

    private final ProjectCache projects;
    private final ProjectResolver names;
    private final Map<String, Resolution> sessions = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Resolution> eldest) {
            return size() > MOST_SESSIONS;
        }
    };

    SessionProjects(ProjectCache projects, ProjectResolver names) {
        this.projects = projects;
        this.names = names;
    }

    /**
     * The resolution of each event: of its directory, or of the directory its session was last in.
     *
     * @return as many as there are events, in their order; fails as {@link ProjectCache#resolve} does
     */
    Future<List<Resolution>> resolve(String session, RecordEvents request) {
        List<AgentEvent> events = request.events();
        return projects.resolveAll(events).map(byDirectory -> {
            Resolution current = sessions.getOrDefault(session, guess(request.projectName()));
            List<Resolution> resolutions = new ArrayList<>(events.size());
            for (AgentEvent event : events) {
                current = event.cwd() == null ? current : byDirectory.getOrDefault(event.cwd(), current);
                resolutions.add(current);
            }
            if (!byDirectory.isEmpty()) {
                sessions.put(session, current);
            }
            return resolutions;
        });
    }

    /** A name alone cannot be held against patterns of directories, but one without a slash is about names. */
    private Resolution guess(@Nullable String projectName) {
        return projectName == null ? Resolution.UNKNOWN : names.named(projectName);
    }
}
