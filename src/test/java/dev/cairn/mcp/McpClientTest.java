package dev.cairn.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class McpClientTest {
    private static final McpPeer SELF = new McpPeer("test", "1");
    private static final long LONG_MS = 10_000;

    private final Vertx vertx = Vertx.vertx();
    private final FakeServer server = FakeServer.speaking("2025-06-18");

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void introducesItselfWithTheNewestRevisionAndTakesTheServers() throws Exception {
        McpClient client = connect();

        assertThat(client.protocolVersion()).isEqualTo("2025-06-18");
        assertThat(client.server()).isEqualTo(new McpPeer("fake", "9"));
        JsonObject params = server.sent("initialize").get(0).getJsonObject("params");
        assertThat(params.getString("protocolVersion")).isEqualTo("2025-11-25");
        assertThat(params.getJsonObject("clientInfo").getString("name")).isEqualTo("test");
        assertThat(server.sent.get(1))
                .isEqualTo(new JsonObject("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"));
    }

    @Test
    void aRevisionNobodyKnowsIsRefused() {
        McpException failure = failure(McpClient.connect(vertx, FakeServer.speaking("1999-01-01"), SELF, LONG_MS));

        assertThat(failure.kind()).isEqualTo(McpException.Kind.BAD_ANSWER);
        assertThat(failure).hasMessageContaining("1999-01-01").hasMessageContaining("2025-06-18");
    }

    @Test
    void answersFindTheirRequestsWhateverTheirOrder() throws Exception {
        McpClient client = connect();
        List<Future<ToolResult>> results = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            results.add(client.callTool("echo", arguments("n", i), LONG_MS));
        }
        List<JsonObject> calls = server.sent("tools/call");
        for (int i = calls.size() - 1; i >= 0; i--) {
            server.answer(
                    calls.get(i),
                    text(calls.get(i)
                            .getJsonObject("params")
                            .getJsonObject("arguments")
                            .encode()));
        }

        for (int i = 0; i < 50; i++) {
            assertThat(await(results.get(i)).text()).isEqualTo("{\"n\":" + i + "}");
        }
        assertThat(client.waiting()).isZero();
    }

    @Test
    void aResultHasTextsStructureAndWhetherItFailed() throws Exception {
        McpClient client = connect();
        Future<ToolResult> call = client.callTool("t", arguments("n", 1), LONG_MS);
        server.answer(
                server.sent("tools/call").get(0),
                new JsonObject("{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image\",\"data\":\"x\"},"
                        + "{\"type\":\"text\",\"text\":\"b\"}],\"structuredContent\":{\"k\":1},\"isError\":true}"));

        ToolResult result = await(call);
        assertThat(result.texts()).containsExactly("a", "b");
        assertThat(result.structured()).hasToString("{\"k\":1}");
        assertThat(result.error()).isTrue();
    }

    @Test
    void pastItsDeadlineARequestFailsAndTheServerIsTold() throws Exception {
        McpClient client = connect();

        McpException failure = failure(client.callTool("slow", arguments("n", 1), 20));

        assertThat(failure.kind()).isEqualTo(McpException.Kind.TIMEOUT);
        Object id = server.sent("tools/call").get(0).getValue("id");
        assertThat(server.sent("notifications/cancelled")
                        .get(0)
                        .getJsonObject("params")
                        .getValue("requestId"))
                .isEqualTo(id);
        server.answer(server.sent("tools/call").get(0), text("late"));
        assertThat(client.ignoredLines()).isEqualTo(1);
        assertThat(client.waiting()).isZero();
    }

    @Test
    @DisplayName(
            "A12: a server that never speaks costs its deadline and no more, and its introduction is not taken back")
    void aSilentServerFailsTheConnection() {
        FakeServer silent = new FakeServer();

        McpException failure = failure(McpClient.connect(vertx, silent, SELF, 20));

        assertThat(failure.kind()).isEqualTo(McpException.Kind.TIMEOUT);
        assertThat(silent.sent("notifications/cancelled")).isEmpty();
    }

    @Test
    void theEndOfTheChannelFailsAllThatWaitAndAllThatCome() throws Exception {
        McpClient client = connect();
        Future<ToolResult> first = client.callTool("a", arguments("n", 1), LONG_MS);
        Future<Void> second = client.ping(LONG_MS);

        server.closed.complete();

        assertThat(failure(first).kind()).isEqualTo(McpException.Kind.CLOSED);
        assertThat(failure(second).kind()).isEqualTo(McpException.Kind.CLOSED);
        assertThat(failure(client.ping(LONG_MS)).kind()).isEqualTo(McpException.Kind.CLOSED);
        assertThat(client.waiting()).isZero();
    }

    @Test
    void noMoreThanItsBoundWaits() throws Exception {
        McpClient client = connect();
        List<Future<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < McpConnection.MAX_PENDING; i++) {
            waiting.add(client.ping(LONG_MS));
        }

        assertThat(failure(client.ping(LONG_MS)).kind()).isEqualTo(McpException.Kind.BUSY);

        server.answer(server.sent("ping").get(0), new JsonObject());
        await(waiting.get(0));
        assertThat(client.ping(LONG_MS).isComplete()).isFalse();
    }

    @Test
    void errorsOfTheProtocolKeepTheirCode() throws Exception {
        McpClient client = connect();
        Future<ToolResult> call = client.callTool("none", arguments("n", 1), LONG_MS);
        server.say("{\"jsonrpc\":\"2.0\",\"id\":"
                + server.sent("tools/call").get(0).getValue("id")
                + ",\"error\":{\"code\":-32602,\"message\":\"unknown tool\"}}");

        McpException failure = failure(call);
        assertThat(failure.kind()).isEqualTo(McpException.Kind.REFUSED);
        assertThat(failure.code()).isEqualTo(-32602);
        assertThat(failure).hasMessageContaining("unknown tool");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"result\":7",
                "\"result\":null",
                "\"result\":{}",
                "\"result\":{\"content\":7}",
                "\"error\":7",
                "\"error\":{\"message\":\"no code\"}",
                "\"result\":{\"content\":[]},\"error\":{\"code\":1,\"message\":\"both\"}"
            })
    void whatIsNoAnswerFailsItsRequestAtOnce(String answer) throws Exception {
        McpClient client = connect();
        Future<ToolResult> call = client.callTool("t", arguments("n", 1), LONG_MS);
        server.say("{\"jsonrpc\":\"2.0\",\"id\":"
                + server.sent("tools/call").get(0).getValue("id") + "," + answer + "}");

        assertThat(failure(call).kind()).isEqualTo(McpException.Kind.BAD_ANSWER);
    }

    @Test
    void whatAServerPrintsBesideTheProtocolIsCountedAndIgnored() throws Exception {
        McpClient client = connect();
        Future<Void> ping = client.ping(LONG_MS);
        for (String line : List.of(
                "Starting up...",
                "",
                "[1,2]",
                "{\"a\":1}",
                "{",
                "\u0000",
                "{\"jsonrpc\":\"2.0\",\"id\":999,\"result\":{}}")) {
            server.say(line);
        }
        server.say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"data\":\"x\"}}");
        server.answer(server.sent("ping").get(0), new JsonObject());

        await(ping);
        assertThat(client.ignoredLines()).isEqualTo(7);
    }

    @Test
    void theServersOwnRequestsAreAnswered() throws Exception {
        connect();
        server.say("{\"jsonrpc\":\"2.0\",\"id\":\"s1\",\"method\":\"ping\"}");
        server.say("{\"jsonrpc\":\"2.0\",\"id\":\"s2\",\"method\":\"roots/list\"}");

        int last = server.sent.size() - 1;
        assertThat(server.sent.get(last - 1))
                .isEqualTo(new JsonObject("{\"jsonrpc\":\"2.0\",\"id\":\"s1\",\"result\":{}}"));
        assertThat(server.sent.get(last).getJsonObject("error").getInteger("code"))
                .isEqualTo(-32601);
        assertThat(server.sent.get(last).getString("id")).isEqualTo("s2");
    }

    @Test
    void aLineOfManyMegabytesIsRead() throws Exception {
        McpClient client = connect();
        Future<ToolResult> call = client.callTool("t", arguments("n", 1), LONG_MS);
        String huge = "x".repeat(24 * 1024 * 1024);
        server.answer(server.sent("tools/call").get(0), text(huge));

        assertThat(await(call).text()).hasSize(huge.length());
    }

    @Test
    void toolsOfAllPagesAreListed() throws Exception {
        McpClient client = connect();
        server.onMessage = message -> {
            String cursor = message.getJsonObject("params").getString("cursor");
            JsonObject tool = new JsonObject()
                    .put("name", cursor == null ? "a" : "b")
                    .put("inputSchema", new JsonObject().put("type", "object"));
            JsonObject page = new JsonObject().put("tools", new JsonArray().add(tool));
            server.answer(message, cursor == null ? page.put("nextCursor", "2") : page);
        };

        assertThat(await(client.listTools(LONG_MS)))
                .extracting(ListedTool::name)
                .containsExactly("a", "b");
    }

    @Test
    void aListWithoutEndIsGivenUp() throws Exception {
        McpClient client = connect();
        server.onMessage = message -> server.answer(
                message, new JsonObject().put("tools", new JsonArray()).put("nextCursor", "again"));

        assertThat(failure(client.listTools(LONG_MS)).kind()).isEqualTo(McpException.Kind.BAD_ANSWER);
    }

    @Test
    void anAnswerComesOnTheContextOfWhoAsked() throws Exception {
        McpClient client = connect();
        Context asker = vertx.getOrCreateContext();
        Promise<Context> on = Promise.promise();
        Promise<Void> asked = Promise.promise();
        asker.runOnContext(any -> {
            client.ping(LONG_MS).onComplete(done -> on.complete(Vertx.currentContext()));
            asked.complete();
        });
        await(asked.future());
        server.answer(server.sent("ping").get(0), new JsonObject());

        assertThat(await(on.future())).isSameAs(asker);
    }

    private McpClient connect() throws Exception {
        return await(McpClient.connect(vertx, server, SELF, LONG_MS));
    }

    private static ObjectNode arguments(String name, int value) {
        return JsonNodeFactory.instance.objectNode().put(name, value);
    }

    private static JsonObject text(String text) {
        return new JsonObject()
                .put(
                        "content",
                        new JsonArray().add(new JsonObject().put("type", "text").put("text", text)));
    }

    private static McpException failure(Future<?> future) {
        return catchThrowableOfType(McpException.class, () -> await(future));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(10, TimeUnit.SECONDS);
    }
}
