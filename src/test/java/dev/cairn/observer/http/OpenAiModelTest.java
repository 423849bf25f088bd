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
import dev.cairn.observer.spi.ModelException;
import dev.cairn.observer.spi.ModelUsage;
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
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiModelTest {
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

    private static String form(Asked asked) {
        return asked.body().at("/response_format/type").asText("none");
    }

    private List<String> forms() {
        return server.asked().stream().map(OpenAiModelTest::form).toList();
    }

    private Model asking(String output) {
        JsonObject settings = Dialect.OPENAI.settings(server.url(Dialect.OPENAI), FakeModelServer.KEY, "m");
        settings.getJsonObject("openai").put("output", output);
        return open(vertx, Dialect.OPENAI, settings, Map.of());
    }

    @Test
    void theAnswerIsHeldToTheSchema() {
        answer(asking("auto"), QUESTION);

        JsonNode format = server.asked().get(0).body().path("response_format");
        assertThat(format.path("type").asText()).isEqualTo("json_schema");
        assertThat(format.at("/json_schema/strict").asBoolean()).isTrue();
        assertThat(format.at("/json_schema/name").asText()).isNotEmpty();
        assertThat(server.asked().get(0).body().has("temperature")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {'error':{'message':'This response_format type is unavailable now','type':'invalid_request_error'}}",
                "400 | {'error':'response_format.type must be text or json_object'}",
                "422 | Failed to deserialize: response_format: unknown variant json_schema",
                "500 | {'error':{'code':500,'message':'failed to parse grammar'}}",
                "501 | {'error':{'message':'structured output is not supported'}}",
                "404 | {'error':{'message':'No endpoints found that can handle the requested parameters.','code':404}}",
            })
    void aServerThatKnowsNoSchemasIsAskedForJsonInTheSameQuestionAndFromThenOn(int status, String body) {
        server.answers(asked -> form(asked).equals("json_schema")
                ? Answer.json(status, body.replace('\'', '"'))
                : Answer.says(asked, "{}"));
        Model model = asking("auto");

        answer(model, QUESTION);
        answer(model, QUESTION);

        assertThat(forms()).containsExactly("json_schema", "json_object", "json_object");
        Asked second = server.asked().get(1);
        assertThat(second.instructions())
                .startsWith(QUESTION.instructions())
                .contains("JSON")
                .endsWith(Questions.SCHEMA);
    }

    @Test
    void aServerThatKnowsNeitherIsToldInWords() {
        server.answers(asked -> form(asked).equals("none")
                ? Answer.says(asked, "Here: {}")
                : Answer.error(asked, 400, "invalid_request_error", "response_format is not supported"));
        Model model = asking("auto");

        assertThat(answer(model, QUESTION).text()).isEqualTo("Here: {}");
        answer(model, QUESTION);

        assertThat(forms()).containsExactly("json_schema", "json_object", "none", "none");
    }

    @Test
    void whenEvenWordsAreRefusedItEnds() {
        server.answers(asked -> Answer.error(asked, 400, "invalid_request_error", "response_format is not supported"));

        assertThat(fault(asking("auto"), QUESTION).fault()).isEqualTo(Fault.REJECTED);

        assertThat(forms()).containsExactly("json_schema", "json_object", "none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"schema", "json", "text"})
    void aFormThatIsSetIsNeverLessened(String output) {
        server.answers(asked -> Answer.error(asked, 400, "invalid_request_error", "response_format is not supported"));

        assertThat(fault(asking(output), QUESTION).fault()).isEqualTo(Fault.REJECTED);

        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void whatSaysNothingAboutTheFormIsNotAskedAgain() {
        server.answers(asked -> Answer.error(asked, 400, "invalid_request_error", "messages must alternate"));

        fault(asking("auto"), QUESTION);

        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void aModelThatKnowsOnlyTheNewNameOfTheLimitIsAskedByThat() {
        server.answers(asked -> asked.body().has("max_tokens")
                ? Answer.json(
                        400,
                        "{\"error\":{\"message\":\"Unsupported parameter: 'max_tokens'; use 'max_completion_tokens'\","
                                + "\"type\":\"invalid_request_error\",\"param\":\"max_tokens\",\"code\":\"unsupported_parameter\"}}")
                : Answer.says(asked, "{}"));
        Model model = asking("auto");

        answer(model, QUESTION);
        answer(model, QUESTION);

        assertThat(server.asked()).hasSize(3);
        assertThat(server.asked().get(2).body().path("max_completion_tokens").asInt())
                .isEqualTo(900);
        assertThat(forms()).containsOnly("json_schema");
    }

    @Test
    void aServerThatRefusesBothNamesIsAskedTwice() {
        server.answers(asked -> Answer.error(
                asked, 400, "invalid_request_error", "max_tokens and max_completion_tokens are too large"));

        assertThat(fault(asking("auto"), QUESTION).fault()).isEqualTo(Fault.REJECTED);

        assertThat(server.asked()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "stop, COMPLETE",
        "length, CUT",
        "content_filter, REFUSED",
        "tool_calls, COMPLETE",
    })
    void itSaysWhyItEnded(String reason, End end) {
        server.answers(asked ->
                Answer.json(200, asked.dialect().answer(asked, "{}").replace("\"stop\"", "\"" + reason + "\"")));

        assertThat(answer(model(vertx, server, Dialect.OPENAI), QUESTION).end()).isEqualTo(end);
    }

    @Test
    void aRefusalHasAFieldOfItsOwn() {
        server.answers(asked -> Answer.json(
                200, asked.dialect().answer(asked, "").replace("\"refusal\":null", "\"refusal\":\"I will not.\"")));

        ModelAnswer answer = answer(model(vertx, server, Dialect.OPENAI), QUESTION);

        assertThat(answer.end()).isEqualTo(End.REFUSED);
        assertThat(answer.text()).isEqualTo("I will not.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'prompt_tokens':100,'completion_tokens':7,'prompt_cache_hit_tokens':60,'prompt_cache_miss_tokens':40} | 40,7,60,0,",
                "{'prompt_tokens':100,'completion_tokens':7,'prompt_tokens_details':{'cached_tokens':60,'cache_write_tokens':30},"
                        + "'cost':0.00123456} | 10,7,60,30,1235",
                "{'prompt_tokens':5,'completion_tokens':7,'prompt_tokens_details':{'cached_tokens':60},'cost':null} | 0,7,60,0,",
                "{} | 0,0,0,0,",
                "{'prompt_tokens':-5,'completion_tokens':'many'} | 0,0,0,0,",
            })
    void whatWasUsedIsToldInTheSameWayByAllServers(String usage, String figures) {
        server.answers(asked -> Answer.json(
                200,
                asked.dialect()
                        .answer(asked, "{}")
                        .replaceFirst("(?s)\"usage\":.*", "\"usage\":" + usage.replace('\'', '"') + "}")));

        ModelUsage used = answer(model(vertx, server, Dialect.OPENAI), QUESTION).usage();

        assertThat(used.input() + "," + used.output() + "," + used.cacheRead() + "," + used.cacheWrite() + ","
                        + (used.costMicros() == null ? "" : used.costMicros()))
                .isEqualTo(figures);
    }

    @Test
    void anAnswerInPartsIsPutTogether() {
        server.answers(asked -> Answer.json(
                200,
                "{\"choices\":[{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"a\\\"\"},"
                        + "{\"type\":\"text\",\"text\":\":1}\"}]}}]}"));

        assertThat(answer(model(vertx, server, Dialect.OPENAI), QUESTION).text())
                .isEqualTo("{\"a\":1}");
    }

    @Test
    void aServerOnThisMachineNeedsNoKey() {
        server.keyless();
        JsonObject settings = Dialect.OPENAI.settings(server.url(Dialect.OPENAI), "unused", "m");
        settings.getJsonObject("openai").remove("apiKey");

        answer(open(vertx, Dialect.OPENAI, settings, Map.of()), QUESTION);

        assertThat(server.asked().get(0).headers()).doesNotContainKey("authorization");
    }

    @Test
    void anEncryptedServerElsewhereNeedsOne() {
        JsonObject settings = Dialect.OPENAI.settings("https://models.invalid/v1", "unused", "m");
        settings.getJsonObject("openai").remove("apiKey");

        ModelException fault = fault(open(vertx, Dialect.OPENAI, settings, Map.of()), QUESTION);

        assertThat(fault.fault()).isEqualTo(Fault.SETUP);
        assertThat(fault).hasMessageContaining("observer.openai.apiKey").hasMessageContaining("OPENAI_API_KEY");
    }

    @Test
    void withoutAModelNothingCanEverBeAsked() {
        JsonObject settings = new JsonObject().put("provider", "openai");

        assertThatThrownBy(() -> open(vertx, Dialect.OPENAI, settings, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("observer.openai.model");
    }
}
