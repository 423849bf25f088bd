package dev.cairn.observer.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Realistic turns and exactly what a person is given to read of them. What the rules make now is written to
 * {@code target/observer}; after a deliberate change, read it there and copy it over.
 */
class GoldenTurnsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "recorded-session",
                "bug-fix",
                "feature",
                "exploration",
                "other-agent",
                "chinese-prompt",
                "plan-and-decision",
                "interrupted",
                "dependency-fix"
            })
    void a_turn_reads_as_expected(String name) throws IOException {
        String made = Rendered.text(TurnRules.observe(TurnFiles.read(name)));
        Path written = Path.of("target", "observer", name + ".txt");
        Files.createDirectories(written.getParent());
        Files.writeString(written, made);

        assertThat(made).isEqualTo(golden(name));
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = GoldenTurnsTest.class.getResourceAsStream("/observer/" + name + ".txt")) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
