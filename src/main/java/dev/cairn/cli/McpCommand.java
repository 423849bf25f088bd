package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.config.CairnConfig;
import dev.cairn.model.CairnException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * MCP over standard input and output for hosts that speak nothing else: each line is posted to the worker, each answer written
 * as a line. A worker that is away, or goes away, makes each request fail by itself; the next worker is found as soon as it runs.
 */
@Command(
        name = "mcp",
        description = "Serves MCP on standard input and output by the running worker; ends with its input.")
final class McpCommand extends WorkerCommand {
    private static final int TIMEOUT_MS = 60_000;
    private static final int MOST_AT_ONCE = 8;
    private static final Set<String> SLOW =
            Set.of("tools/call", "resources/list", "resources/read", "prompts/get", "completion/complete");
    private static final int PARSE_ERROR = -32_700;
    private static final int INVALID_REQUEST = -32_600;
    private static final int INTERNAL_ERROR = -32_603;

    @Option(names = "--start", description = "Starts the worker first when none runs.")
    boolean start;

    @Option(names = "--structured", description = "Asks for structured answers of every tool, for programs.")
    boolean structured;

    private final LifeCommands.Starting starting;
    private final OutputStream out = System.out;
    /** What the host and the worker agreed on; null before they did. */
    private volatile @Nullable String protocol;

    McpCommand(Session session, WorkerStarter starter) {
        super(session);
        this.starting = new LifeCommands.Starting(session, starter);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        CairnConfig config = config();
        if (start) {
            int code = starting.start(config, conf, System.err);
            if (code != DONE) {
                return code;
            }
        }
        // As many as are under way at once: the reader itself takes the next, and so reads no further.
        ExecutorService callers = new ThreadPoolExecutor(
                0,
                MOST_AT_ONCE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                McpCommand::thread,
                new ThreadPoolExecutor.CallerRunsPolicy());
        Input input =
                new Input(new BufferedInputStream(System.in), config.http().maxBodyBytes());
        for (String line = input.next(); line != null; line = input.next()) {
            take(config, line, callers);
        }
        callers.shutdown();
        return callers.awaitTermination(TIMEOUT_MS + 5_000, TimeUnit.MILLISECONDS) ? DONE : FAILED;
    }

    private static Thread thread(Runnable body) {
        Thread thread = new Thread(body, "cairn-mcp");
        thread.setDaemon(true);
        return thread;
    }

    private void take(CairnConfig config, String line, ExecutorService callers) {
        if (line.isBlank()) {
            return;
        }
        JsonNode message;
        try {
            message = JsonTree.read(line);
        } catch (IOException e) {
            write(error(null, PARSE_ERROR, "the line is not JSON, or longer than http.maxBodyBytes"));
            return;
        }
        if (!message.isObject()) {
            write(error(null, INVALID_REQUEST, "a message is one JSON object"));
            return;
        }
        if (SLOW.contains(message.path("method").asText())) {
            callers.execute(() -> exchange(config, line, message));
        } else {
            // Quick, and in their order: what follows initialize must not overtake it.
            exchange(config, line, message);
        }
    }

    private void exchange(CairnConfig config, String line, JsonNode message) {
        JsonNode id = message.has("method") ? message.get("id") : null;
        String answer = null;
        try {
            WorkerHttp http = session.http(config, TIMEOUT_MS);
            for (Map.Entry<String, String> header :
                    McpHeaders.of(message, protocol).entrySet()) {
                http = http.with(header.getKey(), header.getValue());
            }
            String path = structured ? "/mcp?structured=true" : "/mcp";
            WorkerHttp.Answer reply = http.send("POST", session.url(config, path), line);
            answer = id == null ? null : told(id, reply);
        } catch (CairnException e) {
            session.forget();
            answer = id == null ? null : error(id, INTERNAL_ERROR, e.getMessage());
        } catch (RuntimeException e) {
            answer = id == null ? null : error(id, INTERNAL_ERROR, "the bridge failed: " + e);
        }
        if (answer == null) {
            return;
        }
        if (message.path("method").asText().equals("initialize")) {
            agreed(answer);
        }
        write(answer);
    }

    /** The worker's answer when it is one to this request, else what became of the request. */
    private static String told(JsonNode id, WorkerHttp.Answer reply) {
        try {
            JsonNode json = JsonTree.read(reply.body());
            if (json.has("jsonrpc")) {
                return json.toString();
            }
            String why = json.path("error").path("message").asText("HTTP status " + reply.status());
            return error(id, INTERNAL_ERROR, why);
        } catch (IOException e) {
            return error(id, INTERNAL_ERROR, "the worker answered with HTTP status " + reply.status());
        }
    }

    private void agreed(String answer) {
        JsonNode version = Session.json(answer).path("result").path("protocolVersion");
        protocol = version.isTextual() ? version.asText() : protocol;
    }

    private static String error(@Nullable JsonNode id, int code, String message) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
        json.set("id", id);
        json.putObject("error").put("code", code).put("message", message);
        return json.toString();
    }

    private void write(String line) {
        synchronized (out) {
            try {
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException("the host reads no more", e);
            }
        }
    }

    /** Lines of UTF-8 with a bound; what is longer is read past and told as a line that is no JSON. */
    private static final class Input {
        private final InputStream in;
        private final int maxBytes;

        Input(InputStream in, int maxBytes) {
            this.in = in;
            this.maxBytes = maxBytes;
        }

        @Nullable
        String next() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            long length = 0;
            int c = in.read();
            if (c < 0) {
                return null;
            }
            for (; c >= 0 && c != '\n'; c = in.read()) {
                length++;
                if (length <= maxBytes) {
                    line.write(c);
                }
            }
            return length > maxBytes ? "too long" : line.toString(StandardCharsets.UTF_8);
        }
    }
}
