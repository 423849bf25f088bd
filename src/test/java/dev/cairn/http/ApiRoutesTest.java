package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiRoutesTest extends ApiFixture {
    @ParameterizedTest
    @DisplayName("H7: a parameter that is unknown, given twice or out of bounds is refused by its name")
    @CsvSource({
        "/api/search?querry=a, querry",
        "/api/search?query=a&query=b, query",
        "/api/search?limit=0, limit",
        "/api/search?limit=101, limit",
        "/api/search?limit=ten, limit",
        "/api/search?offset=-1, offset",
        "/api/search?kind=cat, kind",
        "/api/search?order=best, order",
        "/api/search?from=tomorrow, from",
        "/api/search?from=2026-11-22&to=2026-11-21, from",
        "/api/search?explain=maybe, explain",
        "/api/search?format=xml, format",
        "/api/search?query=%, query",
        "/api/search?query=%zz, query",
        "/api/search?query=%ff%fe, query",
        "/api/search?%ff=a, parameter",
        "/api/timeline, anchor",
        "/api/timeline?anchor=1&query=a, anchor",
        "/api/timeline?anchor=soon, anchor",
        "/api/timeline?anchor=1&before=101, before",
        "/api/timeline?anchor=1&limit=3, limit",
        "/api/context, project",
        "/api/context?project=, project",
        "/api/context?project=a&maxTokens=1, maxTokens",
        "/api/context?project=a&maxTokens=9999, maxTokens",
        "/api/context?project=a&format=html, format",
        "/api/observations?limit=101, limit",
        "/api/observations?offset=1, offset",
        "/api/sessions?from=x, from",
        "/api/sessions?from=2&to=1, from",
        "/api/prompts/1?a=b, a"
    })
    void refusesParameters(String path, String field) {
        Reply reply = http.get(path);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("invalid_argument");
        assertThat(reply.field()).isEqualTo(field);
        assertThat(http.rooms.asked).isEmpty();
    }

    @Test
    void theChainIsToldWithItsDeployments() {
        var links = http.get("/api/verticles").json().getJsonArray("verticles");
        assertThat(links.getJsonObject(0).getString("name")).isEqualTo("http");
        assertThat(links.getJsonObject(1).getString("name")).isEqualTo("rooms");
        assertThat(links.getJsonObject(1).getInteger("stopOrder")).isEqualTo(1);
        assertThat(http.vertx.deploymentIDs()).contains(links.getJsonObject(0).getString("deploymentId"));
    }

    @Test
    void figures() {
        assertThat(http.get("/api/stats").json()).isEqualTo(new JsonObject("""
                        {"sessions":1,"prompts":2,"toolUses":3,"observations":4,"summaries":5,
                         "queue":{"pending":6,"claimed":7,"parked":8},"vectors":{"mode":"embedded","indexed":9,"total":11},
                         "database":{"path":"cairn.db","bytes":4096},"events":{"SessionEnd":1,"Stop":2}}
                        """));
        assertThat(http.get("/api/projects").json()).isEqualTo(new JsonObject("""
                        {"projects":[{"project":"/home/dev/kestrel","projectName":"kestrel","sessions":1,"observations":2,
                          "summaries":3,"prompts":4,"lastAt":5}]}
                        """));
        Reply metrics = http.get("/metrics");
        assertThat(metrics.body()).isEqualTo("up 1\n");
        assertThat(metrics.header("content-type")).startsWith("text/plain; version=0.0.4");
    }

    @Test
    void mcpIsPassedOnAndAnsweredAsTheEndpointSays() {
        assertThat(http.post("/mcp", "{\"id\":1}").body()).isEqualTo("{\"jsonrpc\":\"2.0\"}");
        assertThat(http.mcpBodies).contains("{\"id\":1}");
        http.post("/mcp?structured=true", "{\"id\":2}");
        assertThat(http.mcpBodies).contains("structured {\"id\":2}");
        assertThat(http.post("/mcp?structured=perhaps", "{\"id\":3}").status()).isEqualTo(400);
        http.mcpReply = new McpEndpoint.Reply(202, null);
        Reply accepted = http.post("/mcp", "{}");
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.body()).isEmpty();
        assertThat(accepted.header("content-type")).isNull();
    }
}
