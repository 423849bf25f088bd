package dev.cairn.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.Timeline;
import dev.cairn.bus.TimelineQuery;
import dev.cairn.bus.WireFormat;
import dev.cairn.mcp.McpClient;
import dev.cairn.mcp.McpException;
import dev.cairn.mcp.ToolResult;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the search server answer, and the embedded way whenever that is not up, refuses or is slow: a search never fails
 * because a process did. Runs on the search verticle's event loop.
 */
final class ServedSearcher implements SearchService {
    /** How long the server may take for one answer, in milliseconds. */
    static final long TIMEOUT_MS = 2_000;

    /** So many answers missing one after the other, and another server is started. */
    static final int MAX_TIMEOUTS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(ServedSearcher.class);

    private final SearchServer server;
    private final SearchService embedded;
    private final Predicate<SearchQuery> ours;
    private final long timeoutMs;
    private long fallbacks;
    private int timeouts;
    private boolean serving;

    ServedSearcher(SearchServer server, SearchService embedded, long timeoutMs) {
        this(server, embedded, query -> false, timeoutMs);
    }

    /** @param ours which searches are none for the server, as it lacks what the worker has for them */
    ServedSearcher(SearchServer server, SearchService embedded, Predicate<SearchQuery> ours, long timeoutMs) {
        this.server = server;
        this.embedded = embedded;
        this.ours = ours;
        this.timeoutMs = timeoutMs;
    }

    /** How many questions the embedded way has answered instead. */
    long fallbacks() {
        return fallbacks;
    }

    /** Starts the server before the first question. */
    void warmUp() {
        server.get().onFailure(failure -> LOG.info("The search server is not up: {}", failure.getMessage()));
    }

    @Override
    public Future<SearchResult> search(SearchQuery query) {
        return ours.test(query)
                ? embedded.search(query)
                : ask(RecordTools.SEARCH, query, SearchResult.class, () -> embedded.search(query));
    }

    @Override
    public Future<Timeline> timeline(TimelineQuery query) {
        return ask(RecordTools.TIMELINE, query, Timeline.class, () -> embedded.timeline(query));
    }

    private <T> Future<T> ask(String tool, Object query, Class<T> answer, Supplier<Future<T>> otherwise) {
        boolean up = server.up();
        Future<McpClient> client = server.get();
        if (!up) {
            client.onFailure(failure -> LOG.debug("The search server is not up: {}", failure.getMessage()));
            return fallBack("it is " + server.state(), otherwise);
        }
        ObjectNode arguments = WireFormat.mapper().valueToTree(query);
        return client.compose(connected -> connected.callTool(tool, arguments, timeoutMs))
                .compose(result -> read(result, answer))
                .onSuccess(any -> served())
                .recover(failure -> {
                    if (failure instanceof WrongQuestion) {
                        // The embedded way refuses it with the field that is wrong.
                        served();
                        return otherwise.get();
                    }
                    count(failure);
                    return fallBack(String.valueOf(failure.getMessage()), otherwise);
                });
    }

    private static <T> Future<T> read(ToolResult result, Class<T> answer) {
        JsonNode structured = result.structured();
        if (result.error() && WrongQuestion.is(result.text())) {
            return Future.failedFuture(new WrongQuestion(result.text()));
        }
        if (result.error() || structured == null) {
            return Future.failedFuture(CairnException.unavailable(
                    result.error() ? "it refused: " + result.text() : "it answered no structured content"));
        }
        return Future.succeededFuture(WireFormat.decode(structured, answer));
    }

    /** The server refused what the caller asked: an answer, and no reason to do without the server. */
    private static final class WrongQuestion extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongQuestion(String message) {
            super(message);
        }

        static boolean is(String text) {
            return text.startsWith(ErrorCode.INVALID_ARGUMENT.wire() + ": ");
        }
    }

    private void served() {
        timeouts = 0;
        if (!serving) {
            serving = true;
            LOG.info("The search server answers");
        }
    }

    private <T> Future<T> fallBack(String why, Supplier<Future<T>> otherwise) {
        fallbacks++;
        if (serving) {
            serving = false;
            LOG.info("The worker searches by itself instead of the search server: {}", why);
        }
        return otherwise.get();
    }

    /** A server that hangs would cost every question the time-out; one slow answer is no reason to end it. */
    private void count(Throwable failure) {
        boolean timeout = failure instanceof McpException missing && missing.kind() == McpException.Kind.TIMEOUT;
        timeouts = timeout ? timeouts + 1 : 0;
        if (timeouts >= MAX_TIMEOUTS) {
            timeouts = 0;
            server.recycle(MAX_TIMEOUTS + " questions were not answered within " + timeoutMs + " ms")
                    .onFailure(gone -> LOG.info("The search server was not started anew: {}", gone.getMessage()));
        }
    }
}
