package dev.cairn.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.model.RandomText;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnippetTest {
    private static String snippet(String text, String query) {
        return String.valueOf(Snippet.of(text, Terms.of(query)));
    }

    @ParameterizedTest
    @DisplayName("matches are found again as the index found them: case, accents, endings, prefixes")
    @CsvSource({
        "commit, 'It COMMITS at once', 'It «COMMITS» at once'",
        "committing, 'group commit', 'group «commit»'",
        "connections, 'connected; a connection', '«connected»; a «connection»'",
        "query, 'many queries', 'many «queries»'",
        "running, 'it runs; run it', 'it «runs»; «run» it'",
        "caches, 'caching the cache', '«caching» the «cache»'",
        "processes, 'one process', 'one «process»'",
        "addresses, 'an address', 'an «address»'",
        "databases, 'the database', 'the «database»'",
        "cafe, 'the café', 'the «café»'",
        "café, 'the Cafe', 'the «Cafe»'",
        "serv*, 'the server served', 'the «server» «served»'",
        "'\"group commit\"', 'a group commit', 'a «group» «commit»'",
        "the queue, 'the queue', 'the «queue»'",
        "the, 'the queue', '«the» queue'",
        "ack, 'background', 'background'"
    })
    void marksMatches(String query, String text, String expected) {
        assertThat(snippet(text, query)).isEqualTo(expected);
    }

    @ParameterizedTest
    @DisplayName("G4: CJK matches by phrase and by word")
    @CsvSource({
        "数据库, 修复数据库连接, 修复«数据库»连接",
        "数据库锁, 修复数据库连接, 修复«数据库»连接",
        "書き込み, 遅い書き込みを直す, 遅い«書き込み»を直す",
        "커밋, 그룹 커밋 추가, 그룹 «커밋» 추가",
        "fix 连接, fix数据库连接, «fix»数据库«连接»"
    })
    void marksCjk(String query, String text, String expected) {
        assertThat(snippet(text, query)).isEqualTo(expected);
    }

    @Test
    void showsTheClusterWithTheMostDifferentWords() {
        String text = "commit commit commit " + "filler ".repeat(80)
                + "the writer makes one commit for the whole queue " + "filler ".repeat(80);

        assertThat(snippet(text, "queue writer commit"))
                .contains("«writer» makes one «commit» for the whole «queue»")
                .startsWith("…")
                .endsWith("…")
                .hasSizeLessThanOrEqualTo(200);
    }

    @Test
    void isTheBeginWhereNothingMatches() {
        assertThat(snippet("One line\nand another", "absent")).isEqualTo("One line and another");
        assertThat(snippet("word ".repeat(100), "absent")).endsWith("word…").hasSizeBetween(140, 200);
        assertThat(snippet("数".repeat(300), "absent")).hasSizeLessThan(80);
        assertThat(Snippet.of(" \n ", Terms.of("x"))).isNull();
    }

    @Test
    void isOneLineAndItsMarksAreItsOwn() {
        assertThat(snippet("a «quoted»\n\n# commit\r\n\tnow", "commit")).isEqualTo("a ‹quoted› # «commit» now");
    }

    @Test
    void marksNothingBeyondWhatItScansAndStaysQuickOnHugeTexts() {
        String text = "filler ".repeat(200_000) + "needle";
        long begin = System.nanoTime();
        assertThat(snippet(text, "needle")).startsWith("filler filler");
        assertThat(System.nanoTime() - begin).isLessThan(2_000_000_000L);
    }

    @Test
    @DisplayName("any text, any query: one line, at most 200 units, no half characters, paired marks, the same again")
    void anyTextAndQuery() {
        RandomText random = new RandomText(42);
        int marked = 0;
        for (int i = 0; i < 20_000; i++) {
            String text = random.next(60);
            String query = random.next(4);
            String snippet = Snippet.of(text, Terms.of(query));
            if (snippet == null) {
                assertThat(text).isBlank();
                continue;
            }
            assertThat(snippet.length()).as("%s in %s", query, text).isLessThanOrEqualTo(200);
            assertThat(RandomText.isWellFormed(snippet)).isTrue();
            assertThat(snippet.codePoints().noneMatch(Character::isISOControl)).isTrue();
            assertThat(snippet.toLowerCase(Locale.ROOT)).doesNotContain("  ", "\u2028", "\u202e");
            assertThat(snippet.replaceAll("[^«»]", "")).matches("(«»)*");
            assertThat(snippet).isEqualTo(Snippet.of(text, Terms.of(query)));
            marked += snippet.contains("«") ? 1 : 0;
        }
        assertThat(marked).isGreaterThan(5_000);
    }
}
