package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts answered with memories by the real worker and the bundled model. */
class PromptContextIT {
    private static final String PROMPT =
            "The connection pool of the orders service runs out of connections under load, how do we fix that?";
    private static final String ANSWER = "idle transactions kept every connection";
    /** Long, for a machine that is busy with other builds. */
    private static final Map<String, String> ON = Map.of(
            "CAIRN_VECTOR_MODE",
            "embedded",
            "CAIRN_CONTEXT_PROMPT_ENABLED",
            "true",
            "CAIRN_CONTEXT_PROMPT_DEADLINEMS",
            "5000");

    private static final List<String> MEMORIES = List.of(
            "The connection pool of the orders service ran out under load. The cause: " + ANSWER
                    + ". A timeout of 30 s for idle transactions fixed it.",
            "Dark mode follows the system setting. The toggle in the header overrides it for one visit.",
            "Invoices are rendered with the template of the customer's country, and English is the fallback.",
            "The importer reads CSV with semicolons too, since spreadsheets in Germany write those.",
            "Login tokens last twelve hours. Refreshing one needs the cookie, not the header.",
            "Search results are cached in Redis for a minute. Saving a product drops the cache.",
            "The nightly backup goes to the second region, and a restore was tried in March.",
            "Pictures are scaled in the browser before the upload, which halved the traffic.");

    @TempDir
    Path home;

    private Path dir;
    private int prompts;

    @BeforeEach
    void directory() throws Exception {
        dir = Files.createDirectory(home.resolve("data"));
    }

    @Test
    @DisplayName("a prompt is told what bears on it, once in a session, across restarts, and nothing else")
    void aPromptIsToldWhatBearsOnItOnce() throws Exception {
        String told;
        try (WorkerProcess worker = WorkerProcess.launch(dir, ON, List.of())) {
            Api api = worker.api();
            save(api, "/p/shop", MEMORIES);
            save(api, "/p/elsewhere", List.of("The connection pool of the payments service has 20 connections."));
            awaitIndexed(api, MEMORIES.size() + 1);

            told = context(prompt(api, "s-1", PROMPT));
            assertThat(told)
                    .startsWith("Memories of project shop")
                    .contains(ANSWER)
                    .doesNotContain("payments", "Dark mode", "backup");
            assertThat(told.length()).isLessThan(10_000);
            assertThat(prompt(api, "s-1", PROMPT)).isEqualTo("{}");
            assertThat(prompt(api, "s-1", "what's the weather")).isEqualTo("{}");
            assertThat(prompt(api, "s-2", "run the tests again")).isEqualTo("{}");
            assertThat(context(prompt(api, "s-2", PROMPT)))
                    .as("the same bytes for the same memories")
                    .isEqualTo(told);

            assertThat(hook(api, "SessionStart", "s-3", ",\"source\":\"startup\""))
                    .contains("orders service");
            assertThat(prompt(api, "s-3", PROMPT)).as("told at its start").isEqualTo("{}");
            assertThat(api.get("/metrics").body())
                    .contains("cairn_prompt_context_total{outcome=\"injected\"} 2.0")
                    .contains("cairn_prompt_context_total{outcome=\"told\"} 2.0")
                    .contains("cairn_prompt_context_total{outcome=\"below\"} 2.0");
            worker.terminate();
            assertThat(worker.awaitExit()).isEqualTo(143);
        }
        try (WorkerProcess worker = WorkerProcess.launch(dir, ON, List.of())) {
            Api api = worker.api();
            assertThat(hook(api, "SessionStart", "s-4", ",\"source\":\"startup\""))
                    .contains("orders service");
            awaitIndexed(api, MEMORIES.size() + 1);
            assertThat(context(prompt(api, "s-5", PROMPT))).isEqualTo(told);
            assertThat(prompt(api, "s-1", PROMPT)).isEqualTo("{}");
        }
    }

    @Test
    @DisplayName("switched off, by default and without a vector index, a prompt is answered with nothing")
    void offAPromptIsAnsweredWithNothing() throws Exception {
        try (WorkerProcess worker = WorkerProcess.launch(dir, Map.of("CAIRN_VECTOR_MODE", "embedded"), List.of())) {
            Api api = worker.api();
            save(api, "/p/shop", MEMORIES);
            awaitIndexed(api, MEMORIES.size());
            assertThat(prompt(api, "s-1", PROMPT)).isEqualTo("{}");
        }
        Map<String, String> byWords = Map.of("CAIRN_CONTEXT_PROMPT_ENABLED", "true", "CAIRN_VECTOR_MODE", "off");
        try (WorkerProcess worker = WorkerProcess.launch(dir, byWords, List.of())) {
            assertThat(prompt(worker.api(), "s-1", PROMPT)).isEqualTo("{}");
        }
    }

    private static void save(Api api, String project, List<String> texts) throws Exception {
        for (String text : texts) {
            String memory = WireFormat.mapper()
                    .createObjectNode()
                    .put("text", text)
                    .put("project", project)
                    .toString();
            assertThat(api.post("/api/memories", memory).status()).isEqualTo(201);
        }
    }

    private static void awaitIndexed(Api api, int memories) throws Exception {
        api.awaitJson("/health", health -> {
            JsonNode vector = health.at("/parts/vector/detail");
            return vector.path("state").asText().equals("up")
                    && vector.path("indexed").asInt() >= memories;
        });
    }

    private String prompt(Api api, String session, String prompt) throws Exception {
        String text = WireFormat.mapper().writeValueAsString(prompt);
        return hook(api, "UserPromptSubmit", session, ",\"prompt_id\":\"p-" + prompts++ + "\",\"prompt\":" + text);
    }

    private static String hook(Api api, String event, String session, String more) throws Exception {
        String body = "{\"session_id\":\"" + session + "\",\"cwd\":\"/p/shop\",\"hook_event_name\":\"" + event + "\""
                + more + "}";
        Api.Answer answer = api.post("/hooks/" + event, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static String context(String answer) throws Exception {
        JsonNode output = WireFormat.mapper().readTree(answer).path("hookSpecificOutput");
        assertThat(output.path("hookEventName").asText()).as(answer).isEqualTo("UserPromptSubmit");
        return output.path("additionalContext").asText();
    }
}
