package dev.cairn.http;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ContextQuery;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Parameters;
import dev.cairn.bus.SearchParameters;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.TimelineQuery;
import dev.cairn.model.CairnException;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finding memories: by words, around a point in time, and what a new session should know. */
final class SearchRoutes {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final List<String> SEARCH = with(SearchParameters.NAMES, "format");
    private static final List<String> TIMELINE = List.of("anchor", "query", "before", "after", "project", "platform");
    private static final int MAX_WORD = 64;
    private static final List<String> CONTEXT = List.of("project", "maxTokens", "format");

    /** Parameters of a search that the other contract does not know: who gives one asks by this one. */
    private static final List<String> OURS = List.of(
            "kind", "concept", "file", "platform", "session", "from", "to", "order", "explain", "strategy", "recency");

    private static final int DEFAULT_ROWS = 10;
    private static final int MIN_TOKENS = 100;
    private static final int MAX_TOKENS = 2_500;
    /** An anchor from here on is a time: as epoch milliseconds it is in March 1973, as an id out of reach. */
    private static final long FIRST_TIME = 100_000_000_000L;

    private record Content(String type, String text) {}

    private final Bus bus;
    private final HttpWiring wiring;

    SearchRoutes(Bus bus, HttpWiring wiring) {
        this.bus = bus;
        this.wiring = wiring;
    }

    void addTo(Routes routes) {
        routes.get("/api/search", this::search);
        routes.get("/api/timeline", this::timeline);
        routes.get("/api/context", this::context);
    }

    private Future<Answer> search(Exchange exchange) {
        var values = exchange.query(SEARCH);
        boolean asText = asText(new Parameters(values));
        return bus.request(Addresses.SEARCH_QUERY, SearchParameters.parse(values))
                .map(result -> asText ? Answer.text(TEXT, wiring.searchText().apply(result)) : found(result, exchange));
    }

    /** The hits, and for who may be a client of claude-mem's contract the same as a tool's content. */
    private Answer found(SearchResult result, Exchange exchange) {
        if (!wiring.config().http().compat()
                || OURS.stream().anyMatch(exchange.query().keySet()::contains)) {
            return Answer.json(result);
        }
        String text = wiring.searchText().apply(result);
        return Answer.json(result, "content", List.of(new Content("text", text)));
    }

    private Future<Answer> timeline(Exchange exchange) {
        Parameters parameters = exchange.parameters(TIMELINE);
        String anchor = parameters.text("anchor", 64);
        Long number = anchor == null ? null : wholeNumber(anchor);
        boolean isId = number != null && number < FIRST_TIME;
        TimelineQuery query = new TimelineQuery(
                isId ? number : null,
                anchor == null || isId ? null : (Long) Parameters.instant("anchor", anchor, false),
                parameters.text("query", SearchQuery.MAX_TEXT),
                rows(parameters, "before"),
                rows(parameters, "after"),
                parameters.text("project", NewMemory.MAX_PROJECT),
                parameters.text("platform", MAX_WORD));
        return bus.request(Addresses.SEARCH_TIMELINE, query).map(Answer::json);
    }

    private Future<Answer> context(Exchange exchange) {
        Parameters parameters = exchange.parameters(CONTEXT);
        boolean asText = asText(parameters);
        String project = parameters.text("project", NewMemory.MAX_PROJECT);
        if (project == null) {
            throw CairnException.invalid("project", "project is missing; give a project's key or name");
        }
        ContextQuery query = new ContextQuery(project, parameters.number("maxTokens", MIN_TOKENS, MAX_TOKENS));
        return bus.request(Addresses.CONTEXT_BUILD, query)
                .map(context -> asText ? Answer.text(TEXT, context.text()) : Answer.json(context));
    }

    private static int rows(Parameters parameters, String name) {
        return Objects.requireNonNullElse(parameters.number(name, 0, TimelineQuery.MAX_ROWS), DEFAULT_ROWS);
    }

    private static @Nullable Long wholeNumber(String text) {
        String digits = text.strip();
        boolean whole = digits.length() <= 18 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return whole ? (Long) Long.parseLong(digits) : null;
    }

    private static boolean asText(Parameters parameters) {
        String format = parameters.text("format", 64);
        if (format == null || format.equals("json")) {
            return false;
        }
        if (format.equals("text")) {
            return true;
        }
        throw CairnException.invalid("format", "format must be json or text, not '" + Parameters.shown(format) + "'");
    }

    private static List<String> with(List<String> names, String more) {
        List<String> all = new ArrayList<>(names);
        all.add(more);
        return List.copyOf(all);
    }
}
