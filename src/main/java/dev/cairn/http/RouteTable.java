package dev.cairn.http;

import dev.cairn.bus.Bus;
import io.vertx.core.Vertx;

/** Which area answers which route. */
final class RouteTable {
    private RouteTable() {}

    /** The routes of one instance. */
    static Routes of(Vertx vertx, Bus bus, HttpWiring wiring, Live live, Limits limits) {
        Routes routes = new Routes();
        new HookRoutes(bus, wiring).addTo(routes);
        new HealthRoutes(bus, wiring).addTo(routes);
        new FigureRoutes(bus, wiring).addTo(routes);
        new ListRoutes(bus).addTo(routes);
        new SearchRoutes(bus, wiring).addTo(routes);
        new MemoryRoutes(bus).addTo(routes);
        new CarryRoutes(bus).addTo(routes);
        new SettingsRoutes(wiring.config()).addTo(routes);
        new ProcessRoutes(bus).addTo(routes);
        new StreamRoutes(vertx, live, limits.streams()).addTo(routes);
        new AdminRoutes(vertx, wiring).addTo(routes);
        new McpRoutes(wiring.mcp().apply(vertx)).addTo(routes);
        new LandingPage(wiring.info()).addTo(routes);
        return routes;
    }
}
