package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of any agent through the real worker: what is acknowledged is kept, once, whatever happens to the worker. */
class EventsIT {
    private static final String PATH = "/api/v1/events";

    @TempDir
    Path dir;

    private static String event(String session, int number, String more) {
        return "{\"platform\":\"aider\",\"session\":\"" + session + "\",\"project\":\"kestrel\",\"idempotencyKey\":\"k"
                + number + "\"," + more + "}";
    }

    /** A turn of two sessions; no use has an id, so that nothing but the keys tells them apart. */
    private static String batch() {
        return "["
                + String.join(
                        ",",
                        event("s-1", 1, "\"type\":\"session_start\""),
                        event("s-1", 2, "\"type\":\"prompt\",\"text\":\"Add a license file\""),
                        event(
                                "s-1",
                                3,
                                "\"type\":\"tool_use\",\"tool\":{\"name\":\"write_file\",\"input\":"
                                        + "{\"path\":\"LICENSE\",\"content\":\"Apache License\\n\"},\"output\":\"ok\"}"),
                        event(
                                "s-2",
                                4,
                                "\"type\":\"tool_use\",\"tool\":{\"name\":\"shell\",\"input\":{\"cmd\":\"ls\"},\"output\":\"a\"}"),
                        event("s-1", 5, "\"type\":\"stop\",\"text\":\"Added the Apache license.\""))
                + "]";
    }

    private static Api.Answer post(WorkerProcess worker, String body, String key) throws Exception {
        return worker.api()
                .send(HttpRequest.newBuilder(URI.create(worker.url() + PATH))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static int uses(Api api) throws Exception {
        return api.get("/api/tool-uses?platform=aider").json().path("items").size();
    }

    @Test
    @DisplayName("D6: the same events again store nothing and are answered the same, after kill -9 and after a restart")
    void aRepeatStoresNothing() throws Exception {
        String first;
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            Api.Answer answer = worker.api().post(PATH, batch());
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.json().path("stored").asInt()).isEqualTo(5);
            first = answer.body();
            worker.kill();
            worker.awaitExit();
        }
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            assertThat(worker.api().post(PATH, batch()).body()).isEqualTo(first);
            assertThat(uses(worker.api())).isEqualTo(2);

            String other = event("s-3", 6, "\"type\":\"tool_use\",\"tool\":{\"name\":\"shell\"}");
            String answered = post(worker, other, "batch-1").body();
            assertThat(post(worker, batch(), "batch-1").body()).isEqualTo(answered);
            worker.terminate();
            worker.awaitExit();
        }
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            assertThat(worker.api().post(PATH, batch()).body()).isEqualTo(first);
            Api api = worker.api();
            assertThat(uses(api)).isEqualTo(3);
            JsonNode summaries = api.awaitJson(
                            "/api/summaries?platform=aider",
                            page -> page.path("items").size() > 0)
                    .path("items");
            assertThat(summaries.at("/0/request").asText()).isEqualTo("Add a license file");
            assertThat(summaries.at("/0/projectName").asText()).isEqualTo("kestrel");
            assertThat(api.get("/api/prompts?platform=aider").json().path("items"))
                    .hasSize(1);
        }
    }

    @Test
    @DisplayName("H7: a bad item is named, and nothing of its batch is written")
    void aBadItemRefusesTheBatch() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            Api.Answer answer = worker.api().post(PATH, batch().replace("\"type\":\"stop\"", "\"type\":\"stopped\""));

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().at("/error/field").asText()).isEqualTo("[4].type");
            assertThat(worker.api().get("/api/stats").json().path("prompts").asInt())
                    .isZero();
        }
    }

    @Test
    @DisplayName("F2: what belongs to an excluded project is answered as such and kept nowhere")
    void excludedProjects() throws Exception {
        try (WorkerProcess worker = WorkerProcess.launch(dir, Map.of("CAIRN_PROJECT_EXCLUDE", "secret-*"), List.of())) {
            String body = List.of(
                            event("s-1", 1, "\"type\":\"prompt\",\"text\":\"hush\"")
                                    .replace("\"project\":\"kestrel\"", "\"project\":\"secret-plan\""),
                            event("s-1", 2, "\"type\":\"prompt\",\"text\":\"hush too\"")
                                    .replace("\"project\":\"kestrel\"", "\"cwd\":\"/srv/secret-lab/src\""),
                            event("s-2", 3, "\"type\":\"prompt\",\"text\":\"aloud\""))
                    .toString();

            JsonNode answer = worker.api().post(PATH, body).json();

            assertThat(answer.path("results").toString()).isEqualTo("[\"excluded\",\"excluded\",\"stored\"]");
            JsonNode prompts =
                    worker.api().get("/api/prompts?platform=aider").json().path("items");
            assertThat(prompts).hasSize(1);
            assertThat(prompts.at("/0/text").asText()).isEqualTo("aloud");
        }
    }
}
