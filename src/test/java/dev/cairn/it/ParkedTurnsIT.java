package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.fake.Answer;
import dev.cairn.fake.Asked;
import dev.cairn.fake.Dialect;
import dev.cairn.fake.FakeModelServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A turn that a model refuses, with the real worker, over HTTP and by the command line. */
class ParkedTurnsIT {
    private static final Path SCRIPT = Path.of("deploy", "bin", "cairn").toAbsolutePath();
    private static final String STORED = """
            {"observations":[{"type":"change","title":"The harbour has a new wall","narrative":"It keeps the swell out"}],
             "summary":{"request":"A wall","completed":"The wall stands"}}""";

    @TempDir
    Path dir;

    private final AtomicBoolean refuses = new AtomicBoolean(true);

    @Test
    @DisplayName(
            "D3: a turn that fails too often is parked, visible with its error, passed by others, and done when run again")
    void aRefusedTurnIsParkedAndRunAgain() throws Exception {
        try (FakeModelServer models = FakeModelServer.start();
                WorkerProcess worker = WorkerProcess.launch(dir, environment(models), List.of())) {
            models.answers(this::answer);
            worker.awaitReady();
            Api api = worker.api();
            turn(api, "bad", "poison");
            JsonNode parked = api.awaitJson(
                            "/api/turns", turns -> turns.path("items").size() == 1)
                    .path("items")
                    .get(0);
            assertThat(parked.path("sessionId").asText()).isEqualTo("bad");
            assertThat(parked.path("state").asText()).isEqualTo("parked");
            assertThat(parked.path("attempts").asInt()).isEqualTo(1);
            assertThat(parked.path("lastError").asText()).isNotBlank();

            turn(api, "good", "honey");
            api.awaitJson("/api/observations", page -> page.path("items").size() == 1);
            assertThat(cairn("turns").output())
                    .contains("bad")
                    .contains(parked.path("lastError").asText().substring(0, 10));

            refuses.set(false);
            long id = parked.path("id").asLong();
            assertThat(api.post("/api/turns/" + id + "/retry", "").body()).isEqualTo("{\"retried\":1}");
            api.awaitJson("/api/observations", page -> page.path("items").size() == 2);
            api.awaitJson("/api/turns", turns -> turns.path("items").isEmpty());
            assertThat(api.post("/api/turns/" + id + "/retry", "").status()).isEqualTo(409);
            assertThat(cairn("retry", "--all").output()).isEqualTo("0 turns wait to be observed again\n");

            JsonNode usage = api.get("/api/usage?by=provider").json();
            assertThat(usage.at("/items/0/provider").asText()).isEqualTo("openai");
            assertThat(usage.at("/total/calls").asInt()).isGreaterThanOrEqualTo(3);
            assertThat(usage.at("/total/failures").asInt()).isPositive();
            assertThat(cairn("usage", "--by", "provider").output())
                    .startsWith("PROVIDER")
                    .contains("openai", "all");
            worker.terminate();
            worker.awaitExit();
        }
    }

    private Answer answer(Asked asked) {
        return refuses.get() && asked.says().toString().contains("poison")
                ? Answer.error(asked, 400, "invalid_request_error", "the model will not read this")
                : Answer.says(asked, STORED);
    }

    private static void turn(Api api, String session, String word) throws Exception {
        for (String event : List.of(
                "\"hook_event_name\":\"UserPromptSubmit\",\"prompt\":\"Tell me of " + word + "\"",
                "\"hook_event_name\":\"PostToolUse\",\"tool_name\":\"Read\",\"tool_use_id\":\"u-" + session
                        + "\",\"tool_input\":{\"file_path\":\"/tmp/" + word + "\"},\"tool_response\":{\"ok\":true}",
                "\"hook_event_name\":\"Stop\",\"last_assistant_message\":\"That was " + word + "\"")) {
            Api.Answer answer = api.post(
                    "/hooks",
                    "{\"session_id\":\"" + session + "\",\"cwd\":\"/tmp\",\"prompt_id\":\"p1\"," + event + "}");
            assertThat(answer.status()).as(answer.body()).isBetween(200, 204);
        }
    }

    private static Map<String, String> environment(FakeModelServer models) {
        return Map.of(
                "CAIRN_OBSERVER_PROVIDER", "openai",
                "CAIRN_OBSERVER_OPENAI_URL", models.url(Dialect.OPENAI),
                "CAIRN_OBSERVER_OPENAI_APIKEY", FakeModelServer.KEY,
                "CAIRN_OBSERVER_OPENAI_MODEL", "small",
                "CAIRN_OBSERVER_ATTEMPTS", "1");
    }

    private Tools.Run cairn(String... arguments) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("CAIRN_DATA_DIR", dir.toString());
        environment.put("CAIRN_JAR", WorkerProcess.JAR.toAbsolutePath().toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        List<String> command = new ArrayList<>(List.of("/bin/sh", SCRIPT.toString()));
        command.addAll(List.of(arguments));
        return Tools.run(dir, environment, command);
    }
}
