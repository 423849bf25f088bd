package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Projects;
import dev.cairn.bus.Stats;
import dev.cairn.model.Observation;
import dev.cairn.model.Prompt;
import dev.cairn.model.Session;
import dev.cairn.model.Summary;
import dev.cairn.model.ToolUse;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the contract's live stream tells, as JSON: events without a name, told apart by {@code type}. Fields of version 6 stand beside
 * those of version 13. Thread-safe.
 */
public final class StreamTexts {
    private static final int MOST_SESSIONS = 4_096;

    /** The worker's own ids of sessions that were heard of, by the host's: a tool use names the host's alone. */
    private final Map<String, Long> sessions = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_SESSIONS;
        }
    };

    /** The first event of a stream. */
    public static String connected() {
        return told(of("connected"));
    }

    /** The second one: which projects there are. */
    public static String initialLoad(Projects projects) {
        ObjectNode json = of("initial_load");
        Rows.fill(json, StatusDoors.names(projects));
        return told(json);
    }

    /** How much waits to be observed. */
    public static String processing(Stats stats) {
        ObjectNode status = StatusDoors.processing(stats);
        ObjectNode json = of("processing_status");
        Rows.fill(json, status);
        return told(json);
    }

    /** A prompt was recorded. */
    public static String prompt(Prompt prompt) {
        ObjectNode json = of("new_prompt");
        json.set("prompt", Rows.prompt(prompt, null));
        return told(json);
    }

    /** A session began, went on or ended. */
    public String session(Session session) {
        synchronized (sessions) {
            sessions.put(key(session.platform(), session.sessionId()), session.id());
        }
        ObjectNode json = of(session.endedAt() == null ? "session_started" : "session_completed")
                .put("sessionDbId", session.id())
                .put("project", session.project().name());
        return told(json);
    }

    /** A tool use was recorded, and will be observed. */
    public String toolUse(ToolUse use) {
        ObjectNode json = of("observation_queued");
        Long session;
        synchronized (sessions) {
            session = sessions.get(key(use.platform(), use.sessionId()));
        }
        if (session != null) {
            json.put("sessionDbId", session);
        }
        return told(json.put("content_session_id", use.sessionId()));
    }

    /** An observation was made. */
    public static String observation(Observation observation) {
        ObjectNode json = of("new_observation");
        json.set("observation", Rows.observation(observation));
        return told(json);
    }

    /** A turn was summarised. */
    public static String summary(Summary summary) {
        ObjectNode json = of("new_summary");
        json.set("summary", Rows.summary(summary));
        return told(json);
    }

    private static String key(String platform, String session) {
        return platform + '/' + session;
    }

    private static ObjectNode of(String type) {
        return Reply.object().put("type", type);
    }

    private static String told(ObjectNode json) {
        return json.put("timestamp", System.currentTimeMillis()).toString();
    }
}
