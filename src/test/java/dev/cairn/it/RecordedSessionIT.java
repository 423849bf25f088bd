package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on real input: what Claude Code posted in one session, in its order, to the real worker. */
class RecordedSessionIT {
    @TempDir
    Path dir;

    private static void replay(Api api) throws Exception {
        for (String name : Recording.ORDER) {
            Api.Answer answer = api.post("/hooks", Recording.body(name));
            assertThat(answer.status()).as(name).isEqualTo(200);
            assertThat(answer.contentType()).as(name).startsWith("application/json");
            assertThat(answer.json().isObject()).as(name).isTrue();
        }
    }

    private static JsonNode settled(Api api) throws Exception {
        return api.awaitJson(
                "/api/stats",
                stats -> stats.at("/queue/pending").asInt() == 0
                        && stats.at("/queue/claimed").asInt() == 0
                        && stats.path("summaries").asInt() >= 2);
    }

    @Test
    @DisplayName(
            "the recorded session yields its observations, summaries, context and hits; replayed, nothing doubles (D6)")
    void theRecordedSession() throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(dir)) {
            Api api = worker.api();
            replay(api);
            JsonNode stats = settled(api);
            assertThat(stats.path("sessions").asInt()).isEqualTo(1);
            assertThat(stats.path("prompts").asInt())
                    .as("the task notification is not the user's")
                    .isEqualTo(2);
            assertThat(stats.path("toolUses").asInt()).isEqualTo(5);
            assertThat(stats.path("observations").asInt()).isPositive();
            assertThat(stats.at("/queue/parked").asInt()).isZero();
            assertThat(stats.at("/events/PreToolUse").asInt()).isEqualTo(5);

            List<String> titles = new ArrayList<>();
            List<String> changed = new ArrayList<>();
            for (JsonNode observation :
                    api.get("/api/observations?limit=100").json().path("items")) {
                titles.add(observation.path("title").asText());
                observation.path("filesModified").forEach(file -> changed.add(file.asText()));
                assertThat(observation.path("project").asText()).isEqualTo(Recording.CWD);
            }
            assertThat(titles).anyMatch(title -> title.contains("out.txt"));
            assertThat(changed).contains("out.txt");

            JsonNode summaries = api.get("/api/summaries?limit=100").json().path("items");
            List<String> requests = new ArrayList<>();
            List<String> notes = new ArrayList<>();
            summaries.forEach(summary -> {
                requests.add(summary.path("request").asText());
                notes.add(summary.path("notes").asText());
            });
            assertThat(requests).contains("Do the thing", "/hello Bob");
            assertThat(notes).anyMatch(note -> note.contains("All done 6"));

            JsonNode hits = api.get("/api/search?query=out.txt&project=" + Api.encode(Recording.CWD))
                    .json();
            assertThat(hits.path("strategies").toString()).isEqualTo("[\"keyword\"]");
            assertThat(hits.path("hits")).isNotEmpty();
            assertThat(hits.at("/hits/0/snippet").asText()
                            + hits.at("/hits/0/title").asText())
                    .contains("out");

            String context = contextOfNextSession(api);
            assertThat(context).contains("Do the thing", "out.txt").hasSizeLessThanOrEqualTo(10_000);

            replay(api);
            JsonNode again = settled(api);
            assertThat(again.path("sessions").asInt())
                    .as("and the one that asked for context")
                    .isEqualTo(2);
            for (String figure : List.of("prompts", "toolUses", "observations", "summaries")) {
                assertThat(again.path(figure)).as(figure).isEqualTo(stats.path(figure));
            }
            assertThat(contextOfNextSession(api)).as("C6: to the byte").isEqualTo(context);
            write(api, context, hits);
        }
    }

    private static String contextOfNextSession(Api api) throws Exception {
        String start = Recording.body("command-SessionStart-startup").replace(Recording.SESSION, "another-session");
        JsonNode answer = api.post("/hooks/SessionStart", start).json();
        assertThat(answer.at("/hookSpecificOutput/hookEventName").asText()).isEqualTo("SessionStart");
        return answer.at("/hookSpecificOutput/additionalContext").asText();
    }

    /** For the documentation: what came of the session, as a person or a model gets it. */
    private static void write(Api api, String context, JsonNode hits) throws Exception {
        Path file = Path.of("target", "recorded-session.md");
        StringBuilder text = new StringBuilder("## Observations\n\n```json\n");
        for (JsonNode item : api.get("/api/observations?limit=100").json().path("items")) {
            text.append(item.toPrettyString()).append('\n');
        }
        text.append("```\n\n## Summaries\n\n```json\n");
        for (JsonNode item : api.get("/api/summaries?limit=100").json().path("items")) {
            text.append(item.toPrettyString()).append('\n');
        }
        text.append("```\n\n## Context\n\n```\n").append(context).append("\n```\n\n## Hits\n\n```\n");
        text.append(api.get("/api/search?query=out.txt&format=text").body()).append("\n```\n\n```json\n");
        text.append(hits.toPrettyString()).append("\n```\n");
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError("the documentation's sample could not be written", e);
        }
    }
}
