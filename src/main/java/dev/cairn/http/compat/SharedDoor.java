package dev.cairn.http.compat;

import io.vertx.core.Future;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One route that the worker has as well: it answers for both, or as one of them where the request says which is meant.
 *
 * @param wants whether it has to do with this request at all; otherwise the worker's own answer goes out as it is
 */
public record SharedDoor(String method, String path, Predicate<Request> wants, Handler handler) {
    /** Answers one request. */
    public interface Handler {
        /** @param own the worker's own answer; fails as that does */
        Future<Reply> answer(Request request, Supplier<Future<Reply>> own);
    }

    /** One that has to do with every request. */
    SharedDoor(String method, String path, Handler handler) {
        this(method, path, any -> true, handler);
    }
}
