package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.fake.Dialect;
import dev.cairn.fake.FakeModelServer;
import dev.cairn.it.FakeMessagesApi.Said;
import dev.cairn.observer.ask.Answers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@link ObserverProvidersIT} shows of models behind HTTP, of the real Claude Code. */
@ExtendWith(OwnNetwork.class)
class ObserverProvidersClaudeIT {
    @TempDir
    Path dir;

    @BeforeAll
    static void installed() {
        ClaudeCode.require();
    }

    @Test
    @DisplayName(
            "observed by the real Claude Code the recorded session is stored as by rules and by a model behind HTTP")
    void theSameByClaudeCode() throws Exception {
        RecordedShape.Shape rules = RecordedShape.of(directory("rules"), Map.of());
        Map<String, List<String>> behindHttp;
        try (FakeModelServer fake = FakeModelServer.start().observing();
                WorkerProcess worker =
                        Observing.start(directory("http"), Observing.settings(fake, Dialect.ANTHROPIC))) {
            RecordedShape.replay(worker.api());
            behindHttp = RecordedShape.content(worker.api());
        }
        try (FakeMessagesApi model = new FakeMessagesApi()) {
            model.answerAsides(request -> Said.text(Answers.each(asked(request))));
            ClaudeCode claude = ClaudeCode.at(dir.resolve("home"), model);
            Map<String, String> settings = new TreeMap<>(claude.environment());
            settings.put("CAIRN_OBSERVER_PROVIDER", "claude");
            settings.put("CAIRN_OBSERVER_CLAUDE_COMMAND", ClaudeCode.program().toString());
            try (WorkerProcess worker = Observing.start(directory("claude"), settings)) {
                Api api = worker.api();
                RecordedShape.replay(api);
                assertThat(RecordedShape.shape(api)).isEqualTo(rules);
                RecordedShape.assertEachObservedOnce(api);
                assertThat(RecordedShape.content(api)).isEqualTo(behindHttp);
            }
        }
    }

    private Path directory(String name) throws Exception {
        return Files.createDirectories(dir.resolve(name));
    }

    /** What the user's side said last; the program adds messages of its own after it. */
    private static String asked(JsonNode request) {
        String asked = "";
        for (JsonNode message : request.path("messages")) {
            JsonNode content = message.path("content");
            if (message.path("role").asText().equals("user")) {
                asked = content.isTextual() ? content.asText() : String.join("\n\n", content.findValuesAsText("text"));
            }
        }
        return asked;
    }
}
