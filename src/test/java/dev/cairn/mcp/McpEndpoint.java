package dev.cairn.mcp;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The handler behind a real HTTP server on a loopback port, as the worker mounts it. */
final class McpEndpoint implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    final int port;

    McpEndpoint() throws Exception {
        this(null);
    }

    /** @param given null for {@link #handler} */
    McpEndpoint(@Nullable McpHandler given) throws Exception {
        McpHandler handler = given == null ? handler(vertx) : given;
        Router router = Router.router(vertx);
        router.post("/mcp")
                .handler(BodyHandler.create(false))
                .handler(context -> handler.handle(
                                context.request().headers(),
                                context.body().asString() == null
                                        ? ""
                                        : context.body().asString(),
                                "true".equals(context.request().getParam("structured")))
                        .onSuccess(reply -> {
                            context.response().setStatusCode(reply.status());
                            if (reply.json() == null) {
                                context.response().end();
                            } else {
                                context.response()
                                        .putHeader("content-type", "application/json")
                                        .end(reply.json());
                            }
                        }));
        router.route("/mcp")
                .handler(context -> context.response().setStatusCode(405).end());
        HttpServer server = vertx.createHttpServer().requestHandler(router);
        port = server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS).actualPort();
    }

    static McpHandler handler(Vertx vertx) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", "object").putObject("properties").putObject("text").put("type", "string");
        schema.put("additionalProperties", false);
        return new McpHandler(
                new McpServerInfo("test", "Test server", "1.2.3", "Call echo."),
                McpOffer.ofTools(List.of(
                        new McpTool("echo", "Echo", "Says it again", schema, McpTool.Effect.READS, arguments -> {
                            String text = arguments.path("text").asText();
                            return vertx.timer(1).map(fired -> McpToolAnswer.of(text));
                        }),
                        new McpTool(
                                "refuse",
                                "Refuse",
                                "Refuses",
                                schema,
                                McpTool.Effect.ADDS,
                                arguments -> Future.succeededFuture(McpToolAnswer.refusal("text must be short"))),
                        new McpTool(
                                "fail",
                                "Fail",
                                "Fails",
                                schema,
                                McpTool.Effect.DESTROYS,
                                arguments -> Future.failedFuture(new IllegalStateException("secret detail"))),
                        new McpTool("crash", "Crash", "Throws", schema, McpTool.Effect.DESTROYS, arguments -> {
                            throw new IllegalStateException("secret detail");
                        }))));
    }

    @Override
    public void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }
}
