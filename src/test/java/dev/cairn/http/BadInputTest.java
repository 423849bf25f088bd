package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("H7: bad input is refused with a JSON error, and the worker goes on")
class BadInputTest {
    private static final int MAX_BODY = 256 * 1024;
    private static final int MAX_DEPTH = 50;
    private static final byte[] GOOD =
            "{\"session_id\":\"s\",\"hook_event_name\":\"Stop\"}".getBytes(StandardCharsets.UTF_8);
    private static final String POST = "POST /hooks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    @TempDir
    static Path dir;

    private static HttpHarness http;

    @BeforeAll
    static void start() {
        http = HttpHarness.start(
                dir,
                Map.of("maxBodyBytes", MAX_BODY, "maxDepth", MAX_DEPTH),
                new Limits(60_000, 700, 700, 5_000, 300, 500, Limits.Streams.DEFAULT));
    }

    @AfterAll
    static void stop() {
        http.close();
    }

    @AfterEach
    void theWorkerIsUnaffected() {
        http.rooms.asked.clear();
        assertThat(http.post("/hooks", GOOD).status()).isEqualTo(200);
        assertThat(http.rooms.recorded()).hasSize(1);
        http.rooms.asked.clear();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"session_id\":",
                "{'session_id':'s'}",
                "{\"session_id\":\"s\",}",
                "{\"session_id\":\"s\"} trailing",
                "{\"session_id\":\"s\"}{}",
                "{\"session_id\":NaN}",
                "{\"session_id\":01}",
                "{\"session_id\":\"\u0001\"}",
                "// comment\n{}",
                "<html>"
            })
    void malformedJson(String body) {
        Reply reply = http.post("/hooks", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("content-type")).isEqualTo("application/json");
        assertThat(reply.code()).isEqualTo("invalid_argument");
        assertThat(reply.field()).isEqualTo("body");
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void malformedJsonIsToldItsPlace() {
        assertThat(http.post("/hooks", "{\n  \"session_id\": \"s\",\n  oops\n}").message())
                .contains("line 3")
                .contains("column");
    }

    @Test
    void invalidUtf8() {
        for (byte[] bad : List.of(
                new byte[] {(byte) 0xff, (byte) 0xfe},
                new byte[] {(byte) 0xc0, (byte) 0xaf},
                new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                new byte[] {(byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
                new byte[] {(byte) 0xe2, (byte) 0x82})) {
            byte[] start = "{\"session_id\":\"".getBytes(StandardCharsets.UTF_8);
            byte[] end = "\"}".getBytes(StandardCharsets.UTF_8);
            byte[] body = new byte[start.length + bad.length + end.length];
            System.arraycopy(start, 0, body, 0, start.length);
            System.arraycopy(bad, 0, body, start.length, bad.length);
            System.arraycopy(end, 0, body, start.length + bad.length, end.length);

            for (String route : List.of("/hooks/Stop", "/api/memories", "/mcp")) {
                Reply reply = http.post(route, body);
                assertThat(reply.status()).isEqualTo(400);
                assertThat(reply.message()).contains("UTF-8");
            }
        }
        assertThat(http.post("/hooks", "{\"session_id\":\"s\"}".getBytes(StandardCharsets.UTF_16))
                        .status())
                .isEqualTo(400);
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void aReplacementCharacterOfTheUsersOwnIsNoError() {
        assertThat(http.post("/hooks/UserPromptSubmit", "{\"session_id\":\"s\",\"prompt\":\"a\uFFFDb\"}")
                        .status())
                .isEqualTo(200);
        assertThat(http.rooms.recorded().get(0).events().get(0).prompt()).isEqualTo("a\uFFFDb");
    }

    @Test
    void aHalfOfASurrogatePairBecomesAReplacementCharacter() {
        assertThat(http.post(
                                "/hooks/PostToolUse",
                                "{\"session_id\":\"s\",\"tool_name\":\"T\",\"tool_response\":{\"out\":\"cut \\ud83d\"},"
                                        + "\"tool_input\":{\"ok\":\"\\ud83d\\ude00\"}}")
                        .status())
                .isEqualTo(200);
        var event = http.rooms.recorded().get(0).events().get(0);
        assertThat(event.toolResponse()).isEqualTo("{\"out\":\"cut \uFFFD\"}");
        assertThat(event.toolInput()).isEqualTo("{\"ok\":\"\uD83D\uDE00\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "{\"a\":["})
    void deepNesting(String unit) {
        for (int depth : new int[] {MAX_DEPTH + 1, 20_000}) {
            Reply reply = http.post("/hooks/Stop", unit.repeat(depth));
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.message()).contains("deeper than " + MAX_DEPTH);
        }
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void nestingWithinTheBoundIsTaken() {
        String nested = "[".repeat(MAX_DEPTH - 1) + "]".repeat(MAX_DEPTH - 1);
        assertThat(http.post(
                                "/hooks/PostToolUse",
                                "{\"session_id\":\"s\",\"tool_name\":\"T\",\"tool_input\":" + nested + "}")
                        .status())
                .isEqualTo(200);
        assertThat(http.rooms.recorded().get(0).events().get(0).toolInput()).isEqualTo(nested);
    }

    @Test
    void numbersKeepEveryDigitAndAbsurdOnesAreRefused() {
        String numbers = "[0.10,1e400,123456789012345678901234567890,-0.0]";
        String start = "{\"session_id\":\"s\",\"tool_name\":\"T\",\"tool_input\":";
        assertThat(http.post("/hooks/PostToolUse", start + numbers + "}").status())
                .isEqualTo(200);
        assertThat(http.rooms.recorded().get(0).events().get(0).toolInput())
                .isEqualTo("[0.10,1E+400,123456789012345678901234567890,0.0]");
        assertThat(http.post("/hooks/PostToolUse", start + "1".repeat(2_000) + "}")
                        .status())
                .isEqualTo(400);
        assertThat(http.post("/hooks/PostToolUse", start + "1e99999999999}").status())
                .isEqualTo(400);
    }

    @Test
    void aBodyOfTheLargestSizeIsTakenAndOneByteMoreIsNot() {
        String start = "{\"session_id\":\"s\",\"last_assistant_message\":\"";
        String fits = start + "x".repeat(MAX_BODY - start.length() - 2) + "\"}";

        assertThat(http.post("/hooks/Stop", fits).status()).isEqualTo(200);
        assertThat(http.post("/hooks/Stop", fits + " ").status()).isEqualTo(413);
        assertThat(http.rooms.recorded()).hasSize(1);
    }

    @Test
    void aHugeBodyIsRefusedBeforeItIsSent() throws IOException {
        try (RawClient client = http.client()) {
            Reply reply = client.send(POST + "Content-Length: 100000000\r\nExpect: 100-continue\r\n\r\n")
                    .read();
            assertThat(reply.status()).isEqualTo(413);
            assertThat(reply.code()).isEqualTo("payload_too_large");
            assertThat(reply.field()).isEqualTo("body");
            assertThat(reply.header("connection")).isEqualTo("close");
        }
    }

    @Test
    void aHugeBodyThatIsSentAnywayFlowsPastAndItsSenderReadsTheAnswer() throws IOException {
        byte[] megabyte = new byte[1 << 20];
        long before = usedHeap();
        try (RawClient client = http.client()) {
            client.send(POST + "Content-Length: " + 100L * megabyte.length + "\r\n\r\n");
            for (int i = 0; i < 100; i++) {
                client.send(megabyte);
            }
            assertThat(client.read().status()).isEqualTo(413);
            assertThat(client.isClosedByPeer()).isTrue();
        }
        try (RawClient client = http.client()) {
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 100; i++) {
                client.send("100000\r\n").send(megabyte).send("\r\n");
            }
            client.send("0\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(413);
        }
        assertThat(usedHeap() - before).isLessThan(50L << 20);
        assertThat(http.rooms.asked).isEmpty();
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void aConnectionServesOnAfterAnErrorWithASmallBody() throws IOException {
        try (RawClient client = http.client()) {
            assertThat(client.post("/nope", GOOD).read().status()).isEqualTo(404);
            assertThat(client.post("/hooks", "[]".getBytes(StandardCharsets.UTF_8))
                            .read()
                            .status())
                    .isEqualTo(400);
            assertThat(client.send("POST /hooks HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 4\r\n\r\nabcd")
                            .read()
                            .status())
                    .isEqualTo(403);
            assertThat(client.post("/hooks", GOOD).read().status()).isEqualTo(200);
        }
    }

    @Test
    void aChunkedBodyIsTaken() throws IOException {
        try (RawClient client = http.client()) {
            String json = new String(GOOD, StandardCharsets.UTF_8);
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < json.length(); i++) {
                client.send("1\r\n" + json.charAt(i) + "\r\n");
            }
            assertThat(client.send("0\r\n\r\n").read().status()).isEqualTo(200);
            assertThat(http.rooms.recorded().get(0).events().get(0).sessionId()).isEqualTo("s");
        }
    }

    @Test
    void anExpectedContinueIsGiven() throws IOException {
        try (RawClient client = http.client()) {
            Reply go = client.send(POST + "Content-Length: " + GOOD.length + "\r\nExpect: 100-continue\r\n\r\n")
                    .read();
            assertThat(go.status()).isEqualTo(100);
            assertThat(client.send(GOOD).read().status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyThatDoesNotComeIsTimedOut() throws IOException {
        try (RawClient client = http.client()) {
            long begin = System.nanoTime();
            Reply reply = client.send(POST + "Content-Length: 100\r\n\r\n{").read();
            assertThat(reply.status()).isEqualTo(408);
            assertThat(reply.code()).isEqualTo("request_timeout");
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isBetween(600L, 3_000L);
            assertThat(client.isClosedByPeer()).isTrue();
        }
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void headersThatTrickleInAreTimedOut() throws Exception {
        try (RawClient silent = http.client();
                RawClient trickle = http.client();
                RawClient served = http.client()) {
            assertThat(served.post("/hooks", GOOD).read().status()).isEqualTo(200);
            long begin = System.nanoTime();
            trickle.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: ");
            CompletableFuture<Void> drip = new CompletableFuture<>();
            long timer = http.vertx.setPeriodic(100, tick -> {
                try {
                    trickle.send("x");
                } catch (IOException closed) {
                    drip.complete(null);
                }
            });
            assertThat(trickle.isClosedByPeer()).isTrue();
            assertThat(silent.isClosedByPeer()).isTrue();
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isBetween(500L, 4_000L);
            drip.get(5, TimeUnit.SECONDS);
            http.vertx.cancelTimer(timer);
            // One that has had a request may wait longer for its next.
            assertThat(served.post("/hooks", GOOD).read().status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyThatBreaksOffRecordsNothing() throws IOException {
        try (RawClient client = http.client()) {
            client.send(POST + "Content-Length: 1000\r\n\r\n").send(GOOD);
        }
        assertThat(http.get("/health/live").status()).isEqualTo(200);
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void aCompressedBodyIsRefused() {
        Reply reply = http.request(POST + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc");
        assertThat(reply.status()).isEqualTo(415);
        assertThat(reply.field()).isEqualTo("Content-Encoding");
    }

    @Test
    void aRequestLineOrHeadersTooLong() {
        Reply line = http.request("GET /api/search?query=" + "x".repeat(Limits.MAX_REQUEST_LINE) + " HTTP/1.1\r\n\r\n");
        assertThat(line.status()).isEqualTo(414);
        assertThat(line.code()).isEqualTo("uri_too_long");

        Reply headers = http.request(
                "GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(Limits.MAX_HEADERS) + "\r\n\r\n");
        assertThat(headers.status()).isEqualTo(431);
        assertThat(headers.code()).isEqualTo("headers_too_large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage\r\n\r\n",
                "GET\r\n\r\n",
                "GET /health HTTP/1.1\r\nno colon here\r\n\r\n",
                "POST /hooks HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
                "POST /hooks HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                "POST /hooks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}"
            })
    void whatIsNotHttp(String raw) {
        Reply reply = http.request(raw);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("content-type")).isEqualTo("application/json");
        assertThat(reply.code()).isEqualTo("invalid_argument");
    }

    @Test
    void aBrokenChunkEndsTheConnectionWithoutARecord() throws IOException {
        try (RawClient client = http.client()) {
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n");
            assertThat(client.isClosedByPeer()).isTrue();
        }
        assertThat(http.rooms.asked).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("H4: paths are taken literally; nothing climbs out of them")
    @CsvSource({
        "/api/observations/abc, 400",
        "/api/observations/-1, 400",
        "/api/observations/0, 400",
        "/api/observations/1.5, 400",
        "/api/observations/1e3, 400",
        "/api/observations/99999999999999999999, 400",
        "/api/observations/9223372036854775808, 400",
        "/api/observations/%31, 400",
        "/api/observations/1%2F2, 400",
        "/api/observations/..%2f..%2fetc%2fpasswd, 400",
        "/api/observations/.., 400",
        "/api/observations/%zz, 400",
        "/api/observations/1%2e%2e?x=%zz, 400",
        "/api/observations/, 400",
        "/api/observations/%00, 400",
        "/api/observations/１, 400",
        "/api/observations/1/2, 404",
        "/api/observations/../stats, 404",
        "/api/../health, 404",
        "//health, 404",
        "/health/, 404",
        "/health//, 404",
        "/./health, 404",
        "/%68ealth, 404",
        "/healthx, 404",
        "/api/observations/1/, 404",
        "/HEALTH, 404",
        "/etc/passwd, 404",
        "/%2e%2e/%2e%2e/etc/passwd, 404",
        "/nope, 404"
    })
    void paths(String path, int status) {
        Reply reply = http.get(path);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.code()).isEqualTo(status == 400 ? "invalid_argument" : "not_found");
        if (status == 400) {
            assertThat(reply.field()).isEqualTo("id");
        }
        assertThat(http.rooms.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /hooks, 'POST, OPTIONS'",
        "GET, /hooks/Stop, 'POST, OPTIONS'",
        "POST, /api/search, 'GET, HEAD, OPTIONS'",
        "GET, /api/observations/batch, 'POST, OPTIONS'",
        "GET, /mcp, 'POST, OPTIONS'",
        "DELETE, /mcp, 'POST, OPTIONS'",
        "PATCH, /api/observations/1, 'DELETE, GET, HEAD, OPTIONS'",
        "BREW, /health, 'GET, HEAD, OPTIONS'"
    })
    void methodNotAllowed(String method, String path, String allow) {
        Reply reply = http.request(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.code()).isEqualTo("method_not_allowed");
        assertThat(reply.header("allow")).isEqualTo(allow);
    }

    @Test
    void headAndOptions() throws IOException {
        try (RawClient client = http.client()) {
            Reply head = client.send("HEAD /api/stats HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .readHead();
            Reply get = client.send("GET /api/stats HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .read();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("content-length")).isEqualTo(get.header("content-length"));
            Reply options = client.send("OPTIONS /hooks HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .read();
            assertThat(options.status()).isEqualTo(204);
            assertThat(options.header("allow")).isEqualTo("POST, OPTIONS");
            assertThat(client.send("OPTIONS /nope HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(404);
            assertThat(client.send("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(404);
            assertThat(client.send("CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .read()
                            .status())
                    .isBetween(400, 405);
        }
    }

    @Test
    void aDefectIsToldWithoutItsInnards() {
        http.rooms.stats = nothing -> {
            throw new IllegalStateException("secret detail");
        };
        Reply reply = http.get("/api/stats");
        http.rooms.stats = new FakeRooms(List.of()).stats;

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.code()).isEqualTo("internal");
        assertThat(reply.body())
                .doesNotContain("secret")
                .doesNotContain("Exception")
                .doesNotContain("at dev.");
    }
}
