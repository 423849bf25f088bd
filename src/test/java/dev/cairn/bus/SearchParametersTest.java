package dev.cairn.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.model.CairnException;
import dev.cairn.model.Kind;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchParametersTest {
    @Test
    void readsEveryParameter() {
        SearchQuery query = SearchParameters.parse(Map.ofEntries(
                Map.entry("query", List.of("group commit")),
                Map.entry("kind", List.of("observations,Summary", "prompt")),
                Map.entry("type", List.of("Bugfix, decision", "bugfix")),
                Map.entry("concept", List.of("how-it-works")),
                Map.entry("file", List.of("src/Writer.java")),
                Map.entry("project", List.of("cairn")),
                Map.entry("platform", List.of("claude-code")),
                Map.entry("session", List.of("s-1")),
                Map.entry("from", List.of("2026-11-20")),
                Map.entry("to", List.of("2026-11-22")),
                Map.entry("limit", List.of("7")),
                Map.entry("offset", List.of("14")),
                Map.entry("order", List.of("Newest")),
                Map.entry("explain", List.of("true"))));

        assertThat(query)
                .isEqualTo(new SearchQuery(
                        "group commit",
                        List.of(Kind.OBSERVATION, Kind.SUMMARY, Kind.PROMPT),
                        List.of("bugfix", "decision"),
                        List.of("how-it-works"),
                        "src/Writer.java",
                        "cairn",
                        "claude-code",
                        "s-1",
                        Instant.parse("2026-11-20T00:00:00Z").toEpochMilli(),
                        Instant.parse("2026-11-22T23:59:59.999Z").toEpochMilli(),
                        7,
                        14,
                        SearchOrder.NEWEST,
                        true));
    }

    @Test
    void blankAndMissingValuesDoNotApply() {
        SearchQuery query =
                SearchParameters.parse(Map.of("query", List.of("  "), "kind", List.of(","), "to", List.of("")));

        assertThat(query).isEqualTo(SearchQuery.of(null, null, SearchQuery.DEFAULT_LIMIT));
    }

    @ParameterizedTest
    @DisplayName("H7: a value that cannot be accepted is refused by the field's name, with the remedy")
    @CsvSource({
        "limit, 0, from 1 to 100",
        "limit, 101, from 1 to 100",
        "limit, 1.5, whole number",
        "limit, 99999999999999999999, from 1 to 100",
        "offset, -1, from 0 to 10000",
        "kind, sessions, 'observation, summary or prompt'",
        "order, random, 'relevance, newest or oldest'",
        "explain, maybe, true or false",
        "from, yesterday, epoch milliseconds",
        "from, 2026-02-30, epoch milliseconds",
        "to, 2026-13-01, epoch milliseconds",
        "to, 2026-11-22T25:00, epoch milliseconds",
        "to, 2026-11-22T10:00:00+99:00, epoch milliseconds",
        "to, 999999999999999999, epoch milliseconds"
    })
    void refusesByName(String field, String value, String remedy) {
        assertThatThrownBy(() -> SearchParameters.parse(Map.of(field, List.of(value))))
                .isInstanceOfSatisfying(CairnException.class, refusal -> {
                    assertThat(refusal.field()).isEqualTo(field);
                    assertThat(refusal).hasMessageStartingWith(field).hasMessageContaining(remedy);
                });
    }

    @Test
    void refusesARepeatedSingleValueAndOverlongOnes() {
        assertThatThrownBy(() -> SearchParameters.parse(Map.of("limit", List.of("1", "2"))))
                .hasMessage("limit was given 2 times; give it once");
        assertThatThrownBy(() -> SearchParameters.parse(Map.of("query", List.of("x".repeat(10_001)))))
                .hasMessage("query has more than 10000 characters; shorten it");
        assertThatThrownBy(() ->
                        SearchParameters.parse(Map.of("from", List.of("2026-11-23"), "to", List.of("2026-11-22"))))
                .hasMessage("from is after to; swap them");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22, 2026-11-22T00:00:00Z",
        "2026-11-22T09:30, 2026-11-22T09:30:00Z",
        "2026-11-22 09:30:15, 2026-11-22T09:30:15Z",
        "2026-11-22T09:30:15.250Z, 2026-11-22T09:30:15.250Z",
        "2026-11-22t09:30:15z, 2026-11-22T09:30:15Z",
        "2026-11-22T09:30:00+01:00, 2026-11-22T08:30:00Z",
        "2026-11-22T09:30:00 01:00, 2026-11-22T08:30:00Z",
        "2026-11-22T09:30:00-0530, 2026-11-22T15:00:00Z",
        "1795339800000, 2026-11-22T09:30:00Z",
        "0, 1970-01-01T00:00:00Z"
    })
    void readsTimes(String text, String instant) {
        assertThat(SearchParameters.instant("from", text, false))
                .isEqualTo(Instant.parse(instant).toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-22", "2026-11-22 "})
    void aBareDateAsAnEndIsTheEndOfThatDay(String text) {
        assertThat(SearchParameters.instant("to", text, true))
                .isEqualTo(Instant.parse("2026-11-22T23:59:59.999Z").toEpochMilli());
    }

    @Test
    @DisplayName("H7: any text in any parameter is read or refused by name, never anything else")
    void randomTexts() {
        Random random = new Random(7);
        String alphabet = "0123456789-:TZ+ .,\"'*()ANDORé漢\uD83D\uDE00\uD800\u0000\n";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(24); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String name = SearchParameters.NAMES.get(random.nextInt(SearchParameters.NAMES.size()));
            try {
                SearchParameters.parse(Map.of(name, List.of(text.toString())));
            } catch (CairnException refusal) {
                assertThat(refusal.field()).isEqualTo(name);
            }
        }
    }
}
