package dev.cairn.http.compat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivatePromptsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \n",
                "<private>a</private>",
                " <PRIVATE>a\nb</private> <private></private>\n",
                "<private>a<private>b</private>"
            })
    void nothingIsLeft(String prompt) {
        assertThat(PrivatePrompts.isPrivate(prompt)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "<private>a</private>b",
                "b<private>a</private>",
                "<private>a</private>b<private>c</private>",
                "<private>a",
                "<private>a</private></private>"
            })
    void somethingIsLeft(String prompt) {
        assertThat(PrivatePrompts.isPrivate(prompt)).isFalse();
    }

    @Test
    @Timeout(10)
    void manyThatAreNeverClosedAreReadOnce() {
        assertThat(PrivatePrompts.isPrivate("<private>".repeat(500_000))).isFalse();
    }
}
