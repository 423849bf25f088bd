package dev.cairn.http;

import dev.cairn.bus.Bus;
import dev.cairn.http.hooks.Hooks;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An agent's hook events. */
final class HookRoutes {
    private static final List<String> PARAMETERS = List.of("platform");

    /** What the hooks of the worker's own agents carry, from their environment; empty from all others. */
    private static final String OWN = "X-Cairn-Observer";

    private final Hooks hooks;

    HookRoutes(Bus bus, HttpWiring wiring) {
        hooks = new Hooks(bus, wiring.meters(), wiring.config().context());
    }

    void addTo(Routes routes) {
        routes.post("/hooks", exchange -> record(exchange, null));
        routes.post("/hooks/:event", exchange -> record(exchange, exchange.segment()));
    }

    private Future<Answer> record(Exchange exchange, @Nullable String event) {
        String platform = exchange.parameters(PARAMETERS).text("platform", 64);
        String own = exchange.header(OWN);
        boolean isOwn = own != null && !own.isBlank();
        return exchange.json(body -> hooks.read(event, platform, exchange.requestId(), isOwn, body))
                .compose(hooks::record)
                .map(output -> Answer.json(200, output));
    }
}
