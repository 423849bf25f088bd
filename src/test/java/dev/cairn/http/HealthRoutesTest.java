package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.PartStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthRoutesTest {
    @TempDir
    Path dir;

    private HttpHarness http;

    @BeforeEach
    void start() {
        http = new HttpHarness(dir, Map.of());
        http.deploy(Limits.DEFAULT);
    }

    @AfterEach
    void stop() {
        http.close();
    }

    @Test
    @DisplayName("B7: health echoes the instance that answers, part by part")
    void everythingUp() {
        http.lifecycle.ready();
        http.rooms.parts.put("vector", Future.succeededFuture(new PartStatus(true, "off", Map.of("mode", "off"))));

        JsonObject health = http.get("/health").json();

        assertThat(health.getString("status")).isEqualTo("up");
        assertThat(health.getString("instance")).isEqualTo("i-1");
        assertThat(health.getString("version")).isEqualTo("1.2.3");
        assertThat(health.getLong("pid")).isEqualTo(4711);
        assertThat(health.getLong("uptimeMs")).isBetween(0L, 60_000L);
        JsonObject parts = health.getJsonObject("parts");
        assertThat(parts.fieldNames())
                .containsExactly("store", "vector", "search", "sessions", "observer", "processes", "loops");
        assertThat(parts.getJsonObject("vector"))
                .isEqualTo(new JsonObject("{\"up\":true,\"state\":\"off\",\"detail\":{\"mode\":\"off\"}}"));
        assertThat(http.get("/health/ready").status()).isEqualTo(200);
        assertThat(http.get("/health/live").json().getString("instance")).isEqualTo("i-1");
    }

    @Test
    void notReadyUntilTheWorkerSaysSo() {
        assertThat(http.get("/health/ready").status()).isEqualTo(503);
        assertThat(http.get("/health").json().getString("status")).isEqualTo("starting");
        assertThat(http.get("/health/live").status()).isEqualTo(200);

        http.lifecycle.ready();

        assertThat(http.get("/health/ready").status()).isEqualTo(200);
    }

    @Test
    @DisplayName("E4: a part that is only useful degrades; one that is needed makes the worker unready")
    void degradedAndDown() {
        http.lifecycle.ready();
        http.rooms.parts.put("observer", Future.succeededFuture(new PartStatus(false, "no-claude", Map.of())));
        Reply degraded = http.get("/health");
        assertThat(degraded.status()).isEqualTo(200);
        assertThat(degraded.json().getString("status")).isEqualTo("degraded");
        assertThat(http.get("/health/ready").status()).isEqualTo(200);

        http.rooms.parts.put("store", Future.succeededFuture(new PartStatus(false, "disk-full", Map.of())));
        Reply down = http.get("/health");
        assertThat(down.status()).isEqualTo(503);
        assertThat(down.json().getString("status")).isEqualTo("down");
        assertThat(http.get("/health/ready").status()).isEqualTo(503);
        assertThat(http.get("/health/live").status()).isEqualTo(200);
    }

    @Test
    @DisplayName("B3: a blocked event loop makes the worker unready, whatever the parts say")
    void aBlockedLoop() {
        http.lifecycle.ready();
        http.loops(new PartStatus(false, "blocked", Map.of("blockedMs", "2500")));

        Reply reply = http.get("/health");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.json().getJsonObject("parts").getJsonObject("loops").getString("state"))
                .isEqualTo("blocked");
        assertThat(http.get("/health/ready").status()).isEqualTo(503);

        http.loops(PartStatus.up(Map.of()));
        assertThat(http.get("/health/ready").status()).isEqualTo(200);
    }

    @Test
    @DisplayName("B3: parts that hang or fail are down within the deadline, all at once")
    void hangingParts() {
        http.lifecycle.ready();
        for (String part : new String[] {"store", "vector", "search"}) {
            http.rooms.parts.put(part, Promise.<PartStatus>promise().future());
        }
        http.rooms.parts.put("processes", Future.failedFuture(new IllegalStateException("broken")));
        long begin = System.nanoTime();

        Reply reply = http.get("/health");

        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isBetween(900L, 2_500L);
        assertThat(reply.status()).isEqualTo(503);
        JsonObject parts = reply.json().getJsonObject("parts");
        assertThat(parts.getJsonObject("store").getString("state")).isEqualTo("timeout");
        assertThat(parts.getJsonObject("store").getBoolean("up")).isFalse();
        assertThat(parts.getJsonObject("processes").getString("state")).isEqualTo("failed");
        assertThat(parts.getJsonObject("sessions").getString("state")).isEqualTo("up");
    }
}
