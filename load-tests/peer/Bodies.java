import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What both workers are told. */
final class Bodies {
    private static final String DIRECTORY = "/home/dev/larkspur";
    private static final String LINES = "export function readGauge(mm) { return mm; }\n".repeat(8);

    static String hook(String session, String event, Map<String, Object> more) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("session_id", session);
        body.put("transcript_path", DIRECTORY + "/transcript.jsonl");
        body.put("cwd", DIRECTORY);
        body.put("permission_mode", "default");
        body.put("hook_event_name", event);
        body.putAll(more);
        return json(body);
    }

    static String toolHook(String session, int i) {
        return hook(session, "PostToolUse", tool(session, i));
    }

    /** What claude-mem's hook makes of the same event. */
    static String toolRequest(String session, int i) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("contentSessionId", session);
        body.put("platformSource", "claude");
        body.put("cwd", DIRECTORY);
        body.putAll(tool(session, i));
        return json(body);
    }

    private static Map<String, Object> tool(String session, int i) {
        return Map.of(
                "tool_name", "Edit",
                "tool_use_id", session + "-" + i,
                "tool_input",
                        Map.of(
                                "file_path", DIRECTORY + "/src/gauge.js",
                                "old_string", "return mm; // " + i,
                                "new_string", "return retry(() => mm, 3); // " + i),
                "tool_response", Map.of("filePath", DIRECTORY + "/src/gauge.js", "originalFile", LINES));
    }

    static String json(Object value) {
        try {
            return Peer.JSON.writeValueAsString(value);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
