package dev.cairn.http;

import io.vertx.core.Future;

/** MCP over streamable HTTP: single messages are posted, each answered on its own; there is no stream to GET. */
final class McpRoutes {
    private final McpEndpoint endpoint;

    McpRoutes(McpEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    void addTo(Routes routes) {
        routes.post("/mcp", this::message);
    }

    private Future<Answer> message(Exchange exchange) {
        return exchange.text()
                .compose(body -> endpoint.handle(body, exchange.headers()))
                .map(reply -> {
                    String json = reply.json();
                    return json == null ? Answer.empty(reply.status()) : Answer.json(reply.status(), json);
                });
    }
}
