package dev.cairn.http;

import dev.cairn.chain.ChainLinks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/** The chain of verticles that the worker is made of. */
final class VerticleRoutes {
    private record Verticles(List<ChainLinks.Link> verticles) {}

    private final Vertx vertx;

    VerticleRoutes(Vertx vertx) {
        this.vertx = vertx;
    }

    void addTo(Routes routes) {
        routes.get(
                "/api/verticles",
                exchange -> Future.succeededFuture(
                        Answer.json(new Verticles(ChainLinks.of(vertx).all()))));
    }
}
