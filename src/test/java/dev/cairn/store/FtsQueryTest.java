package dev.cairn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FtsQueryTest {
    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "parser crash                | \"parser\" OR \"crash\" OR \"parser crash\"",
                "Parser PARSER parser        | \"parser\"",
                "why does the parser crash?  | \"parser\" OR \"crash\" OR \"parser crash\"",
                "the who                     | \"the\" OR \"who\"",
                "\"to be or not\" hamlet     | \"to be or not\" OR \"hamlet\"",
                "\"unclosed phrase           | \"unclosed\" OR \"phrase\" OR \"unclosed phrase\"",
                "run*                        | \"run\"*",
                "\"group comm\"*             | \"group comm\"*",
                "the*                        | \"the\"*",
                "* ** \"\"* a                | \"a\"",
                "FooBar.java                 | \"foobar java\" OR \"foobar\" OR \"foo\" OR \"bar\"",
                "Fix FooBar.java.            | \"fix\" OR \"foobar java\" OR \"foobar\" OR \"foo\" OR \"bar\"",
                "ERR_123                     | \"err 123\" OR \"err\"",
                "--dry-run                   | \"dry run\" OR \"run\"",
                "--flag                      | \"flag\"",
                "a/b/c.py                    | \"a b c py\" OR \"c\"",
                "src/main/Store*             | \"src\" OR \"main\" OR \"store\"* OR \"src main\" OR \"main store\"",
                "src/v2/Store*               | \"src v2 store\"* OR \"store\"",
                "/etc/hosts                  | \"etc hosts\" OR \"hosts\"",
                "Buffer#length()             | \"buffer length\" OR \"length\"",
                "HTTP/2                      | \"http 2\" OR \"http\"",
                "group-commit client/server  | \"group\" OR \"commit\" OR \"client\" OR \"server\""
                        + " OR \"group commit\" OR \"commit client\" OR \"client server\"",
                "Caroline's                  | \"caroline\"",
                "C++ AND NOT NEAR(x)         | \"c\" OR \"near\" OR \"x\" OR \"near x\"",
                "title:secret {body}         | \"title secret\" OR \"secret\" OR \"body\"",
                "naïve Größe                 | \"naïve\" OR \"größe\" OR \"naïve größe\"",
            })
    void wordsBecomeTerms(String text, String expression) {
        assertThat(FtsQuery.any(text)).isEqualTo(expression);
    }

    @Test
    void wordsThatStandSideBySideAreAPairToo() {
        assertThat(FtsQuery.any("login token cache")).endsWith("\"login token\" OR \"token cache\"");
        assertThat(FtsQuery.any("login the token")).as("a stop word parts them").doesNotContain("login token");
        assertThat(FtsQuery.any("login src/Main.java token")).doesNotContain("login token");
        assertThat(FtsQuery.any("login \"single sign on\" token")).doesNotContain("login token");
        assertThat(FtsQuery.any("login 数据 token")).doesNotContain("login token");
        assertThat(FtsQuery.any("retry retry")).isEqualTo("\"retry\"");
        assertThat(FtsQuery.all("login token")).isEqualTo("\"login\" AND \"token\"");
    }

    @Test
    void joinedNamesAreLookedForByTheirPartsToo() {
        assertThat(FtsQuery.any("parseJSONFile")).isEqualTo("\"parsejsonfile\" OR \"parse\" OR \"json\" OR \"file\"");
        assertThat(FtsQuery.any("doX")).as("one letter tells nothing").isEqualTo("\"dox\"");
        assertThat(FtsQuery.any("TheParser")).as("a stop word in a name").isEqualTo("\"theparser\" OR \"parser\"");
        assertThat(FtsQuery.any("\"fooBar\"")).as("a phrase is meant as it is").isEqualTo("\"foobar\"");
        assertThat(FtsQuery.all("fooBar")).isEqualTo("\"foobar\"");
    }

    @Test
    @DisplayName("G4: a run of Chinese, Japanese or Korean becomes a phrase and its pairs")
    void cjkBecomesPhraseAndPairs() {
        assertThat(FtsQuery.any("数据库")).isEqualTo("\"数 据 库\" OR \"数 据\" OR \"据 库\"");
        assertThat(FtsQuery.any("記憶")).isEqualTo("\"記 憶\"");
        assertThat(FtsQuery.any("猫")).isEqualTo("\"猫\"");
        assertThat(FtsQuery.any("SQLiteデータ")).startsWith("\"sqlite\" OR \"sq\" OR \"lite\" OR \"デ ー タ\"");
        // Half-wide Kana and Hangul in pieces are the same words as whole ones.
        assertThat(FtsQuery.any("ﾃﾞｰﾀ")).isEqualTo(FtsQuery.any("データ"));
        assertThat(FtsQuery.any("메모리")).isEqualTo(FtsQuery.any("메모리"));
        assertThat(FtsQuery.any("ＡＢＣ")).isEqualTo("\"abc\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\"", "\"\"", "*", "()", "-- ++ ::", "\u0000", "…!?", "\uD83D\uDE00", "\uD800"})
    void aTextWithoutAnyWordLooksForNothing(String text) {
        assertThat(FtsQuery.any(text)).isNull();
        assertThat(FtsQuery.all(text)).isNull();
    }

    @Test
    void allAsksForEveryWordAndForIdentifiersWhole() {
        assertThat(FtsQuery.all("the parser FooBar.java 数据库"))
                .isEqualTo("\"the\" AND \"parser\" AND \"foobar java\" AND \"数 据 库\"");
    }

    @Test
    void aLongTextIsCutToTheFirstTerms() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            text.append("word")
                    .append((char) ('a' + i % 26))
                    .append((char) ('a' + i / 26))
                    .append(' ');
        }
        String expression = String.valueOf(FtsQuery.any(text.toString()));
        assertThat(expression.split(" OR ")).hasSize(FtsQuery.MAX_TERMS);
        assertThat(FtsQuery.any("a-".repeat(5_000))).isNotNull();
    }

    @Test
    @DisplayName("H7: no text whatsoever makes a syntax error")
    void everyTextIsAValidExpression() throws SQLException {
        List<String> pieces = List.of(
                "\"",
                "'",
                "*",
                "(",
                ")",
                "{",
                "}",
                ":",
                "^",
                "+",
                "-",
                ",",
                ".",
                "/",
                "\\",
                "_",
                "#",
                "@",
                ";",
                "\u0000",
                " AND ",
                " OR ",
                " NOT ",
                " NEAR",
                "NEAR(",
                "title:",
                "rank",
                "memory_fts",
                "--",
                "/*",
                "*/",
                "%",
                "ß",
                "ﬁ",
                "数",
                "메",
                "カ",
                "゛",
                "\u0301",
                "\u200D",
                "\uD83D\uDE00",
                "\uD83D",
                "\uDE00",
                "\uFFFF",
                "\u0000x",
                "é",
                "\uD842\uDFB7",
                "\u1E9E",
                "٣",
                "½",
                "Ⅷ",
                "\u00AD",
                "हिन्दी",
                "ไทย",
                "a",
                "the",
                "Zz9",
                "\t",
                "\n",
                " ");
        Random random = new Random(7);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement schema = connection.createStatement()) {
            schema.executeUpdate("CREATE VIRTUAL TABLE f USING fts5 (title, body, scope, content = '',"
                    + " contentless_delete = 1, tokenize = 'porter unicode61 remove_diacritics 2')");
            schema.executeUpdate("INSERT INTO f (rowid, title, body, scope) VALUES (1, 'a the', 'zz9 é', 'p1 k1')");
            try (PreparedStatement search = connection.prepareStatement("SELECT rowid FROM f WHERE f MATCH ?")) {
                for (int round = 0; round < 8_000; round++) {
                    StringBuilder text = new StringBuilder();
                    int length = random.nextInt(12);
                    for (int i = 0; i < length; i++) {
                        text.append(
                                random.nextInt(4) == 0
                                        ? Character.toString(random.nextInt(Character.MAX_CODE_POINT + 1))
                                        : pieces.get(random.nextInt(pieces.size())));
                    }
                    run(search, text.toString(), FtsQuery.any(text.toString()));
                    run(search, text.toString(), FtsQuery.all(text.toString()));
                }
            }
        }
    }

    private static void run(PreparedStatement search, String text, @org.jspecify.annotations.Nullable String words) {
        if (words == null) {
            return;
        }
        String match = Scope.around(words, List.of(1L), List.of(1, 2), List.of("bugfix"));
        assertThatCode(() -> {
                    search.setString(1, match);
                    search.executeQuery().close();
                })
                .as("'%s' as %s", text, match)
                .doesNotThrowAnyException();
    }

    @Test
    void whatWasIndexedIsFoundByTheSameText() throws SQLException {
        // Letters that Java and SQLite might see differently: each must be found, or be no word to both.
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement schema = connection.createStatement()) {
            schema.executeUpdate(
                    "CREATE VIRTUAL TABLE f USING fts5 (body," + " tokenize = 'porter unicode61 remove_diacritics 2')");
            for (String word :
                    List.of("İstanbul", "straße", "ΣΊΣΥΦΟΣ", "ﬁnal", "Ǆungla", "йод", "𠮷野家", "ｶﾀｶﾅ", "한국어", "x²")) {
                try (PreparedStatement insert = connection.prepareStatement("INSERT INTO f (body) VALUES (?)")) {
                    insert.setString(1, FtsText.indexed("before " + word + " after"));
                    insert.executeUpdate();
                }
                try (PreparedStatement search = connection.prepareStatement("SELECT count(*) FROM f WHERE f MATCH ?")) {
                    search.setString(1, FtsQuery.any(word));
                    assertThat(search.executeQuery().getInt(1)).as(word).isEqualTo(1);
                }
            }
        }
    }
}
