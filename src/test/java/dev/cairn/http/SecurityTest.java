package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.config.ConfigException;
import dev.cairn.config.HttpConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecurityTest {
    private static final String BODY = "{\"session_id\":\"s\",\"hook_event_name\":\"Stop\"}";

    @TempDir
    static Path dir;

    private static HttpHarness http;

    @BeforeAll
    static void start() {
        http = HttpHarness.start(dir, Map.of("allowedOrigins", List.of("http://localhost:5173")), Limits.DEFAULT);
    }

    @AfterAll
    static void stop() {
        http.close();
    }

    @ParameterizedTest
    @DisplayName("H1: a request must name the worker's own host, on every route, known or not")
    @CsvSource({
        "localhost, 200, ",
        "localhost:1234, 200, ",
        "LOCALHOST, 200, ",
        "127.0.0.1, 200, ",
        "127.0.0.1:37777, 200, ",
        "[::1], 200, ",
        "[::1]:37777, 200, ",
        "evil.example, 403, forbidden",
        "evil.example:37777, 403, forbidden",
        "localhost.evil.example, 403, forbidden",
        "127.0.0.1.evil.example, 403, forbidden",
        "localhost., 403, forbidden",
        "127.0.0.2, 403, forbidden",
        "[::2], 403, forbidden",
        "user@localhost, 400, invalid_argument",
        "localhost:, 400, invalid_argument",
        "localhost:x, 400, invalid_argument",
        "localhost evil, 400, invalid_argument",
        "'localhost, evil.example', 400, invalid_argument",
        "[::1, 400, invalid_argument",
        "::1, 400, invalid_argument"
    })
    void host(String host, int status, String code) {
        for (String path : List.of("/", "/health", "/health/live", "/api/stats", "/metrics", "/nope")) {
            Reply reply = http.request("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            if (status == 200) {
                assertThat(reply.status()).as(path).isEqualTo(path.equals("/nope") ? 404 : 200);
            } else {
                assertThat(reply.status()).as(path).isEqualTo(status);
                assertThat(reply.code()).as(path).isEqualTo(code);
                assertThat(reply.field()).as(path).isEqualTo("Host");
            }
        }
    }

    @Test
    @DisplayName("H1: no Host, two Hosts, or a foreign host in the request line are refused")
    void noHostTwoHostsForeignLine() {
        assertThat(http.request("GET /health HTTP/1.1\r\n\r\n").status()).isEqualTo(400);
        assertThat(http.request("GET /health HTTP/1.0\r\n\r\n").status()).isEqualTo(400);
        assertThat(http.request("GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n")
                        .status())
                .isEqualTo(400);
        assertThat(http.request("GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .code())
                .isEqualTo("forbidden");
        assertThat(http.request("GET http://localhost/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @DisplayName("H1: a foreign host is refused before anything is said about paths and methods")
    @ValueSource(
            strings = {"BREW /health", "OPTIONS /hooks", "OPTIONS *", "GET nope", "CONNECT localhost:80", "HEAD /nope"})
    void hostBeforeRoutes(String line) throws IOException {
        try (RawClient client = http.client()) {
            Reply reply = client.send(line + " HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                    .readHead();
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.header("allow")).isNull();
        }
    }

    @ParameterizedTest
    @DisplayName("H1: a web page of another origin is refused; the worker's own and listed ones may call")
    @CsvSource({
        "http://localhost:PORT, 200",
        "http://LOCALHOST:PORT, 200",
        "http://localhost:5173, 200",
        "http://localhost:5174, 403",
        "http://127.0.0.1:PORT, 403",
        "https://localhost:5173, 403",
        "http://evil.example, 403",
        "http://localhost:PORT.evil.example, 403",
        "http://localhost:PORT@evil.example, 403",
        "http://evil.example:PORT, 403",
        "null, 403",
        "file://, 403",
        "chrome-extension://abc, 403",
        "'', 403"
    })
    void origin(String origin, int status) {
        String host = "localhost:" + http.port();
        String header = "Host: " + host + "\r\nOrigin: " + origin.replace("PORT", "" + http.port()) + "\r\n";
        int before = http.rooms.asked.size();

        Reply get = http.request("GET /health/live HTTP/1.1\r\n" + header + "\r\n");
        Reply post = http.request("POST /hooks HTTP/1.1\r\n" + header
                + "Content-Type: application/json\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY);

        assertThat(get.status()).isEqualTo(status);
        assertThat(post.status()).isEqualTo(status);
        assertThat(http.rooms.asked).hasSize(status == 200 ? before + 1 : before);
        if (status == 403) {
            assertThat(post.code()).isEqualTo("forbidden");
            assertThat(post.field()).isEqualTo("Origin");
            assertThat(post.header("access-control-allow-origin")).isNull();
        }
    }

    @Test
    @DisplayName("H1: a cross-site request without an Origin (an image, a link) is refused")
    void crossSite() {
        String start = "GET /api/stats HTTP/1.1\r\nHost: localhost\r\n";
        assertThat(http.request(start + "Sec-Fetch-Site: cross-site\r\n\r\n").code())
                .isEqualTo("forbidden");
        assertThat(http.request(start + "Sec-Fetch-Site: same-origin\r\n\r\n").status())
                .isEqualTo(200);
        assertThat(http.request(start + "Sec-Fetch-Site: none\r\n\r\n").status())
                .isEqualTo(200);
        assertThat(http.request(start + "Sec-Fetch-Site: cross-site\r\nOrigin: http://localhost:5173\r\n\r\n")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aListedOriginGetsItsCorsHeadersAndNobodyElseDoes() {
        Reply preflight = http.request(
                "OPTIONS /api/memories HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:5173\r\n\r\n");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("access-control-allow-origin")).isEqualTo("http://localhost:5173");
        assertThat(preflight.header("access-control-allow-methods")).contains("POST");
        assertThat(preflight.header("access-control-allow-headers")).contains("Content-Type");
        assertThat(preflight.header("vary")).isEqualTo("Origin");
        assertThat(http.get("/health/live").header("access-control-allow-origin"))
                .isNull();
    }

    @ParameterizedTest
    @DisplayName("H1: a body that a web form or a script may send unasked is not taken")
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/jsonp",
                "text/plain; application/json",
                "application/json; charset=utf-16",
                "*/*",
                ";"
            })
    void contentType(String type) {
        int before = http.rooms.asked.size();
        for (String route : List.of(
                "POST /hooks",
                "POST /api/memories",
                "POST /api/forget",
                "POST /mcp",
                "POST /api/admin/shutdown",
                "POST /api/observations/batch")) {
            Reply reply = http.request(route + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type
                    + "\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY);
            assertThat(reply.status()).as(route).isEqualTo(415);
            assertThat(reply.code()).isEqualTo("unsupported_media_type");
        }
        Reply none = http.request(
                "POST /hooks HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY);
        assertThat(none.status()).isEqualTo(415);
        assertThat(http.rooms.asked).hasSize(before);
        assertThat(http.stops).hasValue(0);
    }

    @Test
    void jsonInUtf8IsTakenHoweverItIsWritten() {
        for (String type : List.of(
                "application/json",
                "Application/JSON",
                "application/json; charset=UTF-8",
                "application/json;charset=\"utf-8\"")) {
            assertThat(http.request("POST /hooks HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type
                                    + "\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void everyAnswerForbidsSniffingAndStoring() {
        for (String path : List.of("/health/live", "/api/stats", "/nope", "/metrics", "/assets/old/app.js")) {
            Reply reply = http.get(path);
            assertThat(reply.header("x-content-type-options")).isEqualTo("nosniff");
            assertThat(reply.header("cache-control")).isEqualTo("no-store");
        }
    }

    @Test
    @DisplayName("H2: with auth on, everything but minimal health needs the token")
    void token(@TempDir Path other) {
        try (HttpHarness locked =
                HttpHarness.start(other, Map.of("auth", "token", "token", HttpHarness.TOKEN), Limits.DEFAULT)) {
            for (String path : List.of("/api/stats", "/metrics", "/api/search?query=a", "/api/verticles")) {
                Reply refused = locked.get(path);
                assertThat(refused.status()).as(path).isEqualTo(401);
                assertThat(refused.code()).isEqualTo("unauthorized");
                assertThat(refused.header("www-authenticate")).isEqualTo("Bearer");
                assertThat(authorised(locked, path, "Bearer " + HttpHarness.TOKEN)
                                .status())
                        .as(path)
                        .isEqualTo(200);
            }
            for (String wrong : List.of(
                    "Bearer",
                    "Bearer ",
                    "Bearer correct-hors",
                    "Bearer correct-horse1",
                    "Basic correct-horse",
                    "correct-horse")) {
                assertThat(authorised(locked, "/api/stats", wrong).status())
                        .as(wrong)
                        .isEqualTo(401);
            }
            assertThat(locked.post("/hooks", BODY).status()).isEqualTo(401);
            assertThat(locked.post("/api/admin/shutdown", "{}").status()).isEqualTo(401);
            assertThat(locked.rooms.recorded()).isEmpty();
            assertThat(locked.stops).hasValue(0);
            assertThat(locked.get("/health/live").status()).isEqualTo(200);
            assertThat(locked.get("/health").json().containsKey("parts")).isFalse();
            assertThat(authorised(locked, "/health", "bearer " + HttpHarness.TOKEN)
                            .json()
                            .containsKey("parts"))
                    .isTrue();
        }
    }

    private static Reply authorised(HttpHarness server, String path, String authorization) {
        return server.request(
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + authorization + "\r\n\r\n");
    }

    @Test
    void aWorkerThatNeedsATokenAndIsGivenNoneMakesOne(@TempDir Path other) throws IOException {
        try (HttpHarness locked = HttpHarness.start(other, Map.of("auth", "token"), Limits.DEFAULT)) {
            String token = Files.readString(other.resolve("token")).strip();
            assertThat(token).hasSizeGreaterThan(30);
            assertThat(locked.get("/api/stats").status()).isEqualTo(401);
            assertThat(authorised(locked, "/api/stats", "Bearer " + token).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aDoorThatNeedsATokenDoesNotOpenWithoutOne() {
        var config = new HttpConfig("127.0.0.1", 0, 1, 16, 1, 1, List.of(), List.of(), true, " ", false, "auto");
        assertThatThrownBy(() -> new Token(config)).hasMessageContaining("http.token");
    }

    @Test
    void aWorkerListensOnLoopbackOnly(@TempDir Path other) {
        assertThatThrownBy(() -> HttpHarness.start(other, Map.of("host", "0.0.0.0"), Limits.DEFAULT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("http.host");
    }

    @Test
    @DisplayName("H7: more connections than the bound are told so and closed; the others go on, and places come free")
    void tooManyConnections(@TempDir Path other) throws IOException {
        try (HttpHarness http = HttpHarness.start(other, Map.of("maxConnections", 16), Limits.DEFAULT)) {
            List<RawClient> clients = new ArrayList<>();
            try {
                for (int i = 0; i < 16; i++) {
                    RawClient client = http.client();
                    clients.add(client);
                    assertThat(client.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                    .read()
                                    .status())
                            .isEqualTo(200);
                }
                try (RawClient late = http.client()) {
                    Reply refused = late.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .read();
                    assertThat(refused.status()).isEqualTo(503);
                    assertThat(refused.message()).contains("http.maxConnections");
                    assertThat(late.isClosedByPeer()).isTrue();
                }
                for (RawClient client : clients) {
                    assertThat(client.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                    .read()
                                    .status())
                            .isEqualTo(200);
                }
                clients.remove(0).close();
                long deadline = System.nanoTime() + 5_000_000_000L;
                while (http.get("/health/live").status() != 200) {
                    assertThat(System.nanoTime()).isLessThan(deadline);
                }
            } finally {
                for (RawClient client : clients) {
                    client.close();
                }
            }
        }
    }
}
