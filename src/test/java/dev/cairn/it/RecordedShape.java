package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is stored of the recorded session, in forms that can be compared between observers. */
final class RecordedShape {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private RecordedShape() {}

    /**
     * What does not depend on who observes.
     *
     * @param toolUses the tool, how it is told from the others, the turn
     * @param turns the turns that are summed up, each as often as it is
     * @param requests what was asked in them
     * @param said what the agent said last in them
     * @param fields which fields the observations have and of which kind: the same for all
     */
    record Shape(
            List<String> toolUses, List<Integer> turns, List<String> requests, List<String> said, Set<String> fields) {}

    static Shape shape(Api api) throws Exception {
        List<String> toolUses = new ArrayList<>();
        for (JsonNode use : Observing.all(api, "/api/tool-uses")) {
            toolUses.add(use.path("toolName").asText() + " "
                    + use.path("toolUseId").asText() + " " + use.path("turn").asInt());
        }
        toolUses.sort(Comparator.naturalOrder());
        List<JsonNode> summaries = Observing.all(api, "/api/summaries");
        summaries.sort(Comparator.comparingInt(summary -> summary.path("turn").asInt()));
        Set<String> fields = new TreeSet<>();
        for (JsonNode observation : Observing.all(api, "/api/observations")) {
            observation
                    .fields()
                    .forEachRemaining(field ->
                            fields.add(field.getKey() + " " + field.getValue().getNodeType()));
        }
        return new Shape(
                toolUses,
                summaries.stream().map(summary -> summary.path("turn").asInt()).toList(),
                summaries.stream()
                        .map(summary -> summary.path("request").asText())
                        .toList(),
                summaries.stream()
                        .map(summary -> summary.path("notes").asText())
                        .toList(),
                fields);
    }

    /** The recorded session, observed by a worker with these settings. */
    static Shape of(Path data, Map<String, String> settings) throws Exception {
        try (WorkerProcess worker = Observing.start(data, settings)) {
            replay(worker.api());
            Shape shape = shape(worker.api());
            assertThat(shape.turns()).hasSize(3).doesNotHaveDuplicates();
            return shape;
        }
    }

    /** Everything that is stored, but for ids and times: the same whichever model says the same. */
    static Map<String, List<String>> content(Api api) throws Exception {
        Map<String, List<String>> content = new TreeMap<>();
        for (String what : List.of("observations", "summaries", "tool-uses", "prompts")) {
            List<String> rows = new ArrayList<>();
            for (JsonNode row : Observing.all(api, "/api/" + what)) {
                ObjectNode plain = ((ObjectNode) row.deepCopy());
                plain.remove(List.of("id", "createdAt", "promptId", "created_at", "created_at_epoch"));
                if (plain.has("observationId")) {
                    plain.put("observationId", !plain.path("observationId").isNull());
                }
                rows.add(plain.toString());
            }
            rows.sort(Comparator.naturalOrder());
            content.put(what, rows);
        }
        return content;
    }

    static void replay(Api api) throws Exception {
        for (String name : Recording.ORDER) {
            assertThat(api.post("/hooks", Recording.body(name)).status())
                    .as(name)
                    .isEqualTo(200);
        }
        JsonNode stats = Observing.drained(api, 3, DEADLINE);
        assertThat(stats.at("/queue/parked").asInt()).isZero();
        assertThat(stats.path("prompts").asInt()).isEqualTo(2);
        assertThat(stats.path("toolUses").asInt()).isEqualTo(5);
    }

    /** The observations of a model that observes each tool use alone. */
    static void assertEachObservedOnce(Api api) throws Exception {
        List<JsonNode> observations = Observing.all(api, "/api/observations");
        assertThat(observations).hasSize(5).allSatisfy(observation -> {
            for (String field : List.of("type", "title", "subtitle", "narrative")) {
                assertThat(observation.path(field).asText()).as(field).isNotBlank();
            }
            assertThat(observation.path("facts")).as("facts").isNotEmpty();
            assertThat(observation.path("concepts")).as("concepts").isNotEmpty();
            assertThat(observation.path("sessionId").asText()).isEqualTo(Recording.SESSION);
            assertThat(observation.path("times").asInt(1)).isEqualTo(1);
        });
        assertThat(observations.stream().map(each -> each.path("title").asText()))
                .doesNotHaveDuplicates()
                .anyMatch(title -> title.startsWith("Read of "))
                .anyMatch(title -> title.startsWith("Write of "))
                .anyMatch(title -> title.startsWith("Agent of "));
        assertThat(files(observations, "filesModified")).containsExactly("out.txt");
        assertThat(files(observations, "filesRead")).contains("README.md");
        assertThat(observations.stream().map(each -> each.path("commands").toString()))
                .anyMatch(commands -> commands.contains("exit code 3"));
        List<Long> by = new ArrayList<>();
        for (JsonNode use : Observing.all(api, "/api/tool-uses")) {
            by.add(use.path("observationId").asLong());
        }
        assertThat(by)
                .as("each tool use has its observation")
                .doesNotHaveDuplicates()
                .doesNotContain(0L);
    }

    private static Set<String> files(List<JsonNode> observations, String field) {
        Set<String> files = new TreeSet<>();
        observations.forEach(each -> each.path(field).forEach(file -> files.add(file.asText())));
        return files;
    }
}
