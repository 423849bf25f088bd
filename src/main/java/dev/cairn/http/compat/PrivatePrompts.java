package dev.cairn.http.compat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Sessions whose last prompt was private from end to end: what the agent does about such a prompt is not recorded, as the contract has
 * it. One for all instances of the door; the least used are forgotten first, and all with the worker. Thread-safe.
 */
final class PrivatePrompts {
    private static final int MOST = 4_096;
    private static final Pattern SPAN = Pattern.compile("(?is)<private>.*?</private>");

    private final Map<String, Boolean> sessions = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST;
        }
    };

    /** Whether nothing is left of a prompt without its private parts. */
    static boolean isPrivate(String prompt) {
        return prompt.isBlank() || SPAN.matcher(prompt).replaceAll("").isBlank();
    }

    synchronized void note(Sessions.Of session, boolean isPrivate) {
        if (isPrivate) {
            sessions.put(key(session), true);
        } else {
            sessions.remove(key(session));
        }
    }

    synchronized boolean lastWasPrivate(Sessions.Of session) {
        return sessions.containsKey(key(session));
    }

    private static String key(Sessions.Of session) {
        return session.platform() + '/' + session.id();
    }
}
