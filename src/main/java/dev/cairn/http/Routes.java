package dev.cairn.http;

import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The table of routes. A path is exact, or ends in {@code *} for one more segment. Looked up by hash, whatever the number of
 * routes; it also knows each path's methods, for 405, HEAD and OPTIONS.
 */
final class Routes {
    /** Answers one request on the event loop. Whatever it throws or fails with becomes the error answer. */
    interface Action {
        Future<Answer> answer(Exchange exchange);
    }

    /**
     * @param open whether it is answered without the token
     * @param alive whether it is answered while the worker stops
     */
    record Route(Action action, boolean open, boolean alive) {}

    /** @param last the segment that stands for {@code *}, as it was sent; empty when there is none */
    record Match(Route route, String last) {}

    private final Map<String, Map<String, Route>> byPath = new HashMap<>();

    Routes get(String path, Action action) {
        return add("GET", path, new Route(action, false, false));
    }

    Routes post(String path, Action action) {
        return add("POST", path, new Route(action, false, false));
    }

    Routes delete(String path, Action action) {
        return add("DELETE", path, new Route(action, false, false));
    }

    Routes add(String method, String path, Route route) {
        if (byPath.computeIfAbsent(path, p -> new TreeMap<>()).put(method, route) != null) {
            throw new IllegalStateException(method + " " + path + " is there twice");
        }
        return this;
    }

    /** The route of a request; null when it is an OPTIONS that {@link #allow} answers. */
    @Nullable
    Match find(HttpMethod method, String path) {
        String last = "";
        Map<String, Route> methods = byPath.get(path);
        if (methods == null) {
            int slash = path.lastIndexOf('/');
            methods = slash < 0 ? null : byPath.get(path.substring(0, slash + 1) + "*");
            last = path.substring(slash + 1);
        }
        if (methods == null) {
            throw CairnException.notFound("there is no such route; GET / names the ones there are");
        }
        Route route = methods.get(method.equals(HttpMethod.HEAD) ? "GET" : method.name());
        if (route == null && !method.equals(HttpMethod.OPTIONS)) {
            throw new CairnException(
                    ErrorCode.METHOD_NOT_ALLOWED, "this route takes " + allow(methods) + ", not this method");
        }
        return route == null ? null : new Match(route, last);
    }

    /** The methods of a path, for the Allow header; empty for an unknown path. */
    String allow(String path) {
        Map<String, Route> methods = byPath.get(path);
        if (methods == null) {
            methods = byPath.get(path.substring(0, path.lastIndexOf('/') + 1) + "*");
        }
        return methods == null ? "" : allow(methods);
    }

    private static String allow(Map<String, Route> methods) {
        return String.join(", ", methods.keySet()) + (methods.containsKey("GET") ? ", HEAD" : "") + ", OPTIONS";
    }
}
