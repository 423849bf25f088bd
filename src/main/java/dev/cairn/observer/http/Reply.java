package dev.cairn.observer.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cairn.bus.WireFormat;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** What a server answered, whatever its status. */
record Reply(int status, MultiMap headers, Buffer body) {
    boolean succeeded() {
        return status / 100 == 2;
    }

    /** The body as JSON; missing when it is none. */
    JsonNode json() {
        try {
            JsonNode tree = WireFormat.mapper().readTree(body.getBytes());
            return tree == null ? MissingNode.getInstance() : tree;
        } catch (java.io.IOException e) {
            return MissingNode.getInstance();
        }
    }

    /** Whether the body is a page for people, as proxies and the like send them. */
    boolean page() {
        String type = headers.get("Content-Type");
        return (type != null && type.startsWith("text/html"))
                || start(200).stripLeading().startsWith("<");
    }

    /** The first bytes of the body as a text. */
    String start(int bytes) {
        return body.getString(0, Math.min(bytes, body.length()), StandardCharsets.UTF_8.name());
    }
}
