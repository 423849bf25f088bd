package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** One request as a route of the contract sees it. Used on its event loop only. */
public interface Request {
    /** The parameters that are given. */
    Set<String> names();

    /** All values of a parameter in their order; empty when it is not given. */
    List<String> values(String name);

    /** A segment of the path, as it was sent; the first one has the number 0. */
    String segment(int number);

    /** The body; an empty object when there is none. Must be asked for as the request arrives, and comes once for all who ask. */
    Future<JsonNode> body();

    /** Whether the body is JSON of a length that is told, and no longer than what is read whole. */
    boolean isSmallJson();

    /** The request's name in the log. */
    String id();

    /** The port it came to. */
    int port();

    /** How many watch the live stream. */
    int watchers();

    /** Runs work that blocks off the event loop. */
    <T> Future<T> blocking(Callable<T> work);
}
