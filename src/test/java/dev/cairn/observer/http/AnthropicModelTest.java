package dev.cairn.observer.http;

import static dev.cairn.observer.http.Questions.QUESTION;
import static dev.cairn.observer.http.Questions.answer;
import static dev.cairn.observer.http.Questions.await;
import static dev.cairn.observer.http.Questions.fault;
import static dev.cairn.observer.http.Questions.model;
import static dev.cairn.observer.http.Questions.open;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.fake.Answer;
import dev.cairn.fake.Dialect;
import dev.cairn.fake.FakeModelServer;
import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.ModelAnswer;
import dev.cairn.observer.spi.ModelAnswer.End;
import dev.cairn.observer.spi.ModelException;
import dev.cairn.observer.spi.ModelRequest;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicModelTest {
    private Vertx vertx;
    private FakeModelServer server;

    @BeforeEach
    void start() throws IOException {
        vertx = Vertx.vertx();
        server = FakeModelServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        await(vertx.close());
    }

    @Test
    void theAnswerIsAForcedCallOfAToolWithTheSchemaAndWhatIsAlwaysTheSameIsMarkedForTheCache() {
        answer(model(vertx, server, Dialect.ANTHROPIC), QUESTION);

        JsonNode body = server.asked().get(0).body();
        assertThat(body.at("/tools/0/input_schema").toString()).isEqualTo(Questions.SCHEMA);
        assertThat(body.at("/tool_choice/type").asText()).isEqualTo("tool");
        assertThat(body.at("/tool_choice/name")).isEqualTo(body.at("/tools/0/name"));
        assertThat(body.at("/system/0/cache_control/type").asText()).isEqualTo("ephemeral");
        assertThat(body.findValues("cache_control")).hasSize(1);
        assertThat(body.path("max_tokens").asInt()).isEqualTo(900);
        assertThat(server.asked().get(0).headers()).containsEntry("anthropic-version", "2023-06-01");
    }

    @Test
    void withoutHistoryThereIsOneText() {
        answer(
                model(vertx, server, Dialect.ANTHROPIC),
                new ModelRequest("s", "Do.", "", "{\"a\":1}", Questions.SCHEMA, 10, 5_000));

        assertThat(server.asked().get(0).says()).isEqualTo(List.of("{\"a\":1}"));
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn, COMPLETE",
        "tool_use, COMPLETE",
        "stop_sequence, COMPLETE",
        "max_tokens, CUT",
        "model_context_window_exceeded, CUT",
        "refusal, REFUSED",
        "something_new, COMPLETE"
    })
    void itSaysWhyItEnded(String reason, End end) {
        server.answers(asked -> Answer.json(
                200,
                asked.dialect()
                        .answer(asked, "{\"title\":\"t\"}")
                        .replace("\"tool_use\",\n", "\"" + reason + "\",\n")));

        ModelAnswer answer = answer(model(vertx, server, Dialect.ANTHROPIC), QUESTION);

        assertThat(answer.end()).isEqualTo(end);
        assertThat(answer.text()).isEqualTo("{\"title\":\"t\"}");
    }

    @Test
    void wordsAreTakenWhereNoToolWasCalled() {
        server.answers(asked -> Answer.json(
                200,
                "{\"type\":\"message\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\"},"
                        + "{\"type\":\"text\",\"text\":\"I cannot \"},{\"type\":\"text\",\"text\":\"do that.\"}],"
                        + "\"stop_reason\":\"refusal\"}"));

        ModelAnswer answer = answer(model(vertx, server, Dialect.ANTHROPIC), QUESTION);

        assertThat(answer.text()).isEqualTo("I cannot do that.");
        assertThat(answer.end()).isEqualTo(End.REFUSED);
        assertThat(answer.model()).isEqualTo("model-1");
        assertThat(answer.usage().total()).isZero();
    }

    @Test
    void withoutAKeyEveryQuestionNamesTheRemedyAndNothingIsSent() {
        JsonObject settings = new JsonObject()
                .put("provider", "anthropic")
                .put("anthropic", new JsonObject().put("url", server.url(Dialect.ANTHROPIC)));

        ModelException fault = fault(open(vertx, Dialect.ANTHROPIC, settings, Map.of()), QUESTION);

        assertThat(fault.fault()).isEqualTo(Fault.SETUP);
        assertThat(fault)
                .hasMessage("Anthropic needs a key; set observer.anthropic.apiKey, or ANTHROPIC_API_KEY in the worker's"
                        + " environment");
        assertThat(server.connections()).isZero();
    }
}
