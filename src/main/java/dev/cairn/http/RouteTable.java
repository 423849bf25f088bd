package dev.cairn.http;

import dev.cairn.bus.Bus;
import dev.cairn.http.compat.Compat;
import io.vertx.core.Vertx;

/** Which area answers which route. */
final class RouteTable {
    private RouteTable() {}

    /** The routes of one instance. */
    static Routes of(Vertx vertx, Bus bus, HttpWiring wiring, Live live, Limits limits, Compat.Shared shared) {
        Routes routes = new Routes();
        CompatRoutes compat =
                new CompatRoutes(new Compat(bus, wiring.config(), wiring.info(), wiring.lifecycle(), shared), live);
        boolean withCompat = wiring.config().http().compat();
        // The router tries one route after the other by its regular expression: what agents wait for stands first.
        new HookRoutes(bus, wiring).addTo(routes);
        new EventRoutes(bus).addTo(routes);
        if (withCompat) {
            compat.addTo(routes);
        }
        new HealthRoutes(bus, wiring).addTo(routes);
        new FigureRoutes(bus, wiring).addTo(routes);
        new ListRoutes(bus).addTo(routes);
        new SearchRoutes(bus, wiring).addTo(routes);
        new MemoryRoutes(bus).addTo(routes);
        new CarryRoutes(bus).addTo(routes);
        new SettingsRoutes(wiring.config()).addTo(routes);
        new ProcessRoutes(bus).addTo(routes);
        new QueueRoutes(bus).addTo(routes);
        new UsageRoutes(bus).addTo(routes);
        new StreamRoutes(vertx, bus, live, limits.streams(), withCompat).addTo(routes);
        new AdminRoutes(vertx, wiring).addTo(routes);
        new McpRoutes(wiring.mcp().apply(vertx)).addTo(routes);
        new VerticleRoutes(vertx).addTo(routes);
        new PageRoutes().addTo(routes);
        new DocsRoutes(wiring.info().version()).addTo(routes);
        if (withCompat) {
            compat.around(routes);
        }
        return routes;
    }
}
