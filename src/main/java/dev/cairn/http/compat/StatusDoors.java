package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.Projects;
import dev.cairn.bus.Stats;
import dev.cairn.chain.WorkerInfo;
import dev.cairn.http.json.Fields;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How the worker is, in the contract's words, and which version it tells. */
final class StatusDoors {
    private static final long HEALTH_MS = 1_000;

    private final Bus bus;
    private final WorkerInfo info;
    private final PluginVersion version;
    private final BooleanSupplier ready;
    private final Memories memories;
    private final String vectorMode;

    /** @param ready whether the worker takes requests */
    StatusDoors(
            Bus bus,
            WorkerInfo info,
            PluginVersion version,
            BooleanSupplier ready,
            Memories memories,
            String vectorMode) {
        this.bus = bus;
        this.info = info;
        this.version = version;
        this.ready = ready;
        this.memories = memories;
        this.vectorMode = vectorMode;
    }

    List<Door> doors() {
        return List.of(
                new Door("GET", "/api/health", true, this::health),
                new Door("GET", "/api/readiness", true, request -> Future.succeededFuture(readiness())),
                new Door(
                        "GET",
                        "/api/version",
                        true,
                        request -> told(request)
                                .map(told -> Reply.json(Reply.object().put("version", told)))),
                new Door(
                        "GET",
                        "/healthz",
                        true,
                        request ->
                                Future.succeededFuture(Reply.json(Reply.object().put("status", "ok")))),
                new Door("GET", "/api/processing-status", false, request -> processing()),
                new Door(
                        "GET",
                        "/api/mcp/status",
                        false,
                        request ->
                                Future.succeededFuture(Reply.json(Reply.object().put("enabled", true)))),
                new Door("POST", "/api/mcp/toggle", false, this::toggle),
                new Door("GET", "/api/chroma/status", false, request -> chroma()));
    }

    List<SharedDoor> shared() {
        return List.of(
                new SharedDoor("GET", "/health", (request, own) -> ownHealth(own)),
                new SharedDoor("GET", "/api/stats", this::stats),
                new SharedDoor("GET", "/api/projects", this::projects));
    }

    private Future<String> told(Request request) {
        String known = version.known();
        return known == null ? request.blocking(version::look) : Future.succeededFuture(known);
    }

    private long uptimeS() {
        return Math.max(0, System.currentTimeMillis() - info.startedAt()) / 1_000;
    }

    private Future<Reply> health(Request request) {
        return told(request).map(told -> {
            ObjectNode json = Reply.object()
                    .put("status", "ok")
                    .put("version", told)
                    .put("workerPath", "cairn " + info.version())
                    .put("uptime", uptimeS())
                    .put("managed", false)
                    .put("hasIpc", false)
                    .put("platform", platform())
                    .put("pid", info.pid())
                    .put("initialized", ready.getAsBoolean())
                    .put("mcpReady", ready.getAsBoolean());
            json.putObject("ai")
                    .put("provider", "cairn")
                    .put("authMethod", "none")
                    .putNull("lastInteraction");
            json.putObject("dependencies").put("degraded", false).putArray("statuses");
            json.putObject("rateLimits");
            return Reply.json(json);
        });
    }

    private static String platform() {
        String system = System.getProperty("os.name", "").toLowerCase(java.util.Locale.ROOT);
        return system.startsWith("mac") ? "darwin" : system.startsWith("win") ? "win32" : "linux";
    }

    private Reply readiness() {
        return ready.getAsBoolean()
                ? Reply.json(Reply.object().put("status", "ready").put("mcpReady", true))
                : Reply.json(
                        503, Reply.object().put("status", "initializing").put("message", "the worker is starting"));
    }

    private Future<Reply> ownHealth(Supplier<Future<Reply>> own) {
        Future<Integer> active = active();
        return own.get()
                .compose(reply -> active.map(sessions -> {
                    ObjectNode json = (ObjectNode) Rows.tree(reply.body());
                    json.put("timestamp", System.currentTimeMillis()).put("activeSessions", sessions);
                    return Reply.json(reply.status(), json);
                }));
    }

    /** How many sessions were heard of lately; 0 where nobody says so in time. */
    private Future<Integer> active() {
        return bus.request(Addresses.health("sessions"), Nothing.NOTHING, HEALTH_MS)
                .map(status -> number(status.detail().get("active")))
                .otherwise(0);
    }

    private static int number(@Nullable String digits) {
        return digits != null && digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : 0;
    }

    private Future<Reply> processing() {
        return bus.request(Addresses.STORE_STATS, Nothing.NOTHING).map(stats -> Reply.json(processing(stats)));
    }

    static ObjectNode processing(Stats stats) {
        long depth = stats.pending() + stats.claimed();
        return Reply.object()
                .put("isProcessing", depth > 0)
                .put("queueDepth", depth)
                .put("parkedSessions", stats.parked());
    }

    private Future<Reply> stats(Request request, Supplier<Future<Reply>> own) {
        Future<Integer> active = active();
        // The worker's own figures are told without it, too.
        Future<@Nullable Long> first = memories.firstObservation().otherwise((Long) null);
        Future<String> told = told(request);
        return own.get()
                .compose(reply -> Future.all(active, first, told).map(all -> {
                    ObjectNode json = (ObjectNode) Rows.tree(reply.body());
                    json.putObject("worker")
                            .put("version", told.result())
                            .put("uptime", uptimeS())
                            .put("activeSessions", active.result())
                            .put("sseClients", request.watchers())
                            .put("port", request.port());
                    ObjectNode database = json.withObject("/database");
                    Long at = first.result();
                    database.put("size", database.path("bytes").asLong())
                            .put("observations", json.path("observations").asLong())
                            .put("sessions", json.path("sessions").asLong())
                            .put("summaries", json.path("summaries").asLong())
                            .put("firstObservationAt", at == null ? null : Rows.iso(at));
                    return Reply.json(json);
                }));
    }

    /** The worker's own list of {@code projects} has the contract's names beside it; asked by host, it is the contract's. */
    private Future<Reply> projects(Request request, Supplier<Future<Reply>> own) {
        if (new Query(request).platform() != null) {
            return memories.projects().map(all -> Reply.json(names(all)));
        }
        return own.get()
                .compose(reply -> memories.projects().map(all -> {
                    ObjectNode json = (ObjectNode) Rows.tree(reply.body());
                    Rows.fill(json, names(all));
                    return Reply.json(json);
                }));
    }

    /** {@code {projects, sources, projectsBySource}}, by name, the one last used first. */
    static ObjectNode names(Projects all) {
        List<String> names = all.projects().stream()
                .map(row -> row.project().name())
                .distinct()
                .toList();
        ObjectNode json = Reply.object();
        add(json.putArray("projects"), names);
        // Which hosts a project was worked on from is not counted; the contract's own is its default.
        json.putArray("sources").add("claude");
        add(json.putObject("projectsBySource").putArray("claude"), names);
        return json;
    }

    private static void add(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private Future<Reply> toggle(Request request) {
        return request.body().map(body -> {
            Fields fields = Fields.of(body);
            if (fields.raw("enabled") == null || !fields.flag("enabled")) {
                throw CairnException.invalid(
                        "enabled", "enabled must be true: the tools at POST /mcp are always there");
            }
            return Reply.json(Reply.object().put("success", true).put("enabled", true));
        });
    }

    private Future<Reply> chroma() {
        return bus.request(Addresses.health("vector"), Nothing.NOTHING, HEALTH_MS)
                .map(status -> {
                    boolean up = status.up() && !vectorMode.equals("off");
                    return Reply.json(Reply.object()
                            .put("status", vectorMode.equals("off") ? "disabled" : up ? "healthy" : "unhealthy")
                            .put("connected", up)
                            .put("mode", vectorMode)
                            .put("details", status.state())
                            .put("timestamp", Rows.iso(System.currentTimeMillis())));
                });
    }
}
