package dev.cairn.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.Stats;
import dev.cairn.bus.VectorStats;
import dev.cairn.bus.WireFormat;
import dev.cairn.config.CairnConfig;
import io.vertx.core.Future;
import java.util.TreeMap;

/** Figures: of the store, of the projects, of the process. */
final class FigureRoutes {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Bus bus;
    private final HttpWiring wiring;

    FigureRoutes(Bus bus, HttpWiring wiring) {
        this.bus = bus;
        this.wiring = wiring;
    }

    void addTo(Routes routes) {
        routes.get("/metrics", exchange -> metrics());
        routes.get("/api/stats", exchange -> stats());
        routes.get("/api/projects", exchange -> projects());
    }

    private Future<Answer> metrics() {
        return Future.succeededFuture(
                Answer.text(PROMETHEUS, wiring.metricsScrape().get()));
    }

    private Future<Answer> stats() {
        Future<Stats> stats = bus.request(Addresses.STORE_STATS, Nothing.NOTHING);
        Future<VectorStats> vectors = bus.request(Addresses.STORE_VECTOR_STATS, Nothing.NOTHING);
        return Future.all(stats, vectors)
                .map(both -> Answer.json(200, nested(stats.result(), vectors.result(), wiring.config())));
    }

    private Future<Answer> projects() {
        return bus.request(Addresses.STORE_PROJECTS, Nothing.NOTHING)
                .map(projects -> Answer.json(200, Views.projects(projects)));
    }

    private static String nested(Stats stats, VectorStats vectors, CairnConfig config) {
        ObjectNode json = WireFormat.mapper().createObjectNode();
        json.put("sessions", stats.sessions())
                .put("prompts", stats.prompts())
                .put("toolUses", stats.toolUses())
                .put("observations", stats.observations())
                .put("summaries", stats.summaries());
        json.putObject("queue")
                .put("pending", stats.pending())
                .put("claimed", stats.claimed())
                .put("parked", stats.parked());
        json.putObject("vectors")
                .put("mode", config.vector().mode())
                .put("indexed", vectors.indexed())
                .put("total", stats.observations() + stats.summaries() + stats.prompts());
        json.putObject("database").put("path", stats.databasePath()).put("bytes", stats.databaseBytes());
        ObjectNode events = json.putObject("events");
        new TreeMap<>(stats.events()).forEach(events::put);
        return json.toString();
    }
}
