package dev.cairn.observer.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.config.ConfigException;
import dev.cairn.config.ObserverConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an API may be, and where its key is never sent. */
class EndpointTest {
    private static Service service(String url, @Nullable String key, Map<String, String> environment) {
        return Service.of(
                "it", "observer.openai", "OPENAI_API_KEY", new ObserverConfig.Api(url, key, "m"), environment);
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.example.com/v1/, true, api.example.com, 443, /v1",
        "http://127.0.0.1:11434/v1, false, 127.0.0.1, 11434, /v1",
        "http://[::1]:8080, false, ::1, 8080, ''",
        "HTTPS://models.example:8443/a/b//, true, models.example, 8443, /a/b"
    })
    void aUrlSaysWhereToAsk(String url, boolean encrypted, String host, int port, String path) {
        Endpoint endpoint = Endpoint.of("observer.openai.url", url);

        assertThat(endpoint.encrypted()).isEqualTo(encrypted);
        assertThat(endpoint.host()).isEqualTo(host);
        assertThat(endpoint.port()).isEqualTo(port);
        assertThat(endpoint.path()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://models.example",
                "models.example/v1",
                "",
                "http://",
                "http://models.example:99999",
                "http://user:secret@models.example",
                "http://models.example/v1?key=secret",
                "http://models.example/#secret",
                "http://models example/secret"
            })
    void whatIsNoSuchUrlIsRefusedByItsKeyAndNotShown(String url) {
        assertThatThrownBy(() -> Endpoint.of("observer.openai.url", url))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("observer.openai.url must be ")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "models.localhost", "127.0.0.1", "127.8.9.10", "::1"})
    void thisMachineIsKnownByItsNames(String host) {
        assertThat(Endpoint.loopback(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.example.com", "localhost.example.com", "192.168.1.2", "1127.0.0.1", "::2"})
    void othersAreNot(String host) {
        assertThat(Endpoint.loopback(host)).isFalse();
    }

    @Test
    void aKeyIsNotSentWhereOthersReadIt() {
        assertThatThrownBy(() -> service("http://192.168.1.2:8000/v1", "some-key", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("observer.openai.url")
                .hasMessageContaining("https://")
                .hasMessageNotContaining("some-key");
        assertThat(service("http://192.168.1.2:8000/v1", null, Map.of("OPENAI_API_KEY", "some-key"))
                        .key())
                .isNull();
        assertThat(service("https://192.168.1.2:8000/v1", null, Map.of("OPENAI_API_KEY", "some-key"))
                        .key())
                .isEqualTo("some-key");
        assertThat(service("http://localhost:8000/v1", "some-key", Map.of()).key())
                .isEqualTo("some-key");
    }

    @Test
    void aServiceIsShownWithoutItsKey() {
        assertThat(service("http://localhost:8000/v1", "some-key", Map.of()))
                .hasToString("it at http://localhost:8000/v1");
    }
}
