package dev.cairn.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The configuration's page is made from the keys: {@code mvn test -Dtest=ConfigReferenceTest -Dcairn.docs.write=true}. */
class ConfigReferenceTest {
    private static final Path PAGE = Path.of("src", "site", "markdown", "configuration.md");

    private static final String HEAD = """
            # Configuration

            Made from the source by `mvn test -Dtest=ConfigReferenceTest -Dcairn.docs.write=true`.

            Settings come from five places; a later one stands above an earlier one:

            1. the defaults below (`conf/worker.json` has them all),
            2. the conf file (`-conf FILE`),
            3. `settings.json` in the data directory,
            4. the environment: `CAIRN_` and the key in capitals with `_` for its dots; lists with commas. `CAIRN_HOST`, `CAIRN_PORT`
               and `CAIRN_TOKEN` are short for the keys under `http`, `CAIRN_DATA_DIR` for `dataDir`,
            5. the launcher's inline options (`-conf '{"http":{"port":0}}'`).

            An unknown key or a value that does not fit ends the start with exit code 2 and one line that names the key, where it was set
            and, for an unknown key, the nearest known one.

            | Key | Default | Accepts | What it is for |
            |---|---|---|---|
            """;

    private static String page() {
        StringBuilder page = new StringBuilder(HEAD);
        for (Key key : Keys.ALL) {
            Object value = key.defaultValue();
            page.append("| `")
                    .append(key.path())
                    .append("` | ")
                    .append(value == null ? "not set" : "`" + Json.encode(value) + "`")
                    .append(" | ")
                    .append(accepts(key))
                    .append(" | ")
                    .append(key.help())
                    .append(" |\n");
        }
        return page.toString();
    }

    private static String accepts(Key key) {
        return switch (key.type()) {
            case BOOLEAN -> "true, false";
            case NUMBER, DECIMAL -> key.min() + " to " + key.max();
            case TEXT -> key.words().isEmpty() ? "a text" : String.join(", ", key.words());
            case TEXTS -> "a list of texts";
        };
    }

    @Test
    void thePageIsWhatTheKeysSay() throws IOException {
        if (Boolean.getBoolean("cairn.docs.write")) {
            Files.writeString(PAGE, page());
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page());
    }
}
