package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Count;
import dev.cairn.bus.RetryTurns;
import dev.cairn.bus.Turns;
import dev.cairn.bus.TurnsQuery;
import dev.cairn.bus.UsageQuery;
import dev.cairn.bus.UsageReport;
import dev.cairn.bus.UsageSum;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The routes of the queue and of what models used. */
class QueueRoutesTest {
    private static final Turns.Item PARKED = new Turns.Item(
            7,
            "parked",
            FakeRooms.PROJECT,
            "claude-code",
            "s-1",
            3,
            5,
            "the model refused it",
            0,
            12,
            1_700_000_000_000L);

    @TempDir
    static Path dir;

    private static HttpHarness http;

    @BeforeAll
    static void start() {
        http = HttpHarness.start(dir, Map.of("compat", false), Limits.DEFAULT);
    }

    @AfterAll
    static void stop() {
        http.close();
    }

    @Test
    void parkedTurnsAreShownWithTheirErrorUnlessOthersAreAskedFor() {
        http.rooms.turns = query -> Future.succeededFuture(new Turns(List.of(PARKED)));
        assertThat(http.get("/api/turns").json()).isEqualTo(new JsonObject("""
                                {"items":[{"id":7,"state":"parked","project":"/home/dev/kestrel","projectName":"kestrel",
                                "platform":"claude-code","sessionId":"s-1","turn":3,"attempts":5,
                                "lastError":"the model refused it","notBefore":0,"toolUses":12,
                                "lastEventAt":1700000000000}],"next":null}"""));
        assertThat(http.rooms.last(TurnsQuery.class)).isEqualTo(new TurnsQuery("parked", null, 20));
        JsonObject full = http.get("/api/turns?state=pending&limit=1&cursor=6").json();
        assertThat(http.rooms.last(TurnsQuery.class)).isEqualTo(new TurnsQuery("pending", 6L, 1));
        assertThat(full.getString("next")).isEqualTo("7");
    }

    @Test
    void aTurnIsRunAgainByItsIdAndAllByNone() {
        http.rooms.retry =
                request -> Future.succeededFuture(new Count(request.ids().isEmpty() ? 9 : 1));
        assertThat(http.post("/api/turns/7/retry", "").json()).isEqualTo(new JsonObject("{\"retried\":1}"));
        assertThat(http.rooms.last(RetryTurns.class)).isEqualTo(new RetryTurns(List.of(7L)));
        assertThat(http.post("/api/turns/retry", "{}").json()).isEqualTo(new JsonObject("{\"retried\":9}"));
        assertThat(http.rooms.last(RetryTurns.class)).isEqualTo(new RetryTurns(List.of()));
    }

    @Test
    void whyATurnIsNotRunAgainIsSaid() {
        http.rooms.retry = request -> Future.failedFuture(
                new CairnException(ErrorCode.CONFLICT, "turn 8 is pending; only a parked one can be run again"));
        Reply refused = http.post("/api/turns/8/retry", "");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().getJsonObject("error").getString("message")).startsWith("turn 8 is pending");
    }

    @Test
    void whatModelsUsedIsToldByTheGroupsAskedForInDollarsToo() {
        Map<String, String> group = new LinkedHashMap<>();
        group.put("day", "2026-11-23");
        group.put("provider", "openai");
        UsageSum sum = new UsageSum(3, 1, 1_000, 200, 30, 4, 1_234_567, 1);
        http.rooms.usage =
                query -> Future.succeededFuture(new UsageReport(sum, List.of(new UsageReport.Item(group, sum))));
        String figures = "\"calls\":3,\"failures\":1,\"tokens\":1234,\"inputTokens\":1000,\"outputTokens\":200,"
                + "\"cacheReadTokens\":30,\"cacheWriteTokens\":4,\"cost\":1.234567,\"costMicros\":1234567,"
                + "\"unpricedCalls\":1}";
        assertThat(http.get("/api/usage?by=provider,day&from=2026-11-22&to=2026-11-23&project=kestrel&provider=openai")
                        .body())
                .isEqualTo("{\"total\":{" + figures + ",\"items\":[{\"day\":\"2026-11-23\",\"provider\":\"openai\","
                        + figures + "]}");
        assertThat(http.rooms.last(UsageQuery.class))
                .isEqualTo(new UsageQuery(
                        Instant.parse("2026-11-22T00:00:00Z").toEpochMilli(),
                        Instant.parse("2026-11-24T00:00:00Z").toEpochMilli(),
                        "kestrel",
                        "openai",
                        List.of("provider", "day")));
        http.get("/api/usage");
        assertThat(http.rooms.last(UsageQuery.class)).isEqualTo(new UsageQuery(null, null, null, null, List.of("day")));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/turns?limit=0, limit",
        "GET, /api/turns?limit=101, limit",
        "GET, /api/turns?cursor=x, cursor",
        "GET, /api/turns?cursor=-1, cursor",
        "GET, /api/turns?states=parked, states",
        "POST, /api/turns/0/retry, id",
        "POST, /api/turns/x/retry, id",
        "POST, /api/turns//retry, id",
        "GET, /api/usage?from=yesterday, from",
        "GET, /api/usage?from=2026-11-23&to=2026-11-22, from",
        "GET, /api/usage?days=7, days",
    })
    void badInputIsRefusedByItsName(String method, String path, String field) {
        int before = http.rooms.asked.size();
        Reply reply = method.equals("GET") ? http.get(path) : http.post(path, "");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().getJsonObject("error").getString("field")).isEqualTo(field);
        assertThat(http.rooms.asked).hasSize(before);
    }
}
