package dev.cairn.bus;

import dev.cairn.model.CairnException;
import dev.cairn.model.Kind;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A search as people and tools write it: {@code query, kind, type, concept, file, project, platform, session, from, to,
 * limit, offset, order, explain, strategy, recency}. One reading for every door. Lists are repeated names or texts with commas.
 *
 * <p>Every refusal is INVALID_ARGUMENT and names the field.
 */
public final class SearchParameters {
    /** Every name that is read. */
    public static final List<String> NAMES = List.of(
            "query",
            "kind",
            "type",
            "concept",
            "file",
            "project",
            "platform",
            "session",
            "from",
            "to",
            "limit",
            "offset",
            "order",
            "explain",
            "strategy",
            "recency");

    private static final int MAX_WORD = 200;
    private static final int MAX_PATH = 4_096;

    private SearchParameters() {}

    /** From a URL's query or a form. */
    public static SearchQuery parse(Map<String, List<String>> values) {
        return parse(name -> values.getOrDefault(name, List.of()));
    }

    /** @param values all values of a name in their order; an empty list when there is none */
    public static SearchQuery parse(Function<String, List<String>> values) {
        return parse(new Parameters(values));
    }

    public static SearchQuery parse(Parameters parameters) {
        Integer limit = parameters.number("limit", 1, SearchQuery.MAX_LIMIT);
        Integer offset = parameters.number("offset", 0, SearchQuery.MAX_OFFSET);
        return new SearchQuery(
                parameters.text("query", SearchQuery.MAX_TEXT),
                kinds(parameters),
                types(parameters),
                parameters.texts("concept", MAX_WORD),
                parameters.text("file", MAX_PATH),
                parameters.text("project", NewMemory.MAX_PROJECT),
                parameters.text("platform", MAX_WORD),
                parameters.text("session", MAX_WORD),
                parameters.time("from", false),
                parameters.time("to", true),
                Objects.requireNonNullElse(limit, SearchQuery.DEFAULT_LIMIT),
                Objects.requireNonNullElse(offset, 0),
                order(parameters.text("order", MAX_WORD)),
                parameters.flag("explain", false),
                strategies(parameters),
                parameters.flag("recency", false));
    }

    /** See {@link Parameters#instant}. */
    public static long instant(String field, String text, boolean endOfDay) {
        return Parameters.instant(field, text, endOfDay);
    }

    private static List<Kind> kinds(Parameters parameters) {
        List<Kind> kinds = new ArrayList<>();
        for (String word : parameters.texts("kind", MAX_WORD)) {
            Kind kind = Kind.parse(word);
            if (kind == null) {
                throw CairnException.invalid(
                        "kind", "kind must be observation, summary or prompt, not '" + Parameters.shown(word) + "'");
            }
            if (!kinds.contains(kind)) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    private static List<String> types(Parameters parameters) {
        return parameters.texts("type", MAX_WORD).stream()
                .map(type -> type.toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    private static List<String> strategies(Parameters parameters) {
        List<String> strategies = parameters.texts("strategy", MAX_WORD).stream()
                .map(word -> word.toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
        for (String word : strategies) {
            if (!SearchQuery.STRATEGIES.contains(word)) {
                throw CairnException.invalid(
                        "strategy", "strategy must be keyword or semantic, not '" + Parameters.shown(word) + "'");
            }
        }
        return strategies;
    }

    private static SearchOrder order(@Nullable String word) {
        if (word == null) {
            return SearchOrder.RELEVANCE;
        }
        for (SearchOrder order : SearchOrder.values()) {
            if (order.toString().equals(word.strip().toLowerCase(Locale.ROOT))) {
                return order;
            }
        }
        throw CairnException.invalid(
                "order", "order must be relevance, newest or oldest, not '" + Parameters.shown(word) + "'");
    }
}
