package dev.cairn.http;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.PageQuery;
import dev.cairn.bus.Parameters;
import dev.cairn.bus.What;
import dev.cairn.http.json.Fields;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows: pages of them, single ones, and observations by many ids. */
final class ListRoutes {
    private static final List<String> PARAMETERS =
            List.of("project", "platform", "session", "from", "to", "limit", "cursor");
    private static final List<String> TOOL_USE_PARAMETERS =
            List.of("project", "platform", "session", "from", "to", "limit", "cursor", "observation");
    private static final Map<String, What> LISTS = Map.of(
            "sessions", What.SESSIONS,
            "prompts", What.PROMPTS,
            "tool-uses", What.TOOL_USES,
            "observations", What.OBSERVATIONS,
            "summaries", What.SUMMARIES);
    private static final int MAX_LIMIT = 100;
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_WORD = 200;
    private static final int MAX_IDS = 1_000;

    private final Bus bus;

    ListRoutes(Bus bus) {
        this.bus = bus;
    }

    void addTo(Routes routes) {
        // Before /api/observations/:id, which would take it for an id.
        routes.post("/api/observations/batch", this::batch);
        LISTS.forEach((name, what) -> {
            routes.get("/api/" + name, exchange -> page(exchange, what));
            routes.get("/api/" + name + "/:id", exchange -> one(exchange, what));
        });
    }

    private Future<Answer> page(Exchange exchange, What what) {
        Parameters parameters = exchange.parameters(what == What.TOOL_USES ? TOOL_USE_PARAMETERS : PARAMETERS);
        Long from = parameters.time("from", false);
        Long to = parameters.time("to", true);
        if (from != null && to != null && from > to) {
            throw CairnException.invalid("from", "from is after to; swap them");
        }
        PageQuery query = new PageQuery(
                what,
                parameters.text("project", NewMemory.MAX_PROJECT),
                parameters.text("platform", MAX_WORD),
                parameters.text("session", MAX_WORD),
                from,
                to,
                Objects.requireNonNullElse(parameters.number("limit", 1, MAX_LIMIT), DEFAULT_LIMIT),
                parameters.text("cursor", MAX_WORD),
                null,
                id(parameters, "observation"));
        return bus.request(Addresses.STORE_PAGE, query).compose(page -> {
            List<?> rows = Views.rows(page, what);
            return exchange.offloaded(Views.weight(rows), () -> Answer.json(200, Views.page(rows, page.next())));
        });
    }

    private static @Nullable Long id(Parameters parameters, String field) {
        String text = parameters.text(field, MAX_WORD);
        if (text == null) {
            return null;
        }
        String digits = text.strip();
        if (digits.length() <= 18 && digits.chars().allMatch(c -> c >= '0' && c <= '9') && Long.parseLong(digits) > 0) {
            return Long.parseLong(digits);
        }
        throw CairnException.invalid(
                field, field + " must be a whole number from 1, not '" + Parameters.shown(text) + "'");
    }

    private Future<Answer> one(Exchange exchange, What what) {
        long id = exchange.id();
        exchange.parameters(List.of());
        return bus.request(Addresses.STORE_FETCH, new Fetch(what, List.of(id))).map(page -> {
            List<?> rows = Views.rows(page, what);
            if (rows.isEmpty()) {
                throw CairnException.notFound("nothing has the id " + id + " here");
            }
            return Answer.json(200, Views.row(rows.get(0)));
        });
    }

    private Future<Answer> batch(Exchange exchange) {
        return exchange.json(body -> {
                    Fields fields = Fields.of(body);
                    if (fields.raw("ids") == null) {
                        throw CairnException.invalid("ids", "ids is missing; give a list of observation ids");
                    }
                    return fields.ids("ids", MAX_IDS);
                })
                .compose(ids -> bus.request(Addresses.STORE_FETCH, new Fetch(What.OBSERVATIONS, ids)))
                .compose(page -> {
                    List<?> rows = page.observations();
                    return exchange.offloaded(Views.weight(rows), () -> Answer.json(200, Views.list(rows)));
                });
    }
}
