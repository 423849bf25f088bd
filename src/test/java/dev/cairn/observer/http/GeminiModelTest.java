package dev.cairn.observer.http;

import static dev.cairn.observer.http.Questions.QUESTION;
import static dev.cairn.observer.http.Questions.answer;
import static dev.cairn.observer.http.Questions.await;
import static dev.cairn.observer.http.Questions.fault;
import static dev.cairn.observer.http.Questions.model;
import static dev.cairn.observer.http.Questions.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.config.ConfigException;
import dev.cairn.fake.Answer;
import dev.cairn.fake.Asked;
import dev.cairn.fake.Dialect;
import dev.cairn.fake.FakeModelServer;
import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.Model;
import dev.cairn.observer.spi.ModelAnswer;
import dev.cairn.observer.spi.ModelAnswer.End;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiModelTest {
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

    private static Answer refused(Asked asked, String message) {
        return Answer.error(asked, 400, "INVALID_ARGUMENT", message);
    }

    private static JsonNode generation(Asked asked) {
        return asked.body().path("generationConfig");
    }

    @Test
    void theAnswerIsHeldToTheSchemaAndNothingIsThought() {
        answer(model(vertx, server, Dialect.GEMINI), QUESTION);

        Asked asked = server.asked().get(0);
        assertThat(asked.path()).isEqualTo("/v1beta/models/model-1:generateContent");
        assertThat(generation(asked).toString())
                .isEqualTo("{\"maxOutputTokens\":900,\"responseMimeType\":\"application/json\",\"responseJsonSchema\":"
                        + Questions.SCHEMA + ",\"thinkingConfig\":{\"thinkingBudget\":0}}");
    }

    @Test
    void aModelThatMustThinkIsLetAndThatIsRemembered() {
        server.answers(asked -> generation(asked).has("thinkingConfig")
                ? refused(
                        asked,
                        generation(asked).toString().contains("Level")
                                ? "Thinking level is not supported for this model."
                                : "Budget 0 is invalid. This model only works in thinking mode.")
                : Answer.says(asked, "{}"));
        Model model = model(vertx, server, Dialect.GEMINI);

        answer(model, QUESTION);
        answer(model, QUESTION);

        assertThat(server.asked()).hasSize(4);
        assertThat(generation(server.asked().get(1))
                        .at("/thinkingConfig/thinkingLevel")
                        .asText())
                .isEqualTo("low");
        assertThat(generation(server.asked().get(3)).has("responseJsonSchema")).isTrue();
    }

    @Test
    void aModelThatKnowsNoSchemasAndNoInstructionsApartIsToldAllInWords() {
        server.answers(asked -> {
            JsonNode generation = generation(asked);
            if (asked.body().has("systemInstruction")) {
                return refused(asked, "Developer instruction is not enabled for models/gemma");
            }
            if (generation.has("responseJsonSchema")) {
                return refused(asked, "Invalid JSON payload received. Unknown name \"responseJsonSchema\"");
            }
            if (generation.has("responseMimeType")) {
                return refused(asked, "JSON mode is not enabled for models/gemma");
            }
            return generation.has("thinkingConfig")
                    ? refused(asked, "Thinking is not supported for this model")
                    : Answer.says(asked, "{}");
        });
        Model model = model(vertx, server, Dialect.GEMINI);

        assertThat(answer(model, QUESTION).text()).isEqualTo("{}");
        int first = server.asked().size();
        answer(model, QUESTION);

        assertThat(server.asked()).hasSize(first + 1);
        Asked last = server.asked().get(first);
        assertThat(last.says()).hasSize(3);
        assertThat(last.says().get(0)).startsWith(QUESTION.instructions()).endsWith(Questions.SCHEMA);
        assertThat(last.says().get(2)).isEqualTo(QUESTION.document());
    }

    @Test
    void whenEverythingIsRefusedItEnds() {
        server.answers(asked -> refused(asked, "thinking, systemInstruction, responseMimeType: none of it"));

        assertThat(fault(model(vertx, server, Dialect.GEMINI), QUESTION).fault())
                .isEqualTo(Fault.REJECTED);

        assertThat(server.asked()).hasSize(6);
    }

    @ParameterizedTest
    @CsvSource({
        "STOP, COMPLETE",
        "MAX_TOKENS, CUT",
        "SAFETY, REFUSED",
        "RECITATION, REFUSED",
        "PROHIBITED_CONTENT, REFUSED",
        "BLOCKLIST, REFUSED",
        "SPII, REFUSED",
        "SOMETHING_NEW, COMPLETE"
    })
    void itSaysWhyItEnded(String reason, End end) {
        server.answers(
                asked -> Answer.json(200, asked.dialect().answer(asked, "{}").replace("STOP", reason)));

        assertThat(answer(model(vertx, server, Dialect.GEMINI), QUESTION).end()).isEqualTo(end);
    }

    @Test
    void aQuestionThatIsBlockedIsRefusedAndWhatItUsedCounts() {
        server.answers(asked -> Answer.json(
                200,
                "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{\"promptTokenCount\":40},"
                        + "\"modelVersion\":\"model-1-002\"}"));

        ModelAnswer answer = answer(model(vertx, server, Dialect.GEMINI), QUESTION);

        assertThat(answer.end()).isEqualTo(End.REFUSED);
        assertThat(answer.text()).isEmpty();
        assertThat(answer.usage().input()).isEqualTo(40);
        assertThat(answer.model()).isEqualTo("model-1-002");
    }

    @Test
    void thoughtsAreNoPartOfTheAnswer() {
        server.answers(asked -> Answer.json(
                200,
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"let me see\",\"thought\":true},{\"text\":\"{\"},"
                        + "{\"text\":\"}\"}]},\"finishReason\":\"STOP\"}]}"));

        assertThat(answer(model(vertx, server, Dialect.GEMINI), QUESTION).text())
                .isEqualTo("{}");
    }

    @Test
    void aNameMayBeGivenAsTheApiListsIt() {
        Model model = open(
                vertx,
                Dialect.GEMINI,
                Dialect.GEMINI.settings(server.url(Dialect.GEMINI), FakeModelServer.KEY, "models/model-2"),
                Map.of());

        answer(model, QUESTION);

        assertThat(server.asked().get(0).model()).isEqualTo("model-2");
        assertThat(model.model()).isEqualTo("model-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/../b", "a:b", "a b", "a?key=x", "größer"})
    void aNameThatWouldBeAnotherPathIsRefused(String name) {
        assertThatThrownBy(() -> open(
                        vertx,
                        Dialect.GEMINI,
                        Dialect.GEMINI.settings(server.url(Dialect.GEMINI), FakeModelServer.KEY, name),
                        Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("observer.gemini.model");
    }
}
