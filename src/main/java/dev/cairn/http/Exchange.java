package dev.cairn.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.Parameters;
import dev.cairn.http.json.StrictJson;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerRequest;
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

    Exchange(HttpServerRequest request, BodyReader body, StrictJson json, WorkerExecutor parsers, boolean authorised) {
        this.request = request;
        this.body = body;
        this.json = json;
        this.parsers = parsers;
        this.authorised = authorised;
    }

    /** Whether the request carries the token, or none is asked for. */
    boolean authorised() {
        return authorised;
    }

    /** The last segment of the path, as it was sent. */
    String segment() {
        String path = request.path();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The last segment of the path as an id. */
    long id() {
        String last = segment();
        if (last.length() <= 18 && !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9')) {
            long id = Long.parseLong(last);
            if (id > 0) {
                return id;
            }
        }
        throw CairnException.invalid("id", "id must be a whole number from 1, not '" + Parameters.shown(last) + "'");
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
        return body.read().map(buffer -> StrictJson.utf8(buffer.getBytes(), "body"));
    }

    /** Reads the body and makes something of its JSON; a long one off the event loop. */
    <T> Future<T> json(Function<JsonNode, T> reading) {
        return body.read()
                .compose(buffer -> offloaded(buffer.length(), () -> reading.apply(json.parse(buffer.getBytes()))));
    }

    /** Runs {@code work}, which blocks, off the event loop. */
    <T> Future<T> blocking(Callable<T> work) {
        return parsers.executeBlocking(work, false);
    }

    /** Reads the body line by line, a batch at a time, however long it is; gives how many lines there were. */
    Future<Integer> lines(LineReader.Sink sink) {
        return body.lines(sink);
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
