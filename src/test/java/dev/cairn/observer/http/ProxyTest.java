package dev.cairn.observer.http;

import static dev.cairn.observer.http.Questions.QUESTION;
import static dev.cairn.observer.http.Questions.answer;
import static dev.cairn.observer.http.Questions.await;
import static dev.cairn.observer.http.Questions.fault;
import static dev.cairn.observer.http.Questions.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.config.ConfigException;
import dev.cairn.fake.Answer;
import dev.cairn.fake.Dialect;
import dev.cairn.fake.FakeModelServer;
import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.ModelException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which proxy is asked, and that it is. */
class ProxyTest {
    private static final Endpoint FAR = Endpoint.of("k", "https://api.example.com/v1");
    private static final Endpoint FAR_PLAIN = Endpoint.of("k", "http://models.example.com:8000/v1");

    @Test
    void theSettingStandsAboveTheEnvironment() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "http://other:1", "NO_PROXY", "*");

        Proxy proxy = Proxy.to(FAR, "http://me:pass%40word+1@proxy.example:3128", environment);

        assertThat(proxy).isEqualTo(new Proxy("proxy.example", 3128, "me", "pass@word+1"));
        assertThat(proxy).hasToString("http://proxy.example:3128");
    }

    @ParameterizedTest
    @CsvSource({"HTTPS_PROXY, HTTP_PROXY", "https_proxy, http_proxy"})
    void theEnvironmentTellsOneForEachScheme(String encrypted, String plain) {
        Map<String, String> environment = Map.of(encrypted, "http://one:1", plain, "two:2");

        assertThat(Proxy.to(FAR, null, environment)).hasToString("http://one:1");
        assertThat(Proxy.to(FAR_PLAIN, null, environment)).hasToString("http://two:2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "api.example.com",
                "example.com",
                ".example.com",
                "*.example.com",
                "a.b, EXAMPLE.com",
                "api.example.com:443"
            })
    void theEnvironmentTellsWhoIsAskedWithout(String list) {
        assertThat(Proxy.to(FAR, null, Map.of("HTTPS_PROXY", "http://one:1", "no_proxy", list)))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ample.com", "api.example.com:8443", "127.0.0.1,localhost"})
    void othersAreAskedThroughIt(String list) {
        assertThat(Proxy.to(FAR, null, Map.of("HTTPS_PROXY", "http://one:1", "NO_PROXY", list)))
                .isNotNull();
    }

    @Test
    void thisMachineIsNeverAskedThroughAProxy() {
        Endpoint near = Endpoint.of("k", "http://127.0.0.1:11434/v1");

        assertThat(Proxy.to(near, "http://proxy.example:3128", Map.of())).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"socks5://me:secret@proxy:1080", "proxy:3128", "http://", "http://pro xy", "https://proxy:1"})
    void aSettingThatIsNoHttpProxyIsRefusedAndNotShown(String setting) {
        assertThatThrownBy(() -> Proxy.to(FAR, setting, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("observer.proxy")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://proxy:1080", "%%%", "http://"})
    void anEnvironmentThatNamesNoneIsNotOursToJudge(String value) {
        assertThat(Proxy.to(FAR, null, Map.of("HTTPS_PROXY", value))).isNull();
    }

    private static JsonObject through(int port, String user, String url) {
        return Dialect.OPENAI
                .settings(url, "unused", "m")
                .put("proxy", "http://" + user + "127.0.0.1:" + port)
                .put("openai", new JsonObject().put("url", url).put("model", "m"));
    }

    @Test
    void aPlainServerIsAskedThroughTheProxyWithItsUserAndPassword() throws Exception {
        Vertx vertx = Vertx.vertx();
        // To a client a proxy for plain HTTP is a server that is sent whole URLs.
        try (FakeModelServer proxy = FakeModelServer.start().keyless()) {
            proxy.answers(asked -> asked.headers().containsKey("proxy-authorization")
                    ? Answer.says(asked, "{}")
                    : Answer.of(407, "text/plain", "").with("Proxy-Authenticate", "Basic realm=\"r\""));
            String url = "http://models.invalid:8000/v1";

            answer(open(vertx, Dialect.OPENAI, through(proxy.port(), "me:pass-word@", url), Map.of()), QUESTION);
            ModelException fault =
                    fault(open(vertx, Dialect.OPENAI, through(proxy.port(), "", url), Map.of()), QUESTION);

            assertThat(proxy.asked().get(0).headers()).containsEntry("host", "models.invalid:8000");
            assertThat(proxy.asked().get(0).headers().get("proxy-authorization"))
                    .isEqualTo("Basic bWU6cGFzcy13b3Jk");
            assertThat(fault.fault()).isEqualTo(Fault.SETUP);
            assertThat(fault).hasMessageContaining("observer.proxy");
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void anEncryptedServerIsAskedThroughATunnelAndTheProxysRefusalIsTold() {
        Vertx vertx = Vertx.vertx();
        try {
            Queue<String> asked = new ConcurrentLinkedQueue<>();
            HttpServer proxy = await(vertx.createHttpServer()
                    .requestHandler(request -> {
                        asked.add(request.method() + " " + request.authority());
                        request.response()
                                .setStatusCode(asked.size() == 1 ? 407 : 502)
                                .end();
                    })
                    .listen(0, "127.0.0.1"));
            JsonObject settings = through(proxy.actualPort(), "me:pass-word@", "https://models.invalid/v1");
            settings.getJsonObject("openai").put("apiKey", "some-key");

            ModelException unknown = fault(open(vertx, Dialect.OPENAI, settings, Map.of()), QUESTION);
            ModelException broken = fault(open(vertx, Dialect.OPENAI, settings, Map.of()), QUESTION);

            assertThat(asked).containsExactly("CONNECT models.invalid:443", "CONNECT models.invalid:443");
            assertThat(unknown.fault()).isEqualTo(Fault.SETUP);
            assertThat(unknown).hasMessageContaining("observer.proxy").hasMessageNotContaining("pass-word");
            assertThat(broken.fault()).isEqualTo(Fault.TRANSPORT);
            assertThat(broken)
                    .hasMessageContaining("proxy http://127.0.0.1:" + proxy.actualPort())
                    .hasMessageNotContaining("pass-word");
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void aProxyThatDoesNotRunIsNamed() {
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer gone =
                    await(vertx.createHttpServer().requestHandler(r -> {}).listen(0, "127.0.0.1"));
            int port = gone.actualPort();
            await(gone.close());

            ModelException fault = fault(
                    open(vertx, Dialect.OPENAI, through(port, "", "http://models.invalid:8000/v1"), Map.of()),
                    QUESTION);

            assertThat(fault.fault()).isEqualTo(Fault.TRANSPORT);
            assertThat(fault).hasMessageContaining("through the proxy http://127.0.0.1:" + port);
        } finally {
            await(vertx.close());
        }
    }
}
