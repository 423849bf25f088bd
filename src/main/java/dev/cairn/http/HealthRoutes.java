package dev.cairn.http;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.PartStatus;
import dev.cairn.bus.WireFormat;
import dev.cairn.chain.Lifecycle;
import dev.cairn.chain.WorkerInfo;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How the worker is: whether it lives, whether it can be used, and each of its parts. */
final class HealthRoutes {
    private static final long PART_TIMEOUT_MS = 1_000;
    private static final String LOOPS = "loops";

    /** Without these no hook is kept and nothing is found; the others only make the answers poorer. */
    private static final Set<String> NEEDED = Set.of(LOOPS, "store", "search", "sessions");

    private record Health(
            String status,
            String instance,
            String version,
            long pid,
            long uptimeMs,
            @Nullable Map<String, PartStatus> parts) {}

    private final Bus bus;
    private final WorkerInfo info;
    private final Lifecycle lifecycle;
    private final Supplier<PartStatus> loops;
    private final boolean observing;

    HealthRoutes(Bus bus, HttpWiring wiring) {
        this.bus = bus;
        this.info = wiring.info();
        this.lifecycle = wiring.lifecycle();
        this.loops = wiring.loops();
        this.observing = wiring.config().observer().max() > 0;
    }

    void addTo(Routes routes) {
        routes.add("GET", "/health/live", new Routes.Route(exchange -> live(), true, true));
        routes.add("GET", "/health/ready", new Routes.Route(this::ready, true, false));
        routes.add("GET", "/health", new Routes.Route(this::health, true, false));
    }

    private Future<Answer> live() {
        return Future.succeededFuture(Answer.json(health(lifecycle.stopping() ? "stopping" : "up", null)));
    }

    private Future<Answer> ready(Exchange exchange) {
        return parts().map(parts -> {
            String status = status(parts);
            return answer(status, health(status, null));
        });
    }

    private Future<Answer> health(Exchange exchange) {
        return parts().map(parts -> {
            String status = status(parts);
            // The parts tell of directories and failures: only for those who may know.
            return answer(status, health(status, exchange.authorised() ? parts : null));
        });
    }

    private static Answer answer(String status, Health health) {
        boolean usable = status.equals("up") || status.equals("degraded");
        return Answer.json(usable ? 200 : ErrorCode.UNAVAILABLE.httpStatus(), WireFormat.encode(health));
    }

    private Health health(String status, @Nullable Map<String, PartStatus> parts) {
        long uptimeMs = Math.max(0, System.currentTimeMillis() - info.startedAt());
        return new Health(status, info.instance(), info.version(), info.pid(), uptimeMs, parts);
    }

    private String status(Map<String, PartStatus> parts) {
        if (lifecycle.state() == Lifecycle.State.STARTING) {
            return "starting";
        }
        boolean allUp = true;
        for (Map.Entry<String, PartStatus> part : parts.entrySet()) {
            if (!part.getValue().up()) {
                if (NEEDED.contains(part.getKey())) {
                    return "down";
                }
                allUp = false;
            }
        }
        return allUp ? "up" : "degraded";
    }

    private Future<Map<String, PartStatus>> parts() {
        List<Future<PartStatus>> asked = new ArrayList<>();
        for (String part : Addresses.PARTS) {
            if (part.equals("observer") && !observing) {
                // Somebody's choice, and no trouble.
                asked.add(Future.succeededFuture(new PartStatus(true, "off", Map.of())));
                continue;
            }
            asked.add(bus.request(Addresses.health(part), Nothing.NOTHING, PART_TIMEOUT_MS)
                    .otherwise(failure ->
                            down(Bus.toCairn("cairn.health." + part, failure).code())));
        }
        return Future.all(asked).map(all -> {
            Map<String, PartStatus> parts = new LinkedHashMap<>();
            for (int i = 0; i < asked.size(); i++) {
                parts.put(Addresses.PARTS.get(i), asked.get(i).result());
            }
            parts.put(LOOPS, loops.get());
            return parts;
        });
    }

    private static PartStatus down(ErrorCode code) {
        String state = switch (code) {
            case TIMEOUT -> "timeout";
            case UNAVAILABLE -> "absent";
            default -> "failed";
        };
        return new PartStatus(false, state, Map.of());
    }
}
