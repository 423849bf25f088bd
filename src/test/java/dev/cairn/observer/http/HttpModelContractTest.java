package dev.cairn.observer.http;

import static dev.cairn.observer.http.Questions.QUESTION;
import static dev.cairn.observer.http.Questions.answer;
import static dev.cairn.observer.http.Questions.await;
import static dev.cairn.observer.http.Questions.fault;
import static dev.cairn.observer.http.Questions.model;
import static dev.cairn.observer.http.Questions.open;
import static dev.cairn.observer.http.Questions.question;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.WireFormat;
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
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What all three providers do alike, over real HTTP. */
class HttpModelContractTest {
    private static final String TITLE = "{\"title\":\"größer ✓\"}";

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

    @ParameterizedTest
    @EnumSource
    void anAnswerComesWithItsEndItsModelAndWhatItUsed(Dialect dialect) throws IOException {
        server.says(asked -> TITLE);

        ModelAnswer answer = answer(model(vertx, server, dialect), QUESTION);

        assertThat(WireFormat.mapper().readTree(answer.text()))
                .isEqualTo(WireFormat.mapper().readTree(TITLE));
        assertThat(answer.end()).isEqualTo(End.COMPLETE);
        assertThat(answer.model()).isEqualTo("model-1");
        long written = dialect == Dialect.ANTHROPIC ? 5 : 0;
        assertThat(answer.usage()).isEqualTo(new ModelUsage(70, 20, 25, written, null));
    }

    @ParameterizedTest
    @EnumSource
    void aQuestionTellsInstructionsHistoryDocumentAndSchemaEachInItsPlace(Dialect dialect) throws IOException {
        answer(model(vertx, server, dialect), QUESTION);

        Asked asked = server.asked().get(0);
        assertThat(asked.dialect()).isEqualTo(dialect);
        assertThat(asked.instructions()).isEqualTo(QUESTION.instructions());
        assertThat(String.join("\n\n", asked.says())).isEqualTo(QUESTION.message());
        assertThat(asked.document()).isEqualTo(WireFormat.mapper().readTree(QUESTION.document()));
        assertThat(asked.schema()).isEqualTo(WireFormat.mapper().readTree(Questions.SCHEMA));
        assertThat(asked.model()).isEqualTo("model-1");
        assertThat(asked.body().toString()).contains(":900");
    }

    @ParameterizedTest
    @EnumSource
    void aKeyInTheEnvironmentOpensTheServiceAndTheSettingStandsAboveIt(Dialect dialect) {
        String variable = dialect.name() + "_API_KEY";
        JsonObject settings = dialect.settings(server.url(dialect), FakeModelServer.KEY, "model-1");
        JsonObject without = settings.copy();
        without.getJsonObject(dialect.provider()).remove("apiKey");

        answer(open(vertx, dialect, without, Map.of(variable, FakeModelServer.KEY)), QUESTION);
        answer(open(vertx, dialect, settings, Map.of(variable, "another")), QUESTION);

        assertThat(server.asked()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatIsNotKnownIsAFaultThatNamesTheSettingAndNotTheKey(Dialect dialect) {
        String wrong = "wrong-key-987654";
        Model model = open(vertx, dialect, dialect.settings(server.url(dialect), wrong, "m"), Map.of());

        ModelException fault = fault(model, QUESTION);

        assertThat(fault.fault()).isEqualTo(Fault.AUTH);
        assertThat(fault)
                .hasMessageContaining("observer." + dialect.provider() + ".apiKey")
                .hasMessageContaining("answered 401")
                .hasMessageNotContaining(wrong);
    }

    @ParameterizedTest
    @EnumSource
    void noMessageRepeatsTheKeyThatAServerRepeats(Dialect dialect) {
        server.answers(asked -> Answer.error(
                asked, 400, "invalid_request_error", "x".repeat(290) + " " + asked.key() + " and\u0007\n more"));

        ModelException fault = fault(model(vertx, server, dialect), QUESTION);

        assertThat(fault.fault()).isEqualTo(Fault.REJECTED);
        assertThat(fault).hasMessageContaining("(key)").hasMessageNotContaining(FakeModelServer.KEY.substring(0, 8));
        assertThat(fault.getMessage()).doesNotContainPattern("\\p{Cntrl}").hasSizeLessThan(500);
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatNoHeaderTakesIsTheSetupsFault(Dialect dialect) {
        Model model = open(vertx, dialect, dialect.settings(server.url(dialect), "two words\r\nx: y", "m"), Map.of());

        ModelException fault = fault(model, QUESTION);

        assertThat(fault.fault()).isEqualTo(Fault.SETUP);
        assertThat(fault).hasMessageNotContaining("two words");
        assertThat(server.connections()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aZippedAnswerIsRead(Dialect dialect) {
        server.answers(asked -> {
            assertThat(asked.headers().get("accept-encoding")).contains("gzip");
            return Answer.says(asked, TITLE).zipped();
        });

        assertThat(answer(model(vertx, server, dialect), QUESTION).text()).contains("größer ✓");
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerOfFiveMegabytesIsRefusedAndItsConnectionDropped(Dialect dialect) {
        Model model = model(vertx, server, dialect);
        server.says(asked -> "{\"title\":\"" + "a".repeat(5 * 1024 * 1024) + "\"}");

        ModelException fault = fault(model, QUESTION);

        assertThat(fault.fault()).isEqualTo(Fault.PROTOCOL);
        assertThat(fault).hasMessageContaining("2097152 bytes");
        awaitDropped(model);
    }

    @ParameterizedTest
    @EnumSource
    void aSmallAnswerThatUnzipsToFiveMegabytesIsRefusedToo(Dialect dialect) {
        Model model = model(vertx, server, dialect);
        server.answers(asked -> Answer.says(asked, "{\"title\":\"" + "a".repeat(5 * 1024 * 1024) + "\"}")
                .zipped());

        assertThat(fault(model, QUESTION).fault()).isEqualTo(Fault.PROTOCOL);
        awaitDropped(model);
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerOfOneMegabyteIsTaken(Dialect dialect) {
        String title = "a".repeat(1024 * 1024);
        server.says(asked -> "{\"title\":\"" + title + "\"}");

        assertThat(answer(model(vertx, server, dialect), QUESTION).text()).contains(title);
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatSaysNothingIsGivenUpInTime(Dialect dialect) {
        Model model = model(vertx, server, dialect);
        server.answers(asked -> Answer.says(asked, TITLE).heldUntil(new CompletableFuture<>()));
        long start = System.nanoTime();

        ModelException fault = fault(model, question(300));

        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(290L, 5_000L);
        assertThat(fault.fault()).isEqualTo(Fault.TRANSPORT);
        assertThat(fault).hasMessageContaining("300 ms").hasMessageContaining("observer.timeoutMs");
        awaitDropped(model);
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatDripsIsGivenUpInTimeAsWell(Dialect dialect) {
        Model model = model(vertx, server, dialect);
        server.answers(asked -> Answer.says(asked, TITLE).trickling(100));

        ModelException fault = fault(model, question(500));

        assertThat(fault.fault()).isEqualTo(Fault.TRANSPORT);
        awaitDropped(model);
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatBreaksOffIsAFaultOfTheWay(Dialect dialect) {
        List<Answer> broken = List.of(
                Answer.nothing(),
                Answer.json(200, "{\"id\":\"1\"}").droppedAfter(0),
                Answer.json(200, "{\"id\":\"1\"}").droppedAfter(4),
                Answer.json(200, "{}").declaring(500).droppedAfter(2));
        Model model = model(vertx, server, dialect);
        for (Answer answer : broken) {
            server.answers(asked -> answer);

            ModelException fault = fault(model, QUESTION);

            assertThat(fault.fault()).isEqualTo(Fault.TRANSPORT);
            assertThat(fault).hasMessageContaining("broke off").hasMessageContaining(server.url(dialect));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoAnswerIsAFaultOfTheProtocol(Dialect dialect) {
        Model model = model(vertx, server, dialect);
        for (String body :
                List.of("", "[]", "null", "{}", "\"text\"", "{\"a\":", "<html>Sign in</html>", "\u0000\u0001")) {
            server.answers(asked -> Answer.json(200, body));

            ModelException fault = fault(model, QUESTION);

            assertThat(fault.fault()).as(body).isEqualTo(Fault.PROTOCOL);
            assertThat(fault).hasMessageContaining("observer." + dialect.provider() + ".url");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerLongerThanItSaysIsCutAndNotBelieved(Dialect dialect) {
        Model model = model(vertx, server, dialect);
        server.answers(asked -> Answer.says(asked, TITLE).declaring(20));

        assertThat(fault(model, QUESTION).fault()).isEqualTo(Fault.PROTOCOL);

        // The connection with the surplus is no answer's to the next question: at worst it breaks off under it.
        server.says(asked -> TITLE);
        waitUntil(() -> {
            try {
                return answer(model, QUESTION).text().contains("größer ✓");
            } catch (ModelException e) {
                assertThat(e.fault()).isEqualTo(Fault.TRANSPORT);
                return false;
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void redirectsAreNotFollowed(Dialect dialect) {
        server.answers(
                asked -> Answer.json(307, "").with("Location", "http://127.0.0.1:" + server.port() + "/elsewhere"));

        ModelException fault = fault(model(vertx, server, dialect), QUESTION);

        assertThat(fault.fault()).isEqualTo(Fault.SETUP);
        assertThat(fault).hasMessageContaining("redirect");
        assertThat(server.asked()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatDoesNotRunIsNamedWithTheRemedy(Dialect dialect) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Model model = open(vertx, dialect, dialect.settings("http://127.0.0.1:" + port, "some-key", "m"), Map.of());

        ModelException fault = fault(model, QUESTION);

        assertThat(fault.fault()).isEqualTo(Fault.TRANSPORT);
        assertThat(fault)
                .hasMessageContaining("http://127.0.0.1:" + port)
                .hasMessageContaining("is the server running?")
                .hasMessageNotContaining("some-key");
    }

    @ParameterizedTest
    @EnumSource
    void aHostThatIsNotKnownIsAFaultOfTheWay(Dialect dialect) {
        Model model = open(vertx, dialect, dialect.settings("https://nowhere.invalid", "some-key", "m"), Map.of());

        ModelException fault = fault(model, QUESTION);

        assertThat(fault.fault()).isEqualTo(Fault.TRANSPORT);
        assertThat(fault).hasMessageContaining("not known").hasMessageContaining("nowhere.invalid");
    }

    @ParameterizedTest
    @EnumSource
    void aServerWithoutEncryptionAskedForItIsAFaultOfTheWay(Dialect dialect) {
        String url = server.url(dialect).replace("http:", "https:");
        Model model = open(vertx, dialect, dialect.settings(url, "some-key", "m"), Map.of());

        ModelException fault = fault(model, QUESTION);

        assertThat(fault.fault()).isEqualTo(Fault.TRANSPORT);
        assertThat(fault).hasMessageContaining("encrypted");
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsWhatIsUnderWay(Dialect dialect) throws InterruptedException {
        CountDownLatch arrived = new CountDownLatch(1);
        server.answers(asked -> {
            arrived.countDown();
            return Answer.says(asked, TITLE).heldUntil(new CompletableFuture<>());
        });
        Model model = model(vertx, server, dialect);
        Future<ModelAnswer> answer = model.ask(QUESTION);
        assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

        await(model.close());

        assertThat(answer.isComplete()).isTrue();
        assertThat(((ModelException) answer.cause()).fault()).isEqualTo(Fault.TRANSPORT);
        awaitDropped(model);
        assertThat(fault(model, QUESTION).fault()).isEqualTo(Fault.TRANSPORT);
    }

    @ParameterizedTest
    @EnumSource
    void questionsOneAfterAnotherShareAConnectionAlsoThoseOfAnotherModel(Dialect dialect) {
        Model first = model(vertx, server, dialect);
        Model second = model(vertx, server, dialect);

        for (int i = 0; i < 3; i++) {
            answer(first, QUESTION);
            answer(second, QUESTION);
        }
        await(first.close());
        answer(second, QUESTION);

        assertThat(server.asked()).hasSize(7);
        // A connection is given back just after its answer, so that the next question may come too early for it.
        assertThat(server.connections()).isLessThanOrEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void fourQuestionsAreUnderWayAtOnceAndTheirConnectionsAreUsedAgain(Dialect dialect) {
        CyclicBarrier all = new CyclicBarrier(4);
        server.answers(asked -> {
            try {
                all.await(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return Answer.says(asked, TITLE);
        });
        List<Model> models =
                Stream.generate(() -> model(vertx, server, dialect)).limit(4).toList();

        for (int round = 0; round < 3; round++) {
            List<Future<ModelAnswer>> answers =
                    models.stream().map(model -> model.ask(QUESTION)).toList();
            answers.forEach(Questions::await);
        }

        assertThat(server.asked()).hasSize(12);
        assertThat(server.connections()).isBetween(4, 8);
    }

    @ParameterizedTest
    @EnumSource
    void theSameQuestionIsTheSameBytes(Dialect dialect) {
        Model model = model(vertx, server, dialect);

        IntStream.range(0, 2).forEach(i -> answer(model, QUESTION));

        assertThat(server.asked().get(0).body().toString())
                .isEqualTo(server.asked().get(1).body().toString());
    }

    /** A client that nobody holds is closed by the collector, with its connections: that is not what is to be shown. */
    private void awaitDropped(Model model) {
        try {
            waitUntil(() -> server.open() == 0);
        } finally {
            Reference.reachabilityFence(model);
        }
    }

    private static void waitUntil(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
