package dev.cairn.http;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Parameters;
import dev.cairn.bus.RetryTurns;
import dev.cairn.bus.Turns;
import dev.cairn.bus.TurnsQuery;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The queue of turns: what waits, what is at work, what failed too often; and how that is tried again. */
final class QueueRoutes {
    private static final List<String> PARAMETERS = List.of("state", "limit", "cursor");
    private static final Pattern CURSOR = Pattern.compile("[1-9]\\d{0,17}");
    private static final int MAX_LIMIT = 100;
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_WORD = 200;
    /** All that are parked may be many. */
    private static final long RETRY_TIMEOUT_MS = 30_000;

    private final Bus bus;

    QueueRoutes(Bus bus) {
        this.bus = bus;
    }

    void addTo(Routes routes) {
        routes.get("/api/turns", this::turns);
        routes.post("/api/turns/retry", exchange -> retry(exchange, List.of()));
        routes.post("/api/turns/:id/retry", exchange -> retry(exchange, List.of(exchange.id(2))));
    }

    private Future<Answer> turns(Exchange exchange) {
        Parameters parameters = exchange.parameters(PARAMETERS);
        String state = Objects.requireNonNullElse(parameters.text("state", MAX_WORD), "parked");
        int limit = Objects.requireNonNullElse(parameters.number("limit", 1, MAX_LIMIT), DEFAULT_LIMIT);
        TurnsQuery query = new TurnsQuery(state, after(parameters.text("cursor", MAX_WORD)), limit);
        return bus.request(Addresses.STORE_TURNS, query).map(turns -> {
            List<Turns.Item> items = turns.items();
            String next = items.size() < limit
                    ? null
                    : String.valueOf(items.get(items.size() - 1).id());
            return Answer.json(200, Views.page(items, next));
        });
    }

    private static @Nullable Long after(@Nullable String cursor) {
        if (cursor != null && !CURSOR.matcher(cursor).matches()) {
            throw CairnException.invalid("cursor", "cursor must be the 'next' of the page before, as it was given");
        }
        return cursor == null ? null : Long.valueOf(cursor);
    }

    private Future<Answer> retry(Exchange exchange, List<Long> ids) {
        // A body is not needed; one that is there must be JSON, as everywhere, so that no web form can ask for this.
        return exchange.text()
                .compose(body -> bus.request(Addresses.STORE_RETRY, new RetryTurns(ids), RETRY_TIMEOUT_MS))
                .map(retried -> Answer.json(200, "{\"retried\":" + retried.count() + "}"));
    }
}
