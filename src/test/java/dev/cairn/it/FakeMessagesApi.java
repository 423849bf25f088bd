package dev.cairn.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cairn.bus.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The Messages API of a model that follows a script: each request of the agent's conversation is answered by the next turn, as
 * a stream of server-sent events. Requests are kept. A request without tools is one the agent makes for itself (a title, a
 * summary) and does not use up a turn.
 */
final class FakeMessagesApi implements AutoCloseable {
    /** What the model says when the script is at its end. */
    static final String DONE = "All done.";

    /** A turn: a text, or calls of tools. */
    record Turn(@Nullable String text, List<Call> calls) {
        static Turn says(String text) {
            return new Turn(text, List.of());
        }

        static Turn calls(String tool, ObjectNode input) {
            return new Turn(null, List.of(new Call(tool, input)));
        }
    }

    record Call(String tool, ObjectNode input) {}

    /** What a request without tools is answered by: a status and a text, or nothing at all. */
    record Said(int status, String text) {
        /** No answer comes, and the connection stays. */
        static final Said NOTHING = new Said(0, "");
        /** The answer begins, and then the connection is gone. */
        static final Said HALF = new Said(1, "{\"obser");

        static Said text(String text) {
            return new Said(200, text);
        }

        /** As the API words it. */
        static Said error(int status, String type, String message) {
            ObjectNode error = WireFormat.mapper().createObjectNode().put("type", "error");
            error.putObject("error").put("type", type).put("message", message);
            return new Said(status, error.toString());
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(body -> new Thread(body, "fake-messages"));
    private final Queue<Turn> script = new ConcurrentLinkedQueue<>();
    private volatile String aside = "";
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final List<JsonNode> asides = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Function<JsonNode, Said> toAsides = request -> Said.text(DONE);
    private final AtomicInteger ids = new AtomicInteger();

    FakeMessagesApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Forgets what was asked, and answers by these turns from now on. */
    void script(Turn... turns) {
        requests.clear();
        script.clear();
        script.addAll(List.of(turns));
    }

    /**
     * Conversations that begin with this text are another's, such as a sub-agent's: each request is answered with
     * {@link #DONE}, and neither kept nor a turn of the script.
     */
    void leaveOut(String beginning) {
        aside = beginning;
    }

    /** The requests of the agent's conversation since the script was set, in their order. */
    List<JsonNode> requests() {
        return List.copyOf(requests);
    }

    /** How requests without tools are answered from now on. */
    void answerAsides(Function<JsonNode, Said> answers) {
        toAsides = answers;
    }

    /** The requests without tools, in their order. */
    List<JsonNode> asides() {
        return List.copyOf(asides);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            if (!exchange.getRequestMethod().equals("POST") || !path.startsWith("/v1/messages")) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            JsonNode request = WireFormat.mapper().readTree(body);
            if (path.endsWith("/count_tokens")) {
                send(exchange, "application/json", "{\"input_tokens\":" + body.length / 4 + "}");
                return;
            }
            Turn turn = Turn.says(DONE);
            String first = request.at("/messages/0").toString();
            boolean another = !aside.isEmpty() && first.contains(aside);
            if (!request.path("tools").isEmpty() && !another) {
                requests.add(request);
                Turn next = script.poll();
                turn = next == null ? turn : next;
            } else if (!another) {
                asides.add(request);
                Said said = toAsides.apply(request);
                if (said.status() != 200) {
                    fail(exchange, said);
                    return;
                }
                turn = Turn.says(said.text());
            }
            send(exchange, "text/event-stream", stream(request.path("model").asText(), turn));
        }
    }

    private void fail(HttpExchange exchange, Said said) throws IOException {
        if (said.equals(Said.NOTHING)) {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else if (said.equals(Said.HALF)) {
            byte[] begin =
                    stream("half", Turn.says(said.text())).substring(0, 300).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, begin.length * 10L);
            exchange.getResponseBody().write(begin);
            exchange.getResponseBody().flush();
        } else {
            send(exchange, "application/json", said.status(), said.text());
        }
    }

    private static void send(HttpExchange exchange, String type, String text) throws IOException {
        send(exchange, type, 200, text);
    }

    private static void send(HttpExchange exchange, String type, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private String stream(String model, Turn turn) {
        StringBuilder events = new StringBuilder();
        ObjectNode message = event("message_start");
        ObjectNode start = message.putObject("message");
        start.put("id", "msg_fake" + ids.incrementAndGet())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model)
                .putNull("stop_reason")
                .putNull("stop_sequence");
        start.putArray("content");
        start.putObject("usage").put("input_tokens", 10).put("output_tokens", 1);
        append(events, message);
        List<ObjectNode> blocks = new ArrayList<>();
        if (turn.text() != null) {
            ObjectNode block = WireFormat.mapper().createObjectNode();
            blocks.add(block.put("type", "text").put("text", ""));
        }
        for (Call call : turn.calls()) {
            ObjectNode block = WireFormat.mapper().createObjectNode();
            block.put("type", "tool_use")
                    .put("id", "toolu_fake" + ids.incrementAndGet())
                    .put("name", call.tool());
            block.putObject("input");
            blocks.add(block);
        }
        for (int i = 0; i < blocks.size(); i++) {
            ObjectNode begin = event("content_block_start").put("index", i);
            begin.set("content_block", blocks.get(i));
            append(events, begin);
            ObjectNode delta = event("content_block_delta").put("index", i);
            if (turn.text() != null) {
                delta.putObject("delta").put("type", "text_delta").put("text", turn.text());
            } else {
                delta.putObject("delta")
                        .put("type", "input_json_delta")
                        .put("partial_json", turn.calls().get(i).input().toString());
            }
            append(events, delta);
            append(events, event("content_block_stop").put("index", i));
        }
        ObjectNode end = event("message_delta");
        end.putObject("delta")
                .put("stop_reason", turn.calls().isEmpty() ? "end_turn" : "tool_use")
                .putNull("stop_sequence");
        end.putObject("usage").put("output_tokens", 12);
        append(events, end);
        append(events, event("message_stop"));
        return events.toString();
    }

    private static ObjectNode event(String type) {
        return WireFormat.mapper().createObjectNode().put("type", type);
    }

    private static void append(StringBuilder events, ObjectNode event) {
        events.append("event: ")
                .append(event.path("type").asText())
                .append("\ndata: ")
                .append(event)
                .append("\n\n");
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
