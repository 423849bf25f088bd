package dev.cairn.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the areas answer, to be put on a {@link Router}. A path is exact; a segment {@code :name} of it is any one, an empty one
 * too. Of two paths that match, the one added first answers.
 */
final class Routes {
    /** Answers one request on the event loop. Whatever it throws or fails with becomes the error answer. */
    interface Action {
        Future<Answer> answer(Exchange exchange);
    }

    /** Answers in the place of another action, which it may use. */
    interface Around {
        Future<Answer> answer(Exchange exchange, Action own);
    }

    /**
     * @param open whether it is answered without the token
     * @param alive whether it is answered while the worker stops
     */
    record Route(Action action, boolean open, boolean alive) {}

    private final Map<String, Map<String, Route>> byPath = new LinkedHashMap<>();

    Routes get(String path, Action action) {
        return add("GET", path, new Route(action, false, false));
    }

    Routes post(String path, Action action) {
        return add("POST", path, new Route(action, false, false));
    }

    Routes put(String path, Action action) {
        return add("PUT", path, new Route(action, false, false));
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

    /** Puts {@code around} before a route that is there: it may answer in its place, ask it, and change its answer. */
    Routes around(String method, String path, Around around) {
        Map<String, Route> methods = byPath.get(path);
        Route own = methods == null ? null : methods.get(method);
        if (methods == null || own == null) {
            throw new IllegalStateException(method + " " + path + " is not there");
        }
        Action action = exchange -> around.answer(exchange, own.action());
        methods.put(method, new Route(action, own.open(), own.alive()));
        return this;
    }

    /** Which methods each path has, in the order of the paths. */
    Map<String, Set<String>> methods() {
        Map<String, Set<String>> methods = new LinkedHashMap<>();
        byPath.forEach((path, routes) -> methods.put(path, Set.copyOf(routes.keySet())));
        return methods;
    }

    /** A router on which every request goes through {@code door} first and every failure last. */
    Router router(Vertx vertx, FrontDoor door) {
        Router router = Router.router(vertx);
        router.route().handler(door::enter).failureHandler(door::refuse);
        byPath.forEach((path, methods) -> {
            methods.forEach((method, route) -> {
                var at = at(router, path).method(HttpMethod.valueOf(method));
                if (method.equals("GET")) {
                    at.method(HttpMethod.HEAD);
                }
                at.handler(context -> door.answer(context, route));
            });
            String allow = allow(methods);
            // A route for every other method: it knows the path's own methods, which an errorHandler for 405 is not
            // told.
            at(router, path).handler(context -> door.otherMethod(context, allow));
        });
        return router.errorHandler(404, door::refuse);
    }

    /**
     * A path as a regular expression, matched as it was sent. Router's own path syntax would also take a slash at the end,
     * resolve {@code ..}, and decode percent signs: several spellings of each path, where one is easier to guard.
     */
    private static io.vertx.ext.web.Route at(Router router, String path) {
        String pattern = Arrays.stream(path.split("/", -1))
                .map(segment -> segment.startsWith(":") ? "[^/]*" : Pattern.quote(segment))
                .collect(Collectors.joining("/"));
        return router.routeWithRegex(pattern).useNormalizedPath(false).setName(path);
    }

    private static String allow(Map<String, Route> methods) {
        return String.join(", ", methods.keySet()) + (methods.containsKey("GET") ? ", HEAD" : "") + ", OPTIONS";
    }
}
