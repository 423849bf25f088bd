package dev.cairn.http.compat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sessions whose last prompt was private from end to end: what the agent does about such a prompt is not recorded, as the contract has
 * it. One for all instances of the door; the least used are forgotten first, and all with the worker. Thread-safe.
 */
final class PrivatePrompts {
    private static final int MOST = 4_096;
    private static final Pattern BEGIN = Pattern.compile("<private>", Pattern.CASE_INSENSITIVE);
    private static final Pattern END = Pattern.compile("</private>", Pattern.CASE_INSENSITIVE);

    private final Map<String, Boolean> sessions = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST;
        }
    };

    /** Whether nothing is left of a prompt without its private parts. Reads each character a fixed number of times, as prompts may be long. */
    static boolean isPrivate(String prompt) {
        Matcher begin = BEGIN.matcher(prompt);
        Matcher end = END.matcher(prompt);
        int at = 0;
        while (begin.find(at)) {
            if (!prompt.substring(at, begin.start()).isBlank() || !end.find(begin.end())) {
                return false;
            }
            at = end.end();
        }
        return prompt.substring(at).isBlank();
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
