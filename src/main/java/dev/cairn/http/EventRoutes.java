package dev.cairn.http;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.IngestEvents;
import dev.cairn.bus.Ingested;
import dev.cairn.bus.Ingested.Result;
import dev.cairn.bus.WireFormat;
import dev.cairn.http.hooks.GenericEvents;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events of any agent, in a form of our own, and the schema of that form. */
final class EventRoutes {
    /** A batch of the largest size is one long transaction. */
    private static final long TIMEOUT_MS = 20_000;

    private static final String KEY = "Idempotency-Key";
    private static final String REPLAYED = "Idempotency-Replayed";

    private final Bus bus;
    private final String schema = read("events.schema.json");

    EventRoutes(Bus bus) {
        this.bus = bus;
    }

    void addTo(Routes routes) {
        routes.post("/api/v1/events", this::take);
        routes.get("/api/v1/events/schema", this::schema);
    }

    private Future<Answer> take(Exchange exchange) {
        exchange.parameters(List.of());
        String key = key(exchange.header(KEY));
        return exchange.json(body -> GenericEvents.read(body, key, System.currentTimeMillis(), exchange.requestId()))
                .compose(events -> bus.<IngestEvents, Ingested>request(Addresses.SESSION_INGEST, events, TIMEOUT_MS))
                .map(EventRoutes::answer);
    }

    private static Answer answer(Ingested taken) {
        // The same results are the same bytes: a replay is told in a header.
        var json = WireFormat.mapper().createObjectNode();
        for (Result result : Result.values()) {
            json.put(result.toString(), Collections.frequency(taken.results(), result));
        }
        var results = json.putArray("results");
        taken.results().forEach(result -> results.add(result.toString()));
        Answer answer = Answer.json(200, json.toString());
        return taken.replayed() ? answer.with(REPLAYED, "true") : answer;
    }

    private Future<Answer> schema(Exchange exchange) {
        exchange.parameters(List.of());
        return Future.succeededFuture(Answer.text("application/schema+json", schema));
    }

    private static @Nullable String key(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String key = header.strip();
        if (key.isEmpty() || key.length() > IngestEvents.MAX_KEY || key.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw CairnException.invalid(
                    KEY, KEY + " must be 1 to " + IngestEvents.MAX_KEY + " printable ASCII characters");
        }
        return key;
    }

    private static String read(String name) {
        try (InputStream file = EventRoutes.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the build lacks " + name);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
