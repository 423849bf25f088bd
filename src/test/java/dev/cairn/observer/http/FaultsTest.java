package dev.cairn.observer.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.fake.Answer;
import dev.cairn.fake.Dialect;
import dev.cairn.fake.FakeModelServer;
import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.Model;
import dev.cairn.observer.spi.ModelException;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of faults, row by row, by answers in the forms that servers send. */
@DisplayName("D2: every refusal has one meaning")
class FaultsTest {
    private static final Path ANSWERS = Path.of("src/test/resources/model-answers");

    /** When the recorded answers came. */
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** A recorded answer with what it means. */
    record Recorded(Dialect dialect, String name, JsonNode file) {
        String body() {
            return file.has("text")
                    ? file.path("text").asText()
                    : file.path("body").toString();
        }

        Answer answer() {
            Answer answer = Answer.of(file.path("status").asInt(), "", body());
            for (Map.Entry<String, JsonNode> header : file.path("headers").properties()) {
                String name = header.getKey().equals("content-type") ? "Content-Type" : header.getKey();
                answer = answer.with(name, header.getValue().asText());
            }
            return answer;
        }

        Refusal refusal() {
            MultiMap headers = MultiMap.caseInsensitiveMultiMap();
            file.path("headers")
                    .properties()
                    .forEach(one -> headers.add(one.getKey(), one.getValue().asText()));
            Reply reply = new Reply(file.path("status").asInt(), headers, Buffer.buffer(body()));
            JsonNode choice = reply.json().at("/choices/0");
            return choice.has("error") ? Refusal.of(reply, choice) : Refusal.of(reply);
        }

        @Override
        public String toString() {
            return dialect.provider() + "/" + name;
        }
    }

    static List<Recorded> recorded() throws IOException {
        try (Stream<Path> files = Files.walk(ANSWERS)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(FaultsTest::read)
                    .toList();
        }
    }

    private static Recorded read(Path file) {
        try {
            return new Recorded(
                    Dialect.valueOf(file.getParent().getFileName().toString().toUpperCase(java.util.Locale.ROOT)),
                    file.getFileName().toString().replace(".json", ""),
                    WireFormat.mapper().readTree(Files.readString(file, UTF_8)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void theFirstRowThatFitsSaysWhatItMeans(Recorded recorded) {
        Refusal refusal = recorded.refusal();
        String provider = recorded.dialect().provider();

        Faults.Row row = Faults.of(provider, refusal);

        assertThat(row.name()).isEqualTo(recorded.file().path("row").asText());
        assertThat(row.fault())
                .isEqualTo(Fault.valueOf(recorded.file().path("fault").asText()));
        JsonNode retryAfter = recorded.file().path("retryAfterMs");
        Service service = new Service(
                "the service",
                "observer." + provider,
                "VARIABLE",
                Endpoint.of("observer." + provider + ".url", "https://models.example/v1"),
                "0123456789");
        ModelException fault = Faults.of(service, refusal, NOW);
        assertThat(fault.retryAfterMs()).isEqualTo(retryAfter.isMissingNode() ? null : retryAfter.asLong());
        assertThat(fault).hasMessageStartingWith("the service at https://models.example/v1 answered ");
        assertThat(fault.getMessage()).doesNotContainPattern("\\{(key|url|model|variable)}|<");
    }

    @Test
    void everyRowHasARecordedAnswer() throws IOException {
        Set<String> met = recorded().stream()
                .map(one -> one.file().path("row").asText())
                .collect(Collectors.toCollection(HashSet::new));

        assertThat(Faults.TABLE).extracting(Faults.Row::name).doesNotHaveDuplicates();
        assertThat(met)
                .containsExactlyInAnyOrderElementsOf(
                        Faults.TABLE.stream().map(Faults.Row::name).toList());
    }

    @ParameterizedTest
    @EnumSource
    void overHttpARecordedAnswerMeansTheSame(Dialect dialect) throws IOException {
        Vertx vertx = Vertx.vertx();
        try (FakeModelServer server = FakeModelServer.start()) {
            JsonObject settings = dialect.settings(server.url(dialect), FakeModelServer.KEY, "model-1");
            Model model = Questions.open(vertx, dialect, settings, Map.of());
            for (Recorded recorded : recorded()) {
                if (recorded.dialect() == dialect) {
                    server.answers(asked -> recorded.answer());

                    ModelException fault = Questions.fault(model, Questions.QUESTION);

                    assertThat(fault.fault())
                            .as(recorded.toString())
                            .isEqualTo(
                                    Fault.valueOf(recorded.file().path("fault").asText()));
                }
            }
        } finally {
            Questions.await(vertx.close());
        }
    }
}
