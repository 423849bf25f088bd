package dev.cairn.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.Parameters;
import dev.cairn.http.json.StrictJson;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request as a route sees it: its parts, read with bounds. Used on its event loop only. */
final class Exchange {
    private final HttpServerRequest request;
    private final BodyReader body;
    private final StrictJson json;
    private final WorkerExecutor parsers;
    private final boolean authorised;
    private final String requestId;
    private @Nullable Future<Buffer> whole;

    Exchange(
            HttpServerRequest request,
            BodyReader body,
            StrictJson json,
            WorkerExecutor parsers,
            boolean authorised,
            String requestId) {
        this.request = request;
        this.body = body;
        this.json = json;
        this.parsers = parsers;
        this.authorised = authorised;
        this.requestId = requestId;
    }

    /** Whether the request carries the token, or none is asked for. */
    boolean authorised() {
        return authorised;
    }

    /** The request's name in the log. */
    String requestId() {
        return requestId;
    }

    /** The whole path, as it was sent. */
    String path() {
        return request.path();
    }

    /** The last segment of the path, as it was sent. */
    String segment() {
        String path = request.path();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** A segment of the path, as it was sent; the first one has the number 0. */
    String segment(int number) {
        return request.path().split("/", -1)[number + 1];
    }

    /** All parameters of the URL, whatever their names. */
    Map<String, List<String>> query() {
        return QueryString.all(request.query());
    }

    /** The port the request came to. */
    int port() {
        SocketAddress address = request.localAddress();
        return address == null ? 0 : address.port();
    }

    /** The last segment of the path as an id. */
    long id() {
        return id(segment());
    }

    /** A segment of the path as an id; the first one has the number 0. */
    long id(int number) {
        return id(segment(number));
    }

    private static long id(String text) {
        if (text.length() <= 18 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            long id = Long.parseLong(text);
            if (id > 0) {
                return id;
            }
        }
        throw CairnException.invalid("id", "id must be a whole number from 1, not '" + Parameters.shown(text) + "'");
    }

    /** The parameters of the URL; any that is not among {@code known} is refused. */
    Parameters parameters(Iterable<String> known) {
        return new Parameters(query(known));
    }

    /** The same, as all values of each name. */
    Function<String, List<String>> query(Iterable<String> known) {
        return QueryString.parse(request.query(), known);
    }

    /** The first value of a header; null when it is not given. */
    @Nullable
    String header(String name) {
        return request.getHeader(name);
    }

    /** Headers with names in lower case, the first value of each. */
    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        request.headers().forEach((name, value) -> headers.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
        return headers;
    }

    /** The body as text. */
    Future<String> text() {
        return read().map(buffer -> StrictJson.utf8(buffer.getBytes(), "body"));
    }

    /** Reads the body and makes something of its JSON; a long one off the event loop. */
    <T> Future<T> json(Function<JsonNode, T> reading) {
        return read().compose(buffer -> offloaded(buffer.length(), () -> reading.apply(json.parse(buffer.getBytes()))));
    }

    /** The same, of nothing when there is no body. */
    <T> Future<T> optionalJson(Function<@Nullable JsonNode, T> reading) {
        return read().compose(buffer -> offloaded(
                buffer.length(), () -> reading.apply(buffer.length() == 0 ? null : json.parse(buffer.getBytes()))));
    }

    /** The whole body; it arrives once, however often it is asked for. */
    private Future<Buffer> read() {
        Future<Buffer> reading = whole;
        if (reading == null) {
            reading = body.read();
            whole = reading;
        }
        return reading;
    }

    /** Runs {@code work}, which blocks, off the event loop. */
    <T> Future<T> blocking(Callable<T> work) {
        return parsers.executeBlocking(work, false);
    }

    /** Whether the body says that it is one piece of JSON, of a length that {@link #json} takes. */
    boolean isSmallJson() {
        return body.isSmallJson();
    }

    /** Reads the body line by line, a batch at a time, however long it is; gives how many lines there were. */
    Future<Integer> lines(LineReader.Sink sink) {
        Future<Buffer> already = whole;
        return already == null ? body.lines(sink) : already.compose(buffer -> WholeLines.take(buffer, sink));
    }

    /** Runs {@code work} on the event loop when it is about few bytes, else on a thread for such work. */
    <T> Future<T> offloaded(long size, Callable<T> work) {
        if (size > Limits.PARSE_INLINE) {
            return parsers.executeBlocking(work, false);
        }
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }
}
