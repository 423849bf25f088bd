package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTextTest {
    @Test
    void aLineHasOnlySingleBlanks() {
        assertThat(PlainText.line(" a\r\n\n\tb\u00A0\u2028c\u0085\u0000d\u001B[0m "))
                .isEqualTo("a b c d [0m");
        assertThat(PlainText.line(" \n\t ")).isEmpty();
    }

    @Test
    void whatCannotBeSeenIsLeftOutAndHalfCharactersAreReplaced() {
        assertThat(PlainText.line("a\u202Eb\u200Bc\uFEFFd\uDB40\uDC41e")).isEqualTo("abcde");
        assertThat(PlainText.line("a\uD83Db\uDE00")).isEqualTo("a\uFFFDb\uFFFD");
        assertThat(PlainText.line("👩‍👩‍👧 e\u0301")).isEqualTo("👩‍👩‍👧 e\u0301");
    }

    @Test
    void aLongLineIsCutWithAMarkAndNeverWithinACharacter() {
        assertThat(PlainText.line("abcdef", 6)).isEqualTo("abcdef");
        assertThat(PlainText.line("abcdefg", 6)).isEqualTo("abcde…");
        assertThat(PlainText.line("abcd efg", 6)).isEqualTo("abcd…");
        assertThat(PlainText.line("abc😀😀", 5)).isEqualTo("abc…");
        assertThat(PlainText.line("😀", 1)).isEqualTo("…");
    }

    @Test
    void aQuoteMarksEveryLineAndKeepsIndentation() {
        assertThat(PlainText.quote("a\r\n\r\n\n  b\tc\u2028d  ", "> ", 1_000)).isEqualTo("> a\n> \n>   b    c\n> d\n");
        assertThat(PlainText.quote("", "> ", 1_000)).isEmpty();
        assertThat(PlainText.quote("abcdefghij\nk", "> ", 8)).isEqualTo("> abcd…\n");
    }

    @ParameterizedTest
    @CsvSource({"'', 0", "a, 1", "abcd, 1", "abcde, 2", "数据库, 3", "数据库abcde, 5", "커밋, 2", "カナ, 2"})
    void tokensAreEstimated(String text, int tokens) {
        assertThat(PlainText.tokens(text)).isEqualTo(tokens);
    }

    @Test
    @DisplayName("any text: one line, within the limit, no half characters, and a line stays what it is")
    void anyText() {
        RandomText random = new RandomText(3);
        for (int i = 0; i < 20_000; i++) {
            String text = random.next(30);
            int max = 1 + random.number(120);
            String line = PlainText.line(text, max);
            assertThat(line.length()).isLessThanOrEqualTo(max);
            assertThat(RandomText.isWellFormed(line)).isTrue();
            assertThat(line.lines().count()).isLessThanOrEqualTo(1);
            assertThat(PlainText.line(line, max)).isEqualTo(line);
            String quoted = PlainText.quote(text, "| ", 50 + max);
            assertThat(quoted.lines()).allMatch(l -> l.startsWith("| "));
            assertThat(quoted.length()).isLessThanOrEqualTo(50 + max);
            assertThat(RandomText.isWellFormed(quoted)).isTrue();
        }
    }
}
