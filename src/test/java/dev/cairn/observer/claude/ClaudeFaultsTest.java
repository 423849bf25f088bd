package dev.cairn.observer.claude;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.ModelAnswer;
import dev.cairn.observer.spi.ModelAnswer.End;
import dev.cairn.observer.spi.ModelException;
import dev.cairn.observer.spi.ModelUsage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** D2: what the real program said to answers of the API, recorded, and what it means. */
class ClaudeFaultsTest {
    private static Turn play(String... lines) throws Exception {
        Turn turn = new Turn("haiku", 0);
        for (String line : lines) {
            turn.line(WireFormat.mapper().readTree(line));
        }
        return turn;
    }

    private static Turn recorded(String name) throws Exception {
        return play(FakeClaude.lines(name).toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            too-long      | TOO_LONG   | Prompt is too long
            too-large     | TOO_LONG   | Request too large
            bad-key       | AUTH       | /login
            forbidden     | AUTH       | ANTHROPIC_API_KEY
            not-logged-in | AUTH       | /login
            no-model      | SETUP      | observer.claude.model
            rate-limit    | RATE_LIMIT | slow down
            limit-reached | QUOTA      | usage limit
            no-credit     | QUOTA      | billing
            payment       | QUOTA      | 402
            server-error  | OVERLOAD   | 500
            overloaded    | OVERLOAD   | 529
            unreachable   | TRANSPORT  | ECONNREFUSED
            rejected      | REJECTED   | something else
            own-command   | PROTOCOL   | in the model's place
            """)
    @DisplayName("D2: each recorded error is what it is, and names the remedy where there is one")
    void errorsAreToldApart(String recording, Fault fault, String says) throws Exception {
        Turn turn = recorded(recording);
        assertThat(turn.answer().failed()).as("failed").isTrue();
        assertThat(turn.answer().cause()).isInstanceOfSatisfying(ModelException.class, failure -> {
            assertThat(failure.fault()).isEqualTo(fault);
            assertThat(failure.getMessage())
                    .startsWith("Claude Code")
                    .contains(says)
                    .doesNotContain("\n");
            assertThat(failure.retryAfterMs()).isNull();
        });
    }

    @ParameterizedTest
    @CsvSource({"cut, CUT, '{\"ok\":true}', 2", "refused, REFUSED, '', 2", "nothing-said, COMPLETE, '', 24"})
    @DisplayName("D2: an answer that was cut, declined or empty is an answer, and is not asked for again")
    void answersThatAreNone(String recording, End end, String text, long atLeast) throws Exception {
        ModelAnswer answer = recorded(recording).answer().result();
        assertThat(answer.end()).isEqualTo(end);
        assertThat(answer.text()).isEqualTo(text);
        assertThat(answer.usage().input()).isBetween(100L, 200L);
        assertThat(answer.usage().output()).isGreaterThanOrEqualTo(end == End.REFUSED ? 1 : atLeast);
    }

    @Test
    void anAnswerBringsItsModelItsTokensAndItsCost() throws Exception {
        ModelAnswer answer = recorded("two-answers").answer().result();
        assertThat(answer)
                .isEqualTo(new ModelAnswer(
                        "{\"ok\":true}",
                        End.COMPLETE,
                        "claude-haiku-4-5-20251001",
                        new ModelUsage(100, 12, 40, 7, 17L)));
    }

    @Test
    void whenALimitEndsIsToldWhereTheProgramSaysSo() throws Exception {
        long inAnHour = System.currentTimeMillis() / 1_000 + 3_600;
        Turn event = play(
                "{\"type\":\"rate_limit_event\",\"rate_limit_info\":{\"status\":\"rejected\",\"resetsAt\":" + inAnHour
                        + "}}",
                "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"result\":\"You've hit your session limit\"}");
        Turn text =
                play("{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"result\":\"usage limit reached|"
                        + inAnHour + "\"}");
        for (Turn turn : new Turn[] {event, text}) {
            assertThat(turn.answer().cause()).isInstanceOfSatisfying(ModelException.class, failure -> {
                assertThat(failure.fault()).isEqualTo(Fault.QUOTA);
                assertThat(failure.retryAfterMs()).isBetween(3_500_000L, 3_600_000L);
            });
        }
    }

    @Test
    void whatLooksLikeAKeyIsNotRepeated() throws Exception {
        JsonNode result = WireFormat.mapper()
                .readTree(
                        "{\"is_error\":true,\"api_error_status\":401,\"result\":\"bad key sk-ant-api03-abcdefgh and Bearer abcdefgh.ij\"}");
        assertThat(ClaudeFaults.of(result, null, 0, 0).getMessage())
                .doesNotContain("abcdefgh")
                .contains("bad key [key] and [key]");
    }

    @Test
    void whatANewerProgramSaysBesideIsNotMinded() throws Exception {
        Turn turn = play("{\"type\":\"tomorrow\"}", "{\"type\":\"system\",\"subtype\":\"new\"}", "{}", "[]", "1");
        assertThat(turn.answer().isComplete()).isFalse();
    }
}
