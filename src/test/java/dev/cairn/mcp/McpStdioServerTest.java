package dev.cairn.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class McpStdioServerTest {
    private final Vertx vertx = Vertx.vertx();
    private final Promise<McpToolAnswer> slow = Promise.promise();
    private OutputStream input;
    private BufferedReader output;
    private McpStdioServer server;
    private Future<Void> ended;

    @BeforeEach
    void serve() throws Exception {
        PipedInputStream in = new PipedInputStream(1024 * 1024);
        input = new PipedOutputStream(in);
        PipedInputStream out = new PipedInputStream(1024 * 1024);
        output = new BufferedReader(new InputStreamReader(out, StandardCharsets.UTF_8));
        McpHandler handler = new McpHandler(
                new McpServerInfo("test", "Test", "1", "none"),
                McpOffer.ofTools(List.of(
                        tool("slow", slow.future()),
                        tool("fast", Future.succeededFuture(McpToolAnswer.of("line\nbreak \u2028 \u6f22"))),
                        tool(
                                "records",
                                Future.succeededFuture(McpToolAnswer.structured(
                                        "1",
                                        JsonNodeFactory.instance.objectNode().put("k", 1)))))));
        server = new McpStdioServer(vertx, handler, in, new PipedOutputStream(out));
        ended = server.serve();
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void aSlowAnswerKeepsNoOtherWaiting() throws Exception {
        call(1, "slow");
        call(2, "fast");

        assertThat(read().getInteger("id")).isEqualTo(2);
        slow.complete(McpToolAnswer.of("done"));
        assertThat(read().getInteger("id")).isEqualTo(1);
    }

    @Test
    void everyAnswerIsOneLine() throws Exception {
        call(1, "fast");

        assertThat(text(read())).isEqualTo("line\nbreak \u2028 \u6f22");
    }

    @Test
    void structuredContentIsThereForToolsThatGiveItAlone() throws Exception {
        call(1, "fast");
        call(2, "records");

        assertThat(read().getJsonObject("result").containsKey("structuredContent"))
                .isFalse();
        assertThat(read().getJsonObject("result").getJsonObject("structuredContent"))
                .isEqualTo(new JsonObject().put("k", 1));
    }

    @Test
    void garbageIsRefusedAndNotificationsAreSilent() throws Exception {
        write("nonsense\n\n{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\r\n");
        call(7, "fast");

        assertThat(read().getJsonObject("error").getInteger("code")).isEqualTo(-32700);
        assertThat(read().getInteger("id")).isEqualTo(7);
    }

    @Test
    void aLineBeyondTheBoundIsRefusedAndTheNextIsServed() throws Exception {
        byte[] piece = "x".repeat(1024 * 1024).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 9; i++) {
            input.write(piece);
        }
        write("\n");
        call(2, "fast");

        assertThat(read().getJsonObject("error").getString("message")).contains("bytes");
        assertThat(read().getInteger("id")).isEqualTo(2);
    }

    @Test
    void theEndOfTheInputEndsItAfterTheLastAnswer() throws Exception {
        call(1, "fast");
        // Without its line end: what a pipe leaves behind is a line too.
        write("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}");
        input.close();

        ended.await(5, TimeUnit.SECONDS);
        assertThat(List.of(read().getInteger("id"), read().getInteger("id"))).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void aCallThatNeverEndsDoesNotKeepItFromEnding() throws Exception {
        call(1, "slow");
        input.close();

        ended.await(5, TimeUnit.SECONDS);
    }

    @Test
    void aBrokenOutputEndsIt() throws Exception {
        output.close();
        call(1, "fast");

        ended.await(5, TimeUnit.SECONDS);
    }

    @Test
    void afterItsCloseNothingIsWritten() throws Exception {
        call(1, "slow");
        call(2, "fast");
        assertThat(read().getInteger("id")).isEqualTo(2);

        server.close().await(5, TimeUnit.SECONDS);
        slow.complete(McpToolAnswer.of("too late"));

        assertThat(ended.isComplete()).isTrue();
        assertThat(output.ready()).isFalse();
    }

    private void call(int id, String tool) throws IOException {
        write("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\"}}\n");
    }

    private void write(String text) throws IOException {
        input.write(text.getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    private JsonObject read() throws IOException {
        return new JsonObject(output.readLine());
    }

    private static String text(JsonObject answer) {
        return answer.getJsonObject("result")
                .getJsonArray("content")
                .getJsonObject(0)
                .getString("text");
    }

    private static McpTool tool(String name, Future<McpToolAnswer> answer) {
        return new McpTool(
                name,
                name,
                name,
                JsonNodeFactory.instance.objectNode().put("type", "object"),
                McpTool.Effect.READS,
                arguments -> answer);
    }
}
