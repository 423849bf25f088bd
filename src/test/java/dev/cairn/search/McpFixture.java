package dev.cairn.search;

import static dev.cairn.search.SearchBridgeVerticleTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Bus;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.ConfigLoader;
import dev.cairn.mcp.McpHandler;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Calls of an MCP endpoint over the search room, with a store that answers from lists. */
abstract class McpFixture {
    final Vertx vertx = Vertx.vertx();
    FakeStore store;
    McpHandler handler;

    @BeforeEach
    void start() throws Exception {
        store = new FakeStore(vertx);
        handler = McpTools.create(new Bus(vertx), "0.1.0");
        await(vertx.deployVerticle(new SearchBridgeVerticle(
                ConfigLoader.of(new JsonObject()), null, ChainVerticle.Next.one(() -> new AbstractVerticle() {}))));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    JsonObject result(String method, JsonObject params) throws Exception {
        JsonObject answer = call(false, method, params);
        assertThat(answer.getJsonObject("result")).as(answer.encode()).isNotNull();
        return answer.getJsonObject("result");
    }

    JsonObject error(String method, JsonObject params) throws Exception {
        JsonObject answer = call(false, method, params);
        assertThat(answer.getJsonObject("error")).as(answer.encode()).isNotNull();
        return answer.getJsonObject("error");
    }

    JsonObject call(boolean structured, String method, JsonObject params) throws Exception {
        JsonObject request = new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", 1)
                .put("method", method)
                .put("params", params);
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (params.containsKey("_meta")) {
            headers.add("MCP-Protocol-Version", "2026-07-28").add("Mcp-Method", method);
            String name = named(params);
            if (name != null) {
                headers.add("Mcp-Name", name);
            }
        }
        String json =
                await(handler.handle(headers, request.encode(), structured)).json();
        assertThat(json).isNotNull();
        return new JsonObject(json);
    }

    static @Nullable String named(JsonObject params) {
        return params.getString("uri", params.getString("name"));
    }
}
