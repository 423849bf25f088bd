package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of errors in the documentation is the one of the source. */
class ErrorTableTest {
    @Test
    void thePageHasEveryErrorCode() throws IOException {
        String page = Files.readString(Path.of("src", "site", "markdown", "http-api.md"));
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(page)
                    .contains("| `" + code.wire() + "` | " + code.httpStatus() + " | " + code.exitCode() + " |");
        }
    }
}
