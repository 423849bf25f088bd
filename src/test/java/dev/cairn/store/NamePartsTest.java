package dev.cairn.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePartsTest {
    @ParameterizedTest
    @CsvSource({
        "fooBar,              foo Bar",
        "FooBar,              Foo Bar",
        "parseJSONFile,       parse JSON File",
        "Http3Stream,         Http3 Stream",
        "sha256,              ''",
        "HTTPServer,          HTTP Server",
        "getX,                get X",
        "X509,                ''",
        "SHA256Digest,        SHA256 Digest",
        "userIDs,             user I Ds",
        "plain,               ''",
        "PLAIN,               ''",
        "Plain,               ''",
        "snake_case,          ''",
        "kebab-case,          ''",
        "2026,                ''",
        "'',                  ''",
        "_fooBar_,            foo Bar",
        "foo_barBaz,          bar Baz",
        "'Call fooBar() and readFile.', foo Bar read File",
        "src/MainPath.java,   Main Path",
    })
    void namesAreSplitAtCapitals(String text, String parts) {
        assertThat(NameParts.of(text)).isEqualTo(parts);
    }

    @Test
    void theTextsFollowOneAnother() {
        assertThat(NameParts.of("fooBar", "no name", "readAll")).isEqualTo("foo Bar read All");
    }

    @Test
    void dataIsNoName() {
        String name = "aB".repeat(50);
        assertThat(NameParts.of(name)).isNotEmpty();
        assertThat(NameParts.of(name + "c", "fooBar")).isEqualTo("foo Bar");
    }

    @Test
    void lettersBeyondTheAlphabetPartNames() {
        assertThat(NameParts.of("größeMessen")).isEqualTo("e Messen");
        assertThat(NameParts.of("数据fooBar库")).isEqualTo("foo Bar");
    }

    @Test
    void nothingIsLostAndNothingMadeUp() {
        Random random = new Random(7);
        String letters = "abcXYZ019";
        for (int round = 0; round < 2_000; round++) {
            StringBuilder name = new StringBuilder();
            for (int i = random.nextInt(20); i >= 0; i--) {
                name.append(letters.charAt(random.nextInt(letters.length())));
            }
            assertThat(String.join("", NameParts.split(name.toString()))).isEqualTo(name.toString());
            assertThat(NameParts.of(name.toString()).replace(" ", "")).isIn("", name.toString());
        }
    }
}
