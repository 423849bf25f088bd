package dev.cairn.mcp;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The other end of a channel in memory: keeps what was sent, and says what a test tells it to. */
final class FakeServer implements LineChannel {
    final List<JsonObject> sent = new CopyOnWriteArrayList<>();
    final Promise<Void> closed = Promise.promise();
    volatile Consumer<JsonObject> onMessage = message -> {};
    private volatile Handler<String> handler = line -> {};

    /** Answers the introduction with this revision. */
    static FakeServer speaking(String version) {
        FakeServer server = new FakeServer();
        server.onMessage = message -> {
            if ("initialize".equals(message.getString("method"))) {
                server.answer(
                        message,
                        new JsonObject()
                                .put("protocolVersion", version)
                                .put(
                                        "serverInfo",
                                        new JsonObject().put("name", "fake").put("version", "9")));
            }
        };
        return server;
    }

    void answer(JsonObject request, JsonObject result) {
        say(new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", request.getValue("id"))
                .put("result", result)
                .encode());
    }

    void say(String line) {
        handler.handle(line);
    }

    List<JsonObject> sent(String method) {
        return sent.stream()
                .filter(message -> method.equals(message.getString("method")))
                .toList();
    }

    @Override
    public Future<Void> send(String line) {
        if (closed.future().isComplete()) {
            return Future.failedFuture("it is gone");
        }
        JsonObject message = new JsonObject(line);
        sent.add(message);
        onMessage.accept(message);
        return Future.succeededFuture();
    }

    @Override
    public void lines(Handler<String> taker) {
        handler = taker;
    }

    @Override
    public Future<?> closed() {
        return closed.future();
    }
}
