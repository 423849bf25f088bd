package dev.cairn.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Running the worker. */
final class AdminRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);
    /** Time for the answer to leave before the stop begins. */
    private static final long ANSWER_MS = 20;

    private final Vertx vertx;
    private final HttpWiring wiring;

    AdminRoutes(Vertx vertx, HttpWiring wiring) {
        this.vertx = vertx;
        this.wiring = wiring;
    }

    void addTo(Routes routes) {
        routes.post("/api/admin/shutdown", this::shutdown);
    }

    private Future<Answer> shutdown(Exchange exchange) {
        // A body is not needed; one that is there must be JSON, as everywhere, so that no web form can ask for this.
        return exchange.text().map(body -> {
            LOG.info("A stop was asked for over HTTP");
            vertx.setTimer(ANSWER_MS, soon -> wiring.onShutdownRequested().run());
            return Answer.json(202, "{\"stopping\":true}").with("Connection", "close");
        });
    }
}
