package dev.cairn.observer.ask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.observer.spi.ModelAnswer;
import dev.cairn.observer.spi.ModelUsage;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
    private static final String DOCUMENT = new Batches(Works.PRIVACY, 0)
            .next(
                    new Works().edit("src/upload.js", "once()", "retryUpload()").work(),
                    dev.cairn.observer.rules.TurnFacts.of(new Works()
                            .edit("src/upload.js", "once()", "retryUpload()")
                            .work()),
                    Size.of(Works.batch(20, 12_000), 0))
            .document();

    private static Reading read(String text) {
        return read(text, ModelAnswer.End.COMPLETE);
    }

    private static Reading read(String text, ModelAnswer.End end) {
        return AnswerReader.read(new ModelAnswer(text, end, "m", ModelUsage.NONE), DOCUMENT);
    }

    private static final String ONE = """
            {"observations":[{"type":"change","title":"Uploads are tried again","subtitle":"s","narrative":"n",
            "facts":["src/upload.js has retryUpload"],"concepts":["what-changed"],"refs":[1]}],
            "skipped":"","summary":{"request":"r","investigated":"","learned":"","completed":"c","next_steps":""}}""";

    @Test
    void theAskedFormIsRead() {
        Reading reading = read(ONE);
        assertThat(reading.finding()).isEqualTo(Finding.ANSWERED);
        assertThat(reading.observations()).hasSize(1);
        assertThat(reading.observations().get(0).words().title()).isEqualTo("Uploads are tried again");
        assertThat(reading.observations().get(0).refs()).containsExactly(1);
        assertThat(reading.summary()).containsOnlyKeys("request", "completed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "```json\n%s\n```",
                "Here is the record:\n%s\nThat is all.",
                "<answer>%s</answer>",
                "\ufeff%s",
            })
    void wordsAroundTheFormAreLeftOut(String around) {
        assertThat(read(around.formatted(ONE)).finding()).isEqualTo(Finding.ANSWERED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"type\":\"change\",\"title\":\"T\"}]",
                "{\"type\":\"change\",\"title\":\"T\"}",
                "{\"observation\":{\"type\":\"change\",\"title\":\"T\"}}",
                "{\"observations\":{\"type\":\"change\",\"title\":\"T\"}}",
                "{'observations':[{'type':'change','title':'T',}],}",
                "{observations:[{type:\"change\",title:\"T\",refs:\"t1, t2\"}]}",
                "{\"observations\":[{\"type\":\"change\",\"title\":\"T\",\"facts\":\"one\",\"unknown\":{\"a\":1}}]}",
                "{\"observations\":[{\"type\":\"change\",\"title\":\"T\nover two lines\"}]}",
            })
    void theShapesThatModelsGiveAreRead(String text) {
        Reading reading = read(text);
        assertThat(reading.finding()).isEqualTo(Finding.ANSWERED);
        assertThat(reading.observations().get(0).words().title()).startsWith("T");
    }

    @Test
    void anUnknownTypeBecomesTheNeutralOneAndIsKept() {
        Reading reading =
                read("{\"observations\":[{\"type\":\"security_alert\",\"title\":\"T\",\"concepts\":[\"a\"]}]}");
        assertThat(reading.observations().get(0).words().type()).isEqualTo("note");
        assertThat(reading.observations().get(0).words().concepts()).containsExactly("security_alert", "a");
        assertThat(read("{\"observations\":[{\"type\":\"BugFix\",\"title\":\"T\"}]}")
                        .observations()
                        .get(0)
                        .words()
                        .type())
                .isEqualTo("bugfix");
    }

    @Test
    void anEmptyTitleIsRefused() {
        Reading some = read(
                "{\"observations\":[{\"type\":\"change\",\"title\":\" \"},{\"type\":\"change\",\"title\":\"T\"}]}");
        assertThat(some.finding()).isEqualTo(Finding.ANSWERED);
        assertThat(some.observations()).hasSize(1);
        Reading none = read("{\"observations\":[{\"type\":\"change\",\"title\":\"\"}]}");
        assertThat(none.finding()).isEqualTo(Finding.DRIFT);
        assertThat(none.problem()).isEqualTo("observation 1 has an empty title");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"observations\":[],\"skipped\":\"routine\",\"summary\":{\"request\":\"\"}}",
                "{\"observations\":[]}",
                "{\"skipped\":\"nothing new\"}",
                "{\"observations\":null,\"skipped\":\"\"}",
            })
    void nothingToRememberIsAnAnswer(String text) {
        assertThat(read(text).finding()).isEqualTo(Finding.NOTHING);
    }

    @Test
    void whatStoodCompleteInAnAnswerThatWasCutIsKept() {
        String cut = "{\"observations\":[{\"type\":\"change\",\"title\":\"First\",\"facts\":[\"a\"]},"
                + "{\"type\":\"change\",\"title\":\"Second\",\"narrative\":\"it broke o";
        for (ModelAnswer.End end : List.of(ModelAnswer.End.CUT, ModelAnswer.End.COMPLETE)) {
            Reading reading = read(cut, end);
            assertThat(reading.finding()).isEqualTo(Finding.CUT);
            assertThat(reading.observations()).hasSize(1);
            assertThat(reading.observations().get(0).words().title()).isEqualTo("First");
        }
        assertThat(read("{\"observations\":[{\"type\":\"cha").finding()).isEqualTo(Finding.CUT);
        assertThat(read("", ModelAnswer.End.CUT).finding()).isEqualTo(Finding.CUT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"result\":\"ok\"}", "{}", "[]", "[1,2]", "{\"tool\":\"x\",\"input\":{}}", "{not json at all}"
            })
    void anotherFormIsDrift(String text) {
        assertThat(read(text).finding()).isEqualTo(Finding.DRIFT);
    }

    @Test
    @DisplayName("D2: prose that speaks of the work is of use, other prose is not")
    void prose() {
        String useful =
                "The agent changed src/upload.js: the function retryUpload now replaces the single call once().";
        assertThat(read(useful).finding()).isEqualTo(Finding.PROSE);
        assertThat(
                        read("I'd be happy to help you with that! Could you tell me more about what you would like me to do?")
                                .finding())
                .isEqualTo(Finding.CHATTER);
        assertThat(read("OK").finding()).isEqualTo(Finding.CHATTER);
        assertThat(read("  \n ").finding()).isEqualTo(Finding.EMPTY);
    }

    @ParameterizedTest
    @DisplayName("D2: faults that come as words of the answer")
    @CsvSource({
        "Prompt is too long, TOO_LONG",
        "Invalid API key · Please run /login, AUTH",
        "Credit balance is too low, QUOTA",
        "You've hit your limit · resets 3am, QUOTA",
        "API Error: Rate limit exceeded, RATE_LIMIT",
        "API Error: Overloaded_error, OVERLOAD",
    })
    void spokenFaults(String text, Finding finding) {
        assertThat(read(text).finding()).isEqualTo(finding);
    }

    @Test
    void aFaultsWordsInARealAnswerAreNoFault() {
        assertThat(read(ONE.replace("Uploads are tried again", "Prompt is too long is handled"))
                        .finding())
                .isEqualTo(Finding.ANSWERED);
    }

    @Test
    void aDeepOrEndlessAnswerDoesNoHarm() {
        assertThat(read("[".repeat(100_000)).finding()).isIn(Finding.CUT, Finding.DRIFT);
        assertThat(read("{\"a\":".repeat(100_000)).finding()).isIn(Finding.CUT, Finding.DRIFT);
        assertThat(read("x".repeat(2_000_000)).finding()).isEqualTo(Finding.CHATTER);
        assertThat(read(("{ ").repeat(500_000) + "x").finding()).isIn(Finding.CUT, Finding.DRIFT);
    }

    @Test
    void moreThanABoundedNumberIsLeftOut() {
        String many = "{\"observations\":[" + "{\"type\":\"change\",\"title\":\"T\"},".repeat(5_000) + "]}";
        assertThat(read(many).observations()).hasSize(50);
    }

    @Test
    void aModelThatDeclinesIsHeard() {
        assertThat(read("I cannot help with that.", ModelAnswer.End.REFUSED).finding())
                .isEqualTo(Finding.REFUSED);
    }
}
