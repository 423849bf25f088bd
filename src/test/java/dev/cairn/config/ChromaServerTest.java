package dev.cairn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChromaServerTest {
    private static ChromaServer server(String key, String value) {
        JsonObject chroma = new JsonObject().put(key, value);
        return ConfigLoader.of(new JsonObject().put("vector", new JsonObject().put("chroma", chroma)))
                .vector()
                .server();
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8000, 127.0.0.1, 8000, false, true",
        "http://localhost, localhost, 80, false, true",
        "HTTPS://Chroma.example.org/a/, Chroma.example.org, 443, true, false",
        "http://[::1]:9000, ::1, 9000, false, true",
        "http://127.0.0.1.example.org, 127.0.0.1.example.org, 80, false, false"
    })
    void aUrlIsTakenApart(String url, String host, int port, boolean encrypted, boolean loopback) {
        ChromaServer server = server("url", url);
        assertThat(server.host()).isEqualTo(host);
        assertThat(server.port()).isEqualTo(port);
        assertThat(server.encrypted()).isEqualTo(encrypted);
        assertThat(server.loopback()).isEqualTo(loopback);
        assertThat(server.url().toString()).doesNotEndWith("/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chroma",
                "ftp://127.0.0.1",
                "http://",
                "http:///x",
                "http://user:hidden@127.0.0.1",
                "http://127.0.0.1?token=hidden",
                "http://127.0.0.1#hidden",
                "http://a b",
                "http://127.0.0.1:99999"
            })
    @DisplayName("H7: a URL that cannot be one is refused without being shown")
    void aUrlThatCannotBeOneIsRefused(String url) {
        assertThatThrownBy(() -> server("url", url))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("vector.chroma.url must be ")
                .hasMessageNotContaining("hidden");
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", "line\nbreak", "\u00fcml\u00e4ut"})
    @DisplayName("H3: a token that no header takes is refused without being shown")
    void aTokenThatNoHeaderTakesIsRefused(String token) {
        assertThatThrownBy(() -> server("token", token))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("vector.chroma.token must be ")
                .hasMessageNotContaining(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "../x", "a/b", "-ab", "ab."})
    void namesAreThoseThatChromaTakes(String name) {
        assertThatThrownBy(() -> server("tenant", name)).hasMessageStartingWith("vector.chroma.tenant must be ");
        assertThatThrownBy(() -> server("database", name)).hasMessageStartingWith("vector.chroma.database must be ");
    }

    @Test
    void theTokenIsNotShown() {
        ChromaServer server = server("token", "hidden-token");
        assertThat(server.token()).isEqualTo("hidden-token");
        assertThat(server.toString()).doesNotContain("hidden-token");
        assertThat(Keys.ALL)
                .filteredOn(key -> key.path().equals("vector.chroma.token"))
                .allMatch(Key::secret)
                .hasSize(1);
    }
}
