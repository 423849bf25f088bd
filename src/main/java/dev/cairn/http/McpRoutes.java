package dev.cairn.http;

import io.vertx.core.Future;
import java.util.List;

/** MCP over streamable HTTP: single messages are posted, each answered on its own; there is no stream to GET. */
final class McpRoutes {
    private static final String STRUCTURED = "structured";

    private final McpEndpoint endpoint;

    McpRoutes(McpEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    void addTo(Routes routes) {
        routes.post("/mcp", this::message);
    }

    private Future<Answer> message(Exchange exchange) {
        boolean structured = exchange.parameters(List.of(STRUCTURED)).flag(STRUCTURED, false);
        return exchange.text()
                .compose(body -> endpoint.handle(body, exchange.headers(), structured))
                .map(reply -> {
                    String json = reply.json();
                    return json == null ? Answer.empty(reply.status()) : Answer.json(reply.status(), json);
                });
    }
}
