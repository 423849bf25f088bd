package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.fake.Dialect;
import dev.cairn.fake.FakeModelServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recorded session, observed by rules and by each provider behind HTTP: whoever observes, what is stored has one shape. */
class ObserverProvidersIT {
    private static RecordedShape.Shape rules;

    @TempDir
    Path dir;

    @BeforeAll
    static void byRules(@TempDir Path data) throws Exception {
        rules = RecordedShape.of(data, Map.of());
    }

    /** Everything that is stored, in a form that can be compared. */
    private Map<String, List<String>> observed(Dialect dialect) throws Exception {
        Path data = java.nio.file.Files.createDirectories(dir.resolve(dialect.provider()));
        try (FakeModelServer fake = FakeModelServer.start().observing();
                WorkerProcess worker = Observing.start(data, Observing.settings(fake, dialect))) {
            Api api = worker.api();
            RecordedShape.replay(api);
            assertThat(RecordedShape.shape(api)).as(dialect.provider()).isEqualTo(rules);
            RecordedShape.assertEachObservedOnce(api);
            assertSpent(api, fake.asked().size(), dialect);
            return RecordedShape.content(api);
        }
    }

    /** The fake says in each answer what it used; see {@code Dialect}. */
    private static void assertSpent(Api api, int calls, Dialect dialect) throws Exception {
        assertThat(calls).isPositive();
        JsonNode usage = api.get("/api/usage?by=provider,project").json();
        assertThat(usage.path("items")).hasSize(1);
        JsonNode item = usage.at("/items/0");
        assertThat(item.path("provider").asText()).isEqualTo(dialect.provider());
        assertThat(item.path("project").asText()).isEqualTo(Recording.CWD);
        assertThat(item.path("calls").asInt()).isEqualTo(calls);
        assertThat(item.path("inputTokens").asInt()).isEqualTo(calls * 70);
        assertThat(item.path("outputTokens").asInt()).isEqualTo(calls * 20);
        assertThat(item.path("cacheReadTokens").asInt()).isEqualTo(calls * 25);
        assertThat(usage.at("/total/tokens").asInt()).isEqualTo(calls * (dialect == Dialect.ANTHROPIC ? 120 : 115));
    }

    @Test
    @DisplayName(
            "observed by each model behind HTTP the recorded session is stored in the shape the rules give it, all the same")
    void theSameWhicheverModelIsAsked() throws Exception {
        Map<String, List<String>> anthropic = observed(Dialect.ANTHROPIC);
        assertThat(observed(Dialect.OPENAI)).isEqualTo(anthropic);
        assertThat(observed(Dialect.GEMINI)).isEqualTo(anthropic);
    }
}
