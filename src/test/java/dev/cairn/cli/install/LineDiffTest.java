package dev.cairn.cli.install;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineDiffTest {
    @Test
    void onlyWhatComesAndGoesIsTold() {
        assertThat(LineDiff.of("a\nb\nc\nd\n", "a\nx\nc\ny\nd\n")).containsExactly("- b", "+ x", "+ y");
        assertThat(LineDiff.of("a\n", "a\n")).isEmpty();
        assertThat(LineDiff.of("", "a\nb")).containsExactly("+ a", "+ b");
        assertThat(LineDiff.of("a\nb\n", "")).containsExactly("- a", "- b");
    }

    @Test
    void aCommaThatALineGetsIsNotTold() {
        assertThat(LineDiff.of("{\n  \"key\": \"secret\"\n}\n", "{\n  \"key\": \"secret\",\n  \"on\": true\n}\n"))
                .containsExactly("+   \"on\": true");
    }
}
