package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.RecordEvents;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("H7: whatever is posted, the answer is JSON, nothing of a refused body is kept, and the worker goes on")
class FuzzTest {
    private static final long SEED = 20_261_122;
    private static final Path RECORDINGS = Path.of("src/test/resources/claude-code-hooks");
    private static final List<String> ROUTES = List.of(
            "/hooks",
            "/hooks/PostToolUse",
            "/hooks/PostToolBatch",
            "/api/memories",
            "/api/forget",
            "/api/observations/batch");
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "0",
            "1e999",
            "1e9999999999",
            "9".repeat(40),
            "9".repeat(1_100),
            "\"\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"\\udc00\\ud800\"",
            "[]",
            "{}",
            "[".repeat(101) + "]".repeat(101),
            "{\"a\":1,\"a\":2}",
            "\"" + "x".repeat(5_000) + "\"",
            "NaN",
            "'x'",
            "\"../../etc/passwd\"",
            "\"'; DROP TABLE sessions; --\"");

    @TempDir
    static Path dir;

    private static HttpHarness http;
    private final Random random = new Random(SEED);
    private RawClient client;

    @BeforeAll
    static void start() {
        http = HttpHarness.start(dir);
    }

    @AfterAll
    static void stop() {
        http.close();
    }

    @BeforeEach
    void connect() throws IOException {
        http.rooms.asked.clear();
        client = http.client();
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
    }

    @Test
    void randomBytes() throws IOException {
        for (int i = 0; i < 500; i++) {
            byte[] body = new byte[random.nextInt(300)];
            random.nextBytes(body);
            post(ROUTES.get(random.nextInt(ROUTES.size())), body);
        }
        stillWorks();
    }

    @Test
    void mutatedRecordings() throws IOException {
        List<byte[]> recordings = recordings();
        for (int i = 0; i < 3_000; i++) {
            byte[] body = mutated(recordings.get(random.nextInt(recordings.size())));
            post(random.nextInt(4) == 0 ? ROUTES.get(random.nextInt(ROUTES.size())) : "/hooks", body);
        }
        stillWorks();
    }

    @Test
    void recordingsWithOneValueReplaced() throws IOException {
        for (byte[] recording : recordings()) {
            JsonObject json = new JsonObject(new String(recording, StandardCharsets.UTF_8));
            for (String field : json.fieldNames()) {
                for (String value : VALUES) {
                    String mark = "\"@@\"";
                    String body = json.copy().put(field, "@@").encode().replace(mark, value);
                    post("/hooks", body.getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        stillWorks();
    }

    @Test
    void rawGarbageOnTheWire() throws IOException {
        byte[] good =
                "POST /hooks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
                        .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 300; i++) {
            try (RawClient garbage = http.client()) {
                garbage.send(mutated(good)).finish();
                while (garbage.hasMore()) {
                    // A defect would be a 500, or an answer that is no HTTP.
                    assertThat(garbage.read().status()).isNotEqualTo(500);
                }
            }
        }
        stillWorks();
    }

    private void post(String route, byte[] body) throws IOException {
        int before = http.rooms.asked.size();
        Reply reply = client.post(route, body).read();
        String shown = route + " " + new String(body, StandardCharsets.UTF_8);
        assertThat(reply.status()).as(shown).isIn(200, 201, 400);
        assertThat(reply.header("content-type")).as(shown).isEqualTo("application/json");
        assertThat(reply.json()).as(shown).isNotNull();
        if (reply.status() >= 400) {
            assertThat(reply.code()).as(shown).isNotBlank();
            assertThat(reply.message()).as(shown).isNotBlank();
            assertThat(http.rooms.asked).as(shown).hasSize(before);
        }
    }

    private static void stillWorks() throws IOException {
        http.rooms.asked.clear();
        byte[] good = Files.readAllBytes(RECORDINGS.resolve("PostToolUse-Bash.json"));
        for (int i = 0; i < 4; i++) {
            assertThat(http.post("/hooks", good).body()).isEqualTo("{}");
        }
        assertThat(http.rooms.asked).hasSize(4).hasOnlyElementsOfType(RecordEvents.class);
        assertThat(http.get("/health").status()).isEqualTo(200);
    }

    private static List<byte[]> recordings() throws IOException {
        try (Stream<Path> files = Files.list(RECORDINGS)) {
            List<Path> sorted = files.sorted().toList();
            List<byte[]> bodies = new java.util.ArrayList<>();
            for (Path file : sorted) {
                bodies.add(Files.readAllBytes(file));
            }
            return bodies;
        }
    }

    /** One to four cuts, flips, doublings or insertions. */
    private byte[] mutated(byte[] original) {
        byte[] bytes = original.clone();
        for (int n = 1 + random.nextInt(4); n > 0 && bytes.length > 0; n--) {
            int at = random.nextInt(bytes.length);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(bytes, 0, at);
            switch (random.nextInt(5)) {
                case 0 -> {}
                case 1 -> {
                    out.write(bytes[at] ^ (1 << random.nextInt(8)));
                    out.write(bytes, at + 1, bytes.length - at - 1);
                }
                case 2 -> {
                    out.write(bytes, Math.max(0, at - 20), Math.min(20, at));
                    out.write(bytes, at, bytes.length - at);
                }
                case 3 -> {
                    byte[] value = VALUES.get(random.nextInt(VALUES.size())).getBytes(StandardCharsets.UTF_8);
                    out.write(value, 0, value.length);
                    out.write(bytes, at, bytes.length - at);
                }
                default -> {
                    int gap = Math.min(bytes.length - at, 1 + random.nextInt(8));
                    out.write(bytes, at + gap, bytes.length - at - gap);
                }
            }
            bytes = out.toByteArray();
        }
        return bytes;
    }
}
