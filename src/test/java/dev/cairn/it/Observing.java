package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.fake.Dialect;
import dev.cairn.fake.FakeModelServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Workers whose observers ask a fake model, what agents tell them, and what they made of it. */
final class Observing {
    /** Where the agents of these tests work. */
    static final String CWD = "/home/dev/harbour";

    private static final String MODEL = "fake-model-1";

    private Observing() {}

    /** The settings of a worker that asks this server, as a user gives them, and more of them by name and value. */
    static Map<String, String> settings(FakeModelServer fake, Dialect dialect, String... more) {
        String prefix = "CAIRN_OBSERVER_" + dialect.name() + "_";
        Map<String, String> environment = new TreeMap<>();
        environment.put("CAIRN_OBSERVER_PROVIDER", dialect.provider());
        environment.put(prefix + "URL", fake.url(dialect));
        environment.put(prefix + "APIKEY", FakeModelServer.KEY);
        environment.put(prefix + "MODEL", MODEL);
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }

    static WorkerProcess start(Path dataDir, Map<String, String> environment, String... jvmOptions) throws Exception {
        WorkerProcess worker = WorkerProcess.launch(dataDir, environment, List.of(jvmOptions), List.of());
        worker.awaitReady();
        return worker;
    }

    static void prompt(Api api, String session, int turn, String text) throws Exception {
        hook(api, "UserPromptSubmit", event(session, turn).put("prompt", text));
    }

    /** A file is written, named by the session, the turn and the number, so that its observation has a title of its own. */
    static void write(Api api, String session, int turn, int number) throws Exception {
        ObjectNode event = event(session, turn).put("tool_name", "Write").put("tool_use_id", id(session, turn, number));
        event.putObject("tool_input")
                .put("file_path", CWD + "/" + id(session, turn, number) + ".txt")
                .put("content", "data " + number);
        event.putObject("tool_response").put("type", "create");
        hook(api, "PostToolUse", event);
    }

    static void bash(Api api, String session, int turn, int number, String command, String output) throws Exception {
        ObjectNode event = event(session, turn).put("tool_name", "Bash").put("tool_use_id", id(session, turn, number));
        event.putObject("tool_input").put("command", command);
        event.putObject("tool_response").put("stdout", output).put("stderr", "");
        hook(api, "PostToolUse", event);
    }

    static void stop(Api api, String session, int turn, String said) throws Exception {
        hook(api, "Stop", event(session, turn).put("last_assistant_message", said));
    }

    static void end(Api api, String session) throws Exception {
        hook(api, "SessionEnd", event(session, 0).put("reason", "other"));
    }

    /** A prompt, files that are written, and what is said last. */
    static void turn(Api api, String session, int turn, int toolUses) throws Exception {
        prompt(api, session, turn, "Write part " + turn + " of " + session);
        for (int number = 0; number < toolUses; number++) {
            write(api, session, turn, number);
        }
        stop(api, session, turn, "Part " + turn + " of " + session + " is written.");
    }

    static String id(String session, int turn, int number) {
        return session + "-" + turn + "-" + number;
    }

    static ObjectNode event(String session, int turn) {
        return WireFormat.mapper()
                .createObjectNode()
                .put("session_id", session)
                .put("cwd", CWD)
                .put("prompt_id", session + "-prompt-" + turn);
    }

    static void hook(Api api, String name, ObjectNode event) throws Exception {
        Api.Answer answer =
                api.post("/hooks/" + name, event.put("hook_event_name", name).toString());
        assertThat(answer.status()).as("%s: %s", name, answer.body()).isEqualTo(200);
    }

    /** What a new session of the tests' project is told. */
    static String context(Api api, String session) throws Exception {
        ObjectNode event =
                event(session, 0).put("hook_event_name", "SessionStart").put("source", "startup");
        return api.post("/hooks/SessionStart", event.toString())
                .json()
                .at("/hookSpecificOutput/additionalContext")
                .asText();
    }

    /** Waits until nothing is left to observe, and so many turns are summed up. */
    static JsonNode drained(Api api, int summaries, Duration within) throws Exception {
        return awaitJson(
                api,
                "/api/stats",
                within,
                stats -> stats.at("/queue/pending").asInt() == 0
                        && stats.at("/queue/claimed").asInt() == 0
                        && stats.path("summaries").asInt() >= summaries);
    }

    static JsonNode awaitJson(Api api, String path, Duration within, Predicate<JsonNode> fits) throws Exception {
        long deadline = System.nanoTime() + within.toNanos();
        JsonNode last = api.get(path).json();
        while (!fits.test(last)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(path + " did not come to fit within " + within + "; last answer: " + last);
            }
            Thread.sleep(50);
            last = api.get(path).json();
        }
        return last;
    }

    /** All items of a list, in its order. */
    static List<JsonNode> all(Api api, String path) throws Exception {
        List<JsonNode> items = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = api.get(path + (path.contains("?") ? "&" : "?") + "limit=100" + cursor)
                    .json();
            page.path("items").forEach(items::add);
            cursor = page.hasNonNull("next")
                    ? "&cursor=" + Api.encode(page.path("next").asText())
                    : "";
        } while (!cursor.isEmpty());
        return items;
    }

    /** How often each title was stored. */
    static Map<String, Integer> titles(Api api) throws Exception {
        Map<String, Integer> titles = new HashMap<>();
        for (JsonNode item : all(api, "/api/observations")) {
            titles.merge(item.path("title").asText(), item.path("times").asInt(1), Integer::sum);
        }
        return titles;
    }

    /** The title a fake model gives to what {@link #write} told of. */
    static String title(String session, int turn, int number) {
        return "Write of " + CWD + "/" + id(session, turn, number) + ".txt";
    }

    /** The tool uses of a document that a model was asked about. */
    static int uses(JsonNode document) {
        return document.path("toolUses").size();
    }
}
