package dev.cairn.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.Parameters;
import dev.cairn.bus.ProcessHistoryQuery;
import dev.cairn.bus.Recycle;
import dev.cairn.http.json.Fields;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The worker's children: what runs, what ran, and two things to do about it. */
final class ProcessRoutes {
    private static final List<String> HISTORY = List.of("from", "to", "step");
    private static final Set<String> RECYCLE = Set.of("kind", "pid");
    private static final long HOUR_MS = 3_600_000;
    private static final int MAX_STEP_S = 86_400;
    private static final int MAX_POINTS = 10_000;

    private final Bus bus;

    ProcessRoutes(Bus bus) {
        this.bus = bus;
    }

    void addTo(Routes routes) {
        routes.get("/api/processes", exchange -> snapshot());
        routes.get("/api/processes/history", this::history);
        routes.get("/api/processes/alerts", exchange -> alerts());
        routes.post("/api/admin/sweep", this::sweep);
        routes.post("/api/admin/recycle", this::recycle);
    }

    private Future<Answer> snapshot() {
        return bus.request(Addresses.PROCESS_SNAPSHOT, Nothing.NOTHING).map(Answer::json);
    }

    private Future<Answer> alerts() {
        return bus.request(Addresses.PROCESS_ALERTS, Nothing.NOTHING).map(Answer::json);
    }

    private Future<Answer> history(Exchange exchange) {
        Parameters parameters = exchange.parameters(HISTORY);
        long now = System.currentTimeMillis();
        long to = Objects.requireNonNullElse(parameters.time("to", true), now);
        long from = Objects.requireNonNullElse(parameters.time("from", false), to - HOUR_MS);
        long step = 1_000L * Objects.requireNonNullElse(parameters.number("step", 1, MAX_STEP_S), 60);
        if (from >= to) {
            throw CairnException.invalid("from", "from must be before to");
        }
        if ((to - from) / step > MAX_POINTS) {
            throw CairnException.invalid(
                    "step", "step is too short for that time: there would be more than " + MAX_POINTS + " points");
        }
        return bus.request(Addresses.STORE_SAMPLES, new ProcessHistoryQuery(from, to, step))
                .map(Answer::json);
    }

    private Future<Answer> sweep(Exchange exchange) {
        return exchange.text()
                .compose(body -> bus.request(Addresses.PROCESS_SWEEP, Nothing.NOTHING))
                .map(ended -> Answer.json(200, "{\"ended\":" + ended.count() + "}"));
    }

    private Future<Answer> recycle(Exchange exchange) {
        return exchange.json(ProcessRoutes::asked)
                .compose(asked -> bus.request(Addresses.PROCESS_RECYCLE, asked))
                .map(ended -> Answer.json(200, "{\"ended\":" + ended.count() + "}"));
    }

    private static Recycle asked(JsonNode body) {
        Fields fields = Fields.of(body).only(RECYCLE);
        return new Recycle(fields.optionalText("kind"), fields.optionalLong("pid"));
    }
}
