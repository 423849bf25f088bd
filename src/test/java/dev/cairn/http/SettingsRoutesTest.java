package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.CairnConfig;
import dev.cairn.config.ConfigLoader;
import dev.cairn.config.Keys;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsRoutesTest {
    @TempDir
    Path dir;

    private static JsonObject setting(Reply reply, String key) {
        return reply.json().getJsonArray("settings").stream()
                .map(JsonObject.class::cast)
                .filter(row -> row.getString("key").equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static Reply put(HttpHarness http, String body, String headers) {
        return http.request("PUT /api/settings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + headers + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
    }

    private static Reply put(HttpHarness http, String body) {
        return put(http, body, "");
    }

    private CairnConfig atNextStart() {
        return ConfigLoader.load(new JsonObject(), Map.of(), new JsonObject().put("dataDir", dir.toString()));
    }

    @Test
    void everySettingIsTherewithItsSource() throws IOException {
        Files.writeString(dir.resolve("settings.json"), "{\"context\":{\"summaries\":3}}");
        try (HttpHarness http = HttpHarness.start(dir, Map.of("maxDepth", 50), Limits.DEFAULT)) {
            Reply reply = http.get("/api/settings");
            assertThat(reply.json().getJsonArray("settings")).hasSize(Keys.ALL.size());
            assertThat(setting(reply, "http.maxDepth").getInteger("value")).isEqualTo(50);
            assertThat(setting(reply, "http.maxDepth").getInteger("default")).isEqualTo(100);
            assertThat(setting(reply, "http.maxDepth").getString("source")).isEqualTo("option");
            assertThat(setting(reply, "context.summaries").getInteger("value")).isEqualTo(3);
            assertThat(setting(reply, "context.summaries").getString("source")).isEqualTo("settings");
            assertThat(setting(reply, "store.readers").getString("source")).isEqualTo("default");
            assertThat(setting(reply, "store.readers").getBoolean("restart")).isTrue();
            assertThat(setting(reply, "log.level").getJsonArray("words")).contains("debug");
            assertThat(setting(reply, "http.allowedHosts").getJsonArray("value"))
                    .contains("localhost");
            assertThat(setting(reply, "http.token").getBoolean("set")).isFalse();
        }
    }

    @Test
    @DisplayName("H3: a secret is never told")
    void secretsAreNeverTold() {
        try (HttpHarness http =
                HttpHarness.start(dir, Map.of("auth", "token", "token", HttpHarness.TOKEN), Limits.DEFAULT)) {
            assertThat(http.get("/api/settings").status()).isEqualTo(401);
            assertThat(put(http, "{\"http\":{\"auth\":\"off\"}}").status()).isEqualTo(401);
            String bearer = "Authorization: Bearer " + HttpHarness.TOKEN + "\r\n";
            Reply reply = http.request("GET /api/settings HTTP/1.1\r\nHost: localhost\r\n" + bearer + "\r\n");
            assertThat(reply.body()).doesNotContain(HttpHarness.TOKEN);
            assertThat(setting(reply, "http.token").getBoolean("set")).isTrue();
            assertThat(setting(reply, "http.token").containsKey("value")).isFalse();
            Reply refused = put(http, "{\"http\":{\"token\":12345678}}", bearer);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body()).doesNotContain("12345678");
            assertThat(put(http, "{\"http\":{\"token\":\"another-secret\"}}", bearer)
                            .body())
                    .doesNotContain("another-secret");
        }
    }

    @Test
    void aChangeIsWrittenForTheNextStart() throws IOException {
        Files.writeString(dir.resolve("settings.json"), "{\"context\":{\"summaries\":3},\"log\":{\"level\":\"warn\"}}");
        try (HttpHarness http = HttpHarness.start(dir, Map.of("maxDepth", 50), Limits.DEFAULT)) {
            Reply reply = put(
                    http,
                    "{\"context\":{\"summaries\":null,\"observations\":7},\"http\":{\"maxDepth\":60},\"log\":{\"level\":\"warn\"}}");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.json().getJsonArray("atNextStart"))
                    .containsExactly("context.summaries", "context.observations");
            assertThat(reply.json().getJsonObject("overridden").getString("http.maxDepth"))
                    .isEqualTo("option");
            assertThat(setting(http.get("/api/settings"), "context.observations")
                            .getInteger("value"))
                    .as("until then it is what it was")
                    .isEqualTo(30);
            JsonObject next =
                    setting(http.get("/api/settings"), "context.observations").getJsonObject("next");
            assertThat(next.getInteger("value")).isEqualTo(7);
            assertThat(next.getString("source")).isEqualTo("settings");
            assertThat(setting(http.get("/api/settings"), "context.summaries").getJsonObject("next"))
                    .as("back to its default")
                    .isEqualTo(new JsonObject("{\"value\":10,\"set\":true,\"source\":\"default\"}"));
            assertThat(setting(http.get("/api/settings"), "http.port").containsKey("next"))
                    .isFalse();
        }
        Path file = dir.resolve("settings.json");
        assertThat(new JsonObject(Files.readString(file)))
                .isEqualTo(new JsonObject(
                        "{\"context\":{\"observations\":7},\"log\":{\"level\":\"warn\"},\"http\":{\"maxDepth\":60}}"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(atNextStart().context().observations()).isEqualTo(7);
        assertThat(atNextStart().context().summaries()).isEqualTo(10);
        try (var files = Files.list(dir)) {
            assertThat(files.map(path -> path.getFileName().toString())).noneMatch(name -> name.endsWith(".new"));
        }
    }

    @Test
    void aSettingsFileThatNoStartWouldTakeIsNamed() throws IOException {
        try (HttpHarness http = HttpHarness.start(dir)) {
            assertThat(http.get("/api/settings").json().containsKey("problem")).isFalse();
            Files.writeString(dir.resolve("settings.json"), "{\"context\":");
            Reply reply = http.get("/api/settings");
            assertThat(reply.json().getString("problem")).contains("settings.json");
            assertThat(reply.json().getJsonArray("settings")).hasSize(Keys.ALL.size());
        }
    }

    @Test
    @DisplayName("H7: a change that does not fit changes nothing and names the key")
    void whatDoesNotFitChangesNothing() throws IOException {
        try (HttpHarness http = HttpHarness.start(dir)) {
            Map<String, String> refused = Map.of(
                    "{\"context\":{\"sumaries\":3}}", "context.sumaries",
                    "{\"context\":{\"observations\":5,\"summaries\":99}}", "context.summaries",
                    "{\"http\":{\"host\":\"0.0.0.0\"}}", "http.host",
                    "{\"http\":{\"port\":\"x\"}}", "http.port",
                    "{\"http\":7}", "http",
                    "{\"dataDir\":\"/elsewhere\"}", "dataDir",
                    "[]", "body");
            refused.forEach((body, field) -> {
                Reply reply = put(http, body);
                assertThat(reply.status()).as(body).isEqualTo(400);
                assertThat(reply.field()).as(body).isEqualTo(field);
            });
            assertThat(put(http, "{\"context\":{\"sumaries\":3}}").message())
                    .contains("the nearest is context.summaries");
            assertThat(Files.exists(dir.resolve("settings.json"))).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            search.command    | {"search":{"command":["/tmp/evil"]}}
            vector.chroma.url | {"vector":{"chroma":{"url":"http://127.0.0.1:9"}}}
            observer.claude.command | {"observer":{"claude":{"command":["/tmp/anything"]}}}
            observer.provider | {"observer":{"provider":"anthropic"}}
            observer.anthropic.url | {"observer":{"anthropic":{"url":"http://127.0.0.1:9"}}}
            observer.proxy | {"observer":{"proxy":"http://127.0.0.1:9"}}
            """)
    @DisplayName("H2: what is run, and where memories are sent, is not changed by whoever can reach the port")
    void whatGivesPowerNeedsTheToken(String key, String change, @TempDir Path other) {
        try (HttpHarness open = HttpHarness.start(dir)) {
            Reply refused = put(open, change);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.field()).isEqualTo(key);
            assertThat(Files.exists(dir.resolve("settings.json"))).isFalse();
        }
        try (HttpHarness locked =
                HttpHarness.start(other, Map.of("auth", "token", "token", HttpHarness.TOKEN), Limits.DEFAULT)) {
            assertThat(put(locked, change, "Authorization: Bearer " + HttpHarness.TOKEN + "\r\n")
                            .status())
                    .isEqualTo(200);
        }
    }
}
