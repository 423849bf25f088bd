package dev.cairn.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("H5: private spans are removed")
class PrivateSpansTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a <private>b</private> c | a [private] c",
                "<PRIVATE>b</Private>c | [private]c",
                "<private reason=\"x > y\">b</private>c | [private]c",
                "a<private>b<private>c</private>d</private>e | a[private]e",
                "a<private>b | a[private]",
                "a<private>b<private>c</private>d | a[private]",
                "b</private> c | [private] c",
                "<private>a</private>b<private>c</private> | [private]b[private]",
                "a< private >b</ private >c | a[private]c",
                "a<private/>b | a[private]b",
                "\\u003cprivate\\u003eb\\u003c/private\\u003e c | [private] c",
                "\\\\u003Cprivate>b</private> c | [private] c",
                "<private | [private]",
            })
    void aSpanBecomesAMarker(String text, String expected) {
        assertThat(PrivateSpans.hide(text)).isEqualTo(expected);
        assertThat(PrivateSpans.hide(expected)).isEqualTo(expected);
    }

    @Test
    void aSpanMayHoldLines() {
        assertThat(PrivateSpans.hide("a\n<private>\nb\nc\n</private>\nd")).isEqualTo("a\n[private]\nd");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "private int x; <privateer> <private-key>",
                "#include <private/foo.h>",
                "a < b && c > d",
                "it is private",
                "</privates>",
                "",
            })
    void whatIsNoTagStays(String text) {
        assertThat(PrivateSpans.hide(text)).isSameAs(text);
    }
}
