package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memories carried from one worker to another over HTTP. */
class CarryIT {
    @TempDir
    Path dir;

    private static Api.Answer take(WorkerProcess worker, String lines, boolean dryRun) throws Exception {
        return worker.api()
                .send(HttpRequest.newBuilder(URI.create(worker.url() + "/api/import?dryRun=" + dryRun))
                        .header("Content-Type", "application/x-ndjson")
                        .POST(HttpRequest.BodyPublishers.ofString(lines)));
    }

    private static void fill(Api api) throws Exception {
        for (String name : Recording.ORDER) {
            assertThat(api.post("/hooks", Recording.body(name)).status()).isEqualTo(200);
        }
        StringBuilder memories = new StringBuilder();
        for (int i = 0; i < 1_500; i++) {
            memories.append(i % 500 == 0 ? "[" : ",")
                    .append("{\"text\":\"memory ")
                    .append(i)
                    .append(" ünïcode\",\"title\":\"title ")
                    .append(i)
                    .append("\",\"project\":\"kestrel\",\"createdAt\":")
                    .append(1_700_000_000_000L + i)
                    .append('}');
            if (i % 500 == 499) {
                assertThat(api.post("/api/memories", memories.append(']').toString())
                                .status())
                        .isEqualTo(201);
                memories.setLength(0);
            }
        }
        api.awaitJson(
                "/api/stats",
                stats -> stats.at("/queue/pending").asInt() == 0
                        && stats.at("/queue/claimed").asInt() == 0
                        && stats.path("summaries").asInt() >= 2);
    }

    @Test
    void whatOneWorkerExportsAnotherTakesInAndExportsTheSame() throws Exception {
        Path there = Files.createDirectory(dir.resolve("there"));
        Path here = Files.createDirectory(dir.resolve("here"));
        try (WorkerProcess from = WorkerProcess.start(there);
                WorkerProcess to = WorkerProcess.start(here)) {
            fill(from.api());
            Api.Answer export = from.api().get("/api/export");
            assertThat(export.status()).isEqualTo(200);
            assertThat(export.contentType()).isEqualTo("application/x-ndjson");

            Api.Answer trial = take(to, export.body(), true);
            assertThat(trial.status()).as(trial.body()).isEqualTo(200);
            assertThat(to.api().get("/api/stats").json().path("observations").asInt())
                    .isZero();
            JsonNode taken = take(to, export.body(), false).json();
            assertThat(taken.path("observations").asInt()).isGreaterThan(1_500);
            assertThat(taken.path("sessions").asInt()).isEqualTo(1);
            assertThat(taken.path("lines").asLong())
                    .isEqualTo(export.body().lines().count());
            assertThat(trial.json().path("observations")).isEqualTo(taken.path("observations"));

            assertThat(to.api().get("/api/export").body()).isEqualTo(export.body());
            JsonNode again = take(to, export.body(), false).json();
            assertThat(again.path("observations").asInt()).isZero();
            assertThat(again.path("present").asInt()).isPositive();
            assertThat(to.api().get("/api/export").body()).isEqualTo(export.body());

            String document = to.api().get("/api/export?format=markdown").body();
            assertThat(document).startsWith("# Memories\n").contains("## kestrel", "title 1499", "### 2023-11-14");

            String broken = export.body().replaceFirst("\n$", "\n{\"record\":\"observation\"}\n");
            Api.Answer refused = take(to, broken, false);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.json().at("/error/message").asText())
                    .startsWith("line " + (export.body().lines().count() + 1) + ":")
                    .contains("lines before were taken in");
        }
    }
}
