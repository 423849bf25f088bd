package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Page;
import dev.cairn.bus.SearchResult;
import dev.cairn.model.CompactText;
import dev.cairn.model.Kind;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Searches: {@code /api/search} for both contracts, and the narrower ones of each generation. */
final class SearchDoors {
    /** Parameters that the worker's own search does not know, or understands otherwise. */
    private static final Set<String> THEIRS = Set.of(
            "obs_type",
            "concepts",
            "files",
            "projects",
            "platformSource",
            "platform_source",
            "dateStart",
            "dateEnd",
            "orderBy",
            "dateRange[start]",
            "dateRange[end]");

    private static final Set<String> KINDS = Set.of("observations", "sessions", "prompts");
    private static final int DEFAULT_LIMIT = 20;
    private static final int FULL_UNITS = 4_000;
    private static final String HELP = """
            Searches of this worker, all of them GET:
            /api/search?query=WORDS - memories of every kind; limit, offset, project, type, dateStart, dateEnd, orderBy
            /api/search/observations?query=WORDS, /api/search/sessions?query=WORDS, /api/search/prompts?query=WORDS
            /api/search/by-concept?concept=WORD, /api/search/by-file?filePath=PATH, /api/search/by-type?type=TYPE
            /api/context/recent?project=NAME, /api/context/timeline?anchor=ID, /api/timeline/by-query?query=WORDS
            format=full gives the memories whole, format=index (or none) a line or two for each.
            """;

    private final Memories memories;
    private final Generation generation;

    SearchDoors(Memories memories, Generation generation) {
        this.memories = memories;
        this.generation = generation;
    }

    List<Door> doors() {
        return List.of(
                new Door("GET", "/api/search/observations", false, request -> narrow(request, Kind.OBSERVATION)),
                new Door("GET", "/api/search/by-file", false, request -> narrow(request, Kind.OBSERVATION)),
                new Door("GET", "/api/search/sessions", false, request -> bare(request, Kind.SUMMARY)),
                new Door("GET", "/api/search/prompts", false, request -> bare(request, Kind.PROMPT)),
                new Door("GET", "/api/search/by-concept", false, request -> bare(request, Kind.OBSERVATION)),
                new Door("GET", "/api/search/by-type", false, request -> bare(request, Kind.OBSERVATION)),
                new Door("GET", "/api/search/help", false, request -> Future.succeededFuture(Reply.bareContent(HELP))));
    }

    List<SharedDoor> shared() {
        return List.of(new SharedDoor(
                "GET", "/api/search", request -> isTheirs(request) || wantsTables(request), this::search));
    }

    private static boolean isTheirs(Request request) {
        return new Query(request).hasAny(THEIRS)
                || (!request.names().contains("kind")
                        && request.values("type").stream().anyMatch(KINDS::contains));
    }

    private static boolean wantsTables(Request request) {
        return "json".equals(new Query(request).text("format"));
    }

    private Future<Reply> search(Request request, Supplier<Future<Reply>> own) {
        Query query = new Query(request);
        boolean json = wantsTables(request);
        if (!isTheirs(request)) {
            return own.get().compose(reply -> both(reply, query, json));
        }
        List<Kind> kinds = kinds(query.text("type", ""));
        SearchQuery wanted = wanted(query, kinds);
        if (json) {
            return tables(Reply.object(), query, wanted).map(Reply::json);
        }
        return memories.search(wanted, query.projects()).map(found -> Reply.content(text(found, wanted)));
    }

    /** The worker's own answer, which has the contract's text, with the contract's tables beside it where those are asked for. */
    private Future<Reply> both(Reply own, Query query, boolean json) {
        if (!json || own.status() != 200) {
            return Future.succeededFuture(own);
        }
        ObjectNode answer = (ObjectNode) Rows.tree(own.body());
        // It was searched for by meaning already: three times more would make it several times as dear.
        return answer.path("hits").isEmpty()
                ? Future.succeededFuture(Reply.json(noTables(answer, query)))
                : tables(
                                answer,
                                query,
                                wanted(query, kinds(query.text("type", ""))).by(List.of("keyword")))
                        .map(Reply::json);
    }

    private static ObjectNode noTables(ObjectNode answer, Query query) {
        for (String kind : List.of("observations", "sessions", "prompts")) {
            answer.putArray(kind);
        }
        return answer.put("totalResults", 0).put("query", query.text("query", ""));
    }

    /** {@code {observations, sessions, prompts, totalResults, query}}: so many of each kind as the limit says. */
    private Future<ObjectNode> tables(ObjectNode answer, Query query, SearchQuery wanted) {
        List<Kind> kinds = wanted.kinds().isEmpty() ? List.of(Kind.values()) : wanted.kinds();
        Map<Kind, Future<List<ObjectNode>>> asked = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            asked.put(
                    kind,
                    kinds.contains(kind)
                            ? memories.search(of(kind, wanted), query.projects())
                                    .compose(found -> memories.rows(found.hits()))
                            : Future.succeededFuture(List.of()));
        }
        return Future.all(List.copyOf(asked.values())).map(all -> {
            int total = 0;
            for (Map.Entry<Kind, Future<List<ObjectNode>>> each : asked.entrySet()) {
                List<ObjectNode> rows = each.getValue().result();
                Kind kind = each.getKey();
                ArrayNode table = answer.putArray(kind == Kind.SUMMARY ? "sessions" : kind.plural());
                table.addAll(rows);
                total += rows.size();
            }
            return answer.put("totalResults", total).put("query", query.text("query", ""));
        });
    }

    /** {@code {content}} to a client of version 13, the bare list to one of version 6. */
    private Future<Reply> narrow(Request request, Kind kind) {
        Query query = new Query(request);
        boolean six = generation.isSix() || query.text("format") != null;
        return found(query, kind).map(text -> six ? Reply.bareContent(text) : Reply.content(text));
    }

    private Future<Reply> bare(Request request, Kind kind) {
        return found(new Query(request), kind).map(Reply::bareContent);
    }

    private Future<String> found(Query query, Kind kind) {
        SearchQuery wanted = wanted(query, List.of(kind));
        return memories.search(wanted, query.projects()).compose(found -> {
            if (!"full".equals(query.text("format"))) {
                return Future.succeededFuture(text(found, wanted));
            }
            return memories.whole(found.hits()).map(SearchDoors::whole);
        });
    }

    private static String text(SearchResult found, SearchQuery wanted) {
        return CompactText.hits(found.hits(), found.total(), wanted.offset());
    }

    /** Memories whole, one after the other, no more than a host shows. */
    static String whole(Page page) {
        List<String> texts = new ArrayList<>();
        page.observations().forEach(row -> texts.add(CompactText.memory(row, FULL_UNITS)));
        page.summaries().forEach(row -> texts.add(CompactText.memory(row, FULL_UNITS)));
        page.prompts().forEach(row -> texts.add(CompactText.memory(row, FULL_UNITS)));
        StringBuilder text = new StringBuilder();
        int shown = 0;
        for (String each : texts) {
            if (text.length() + each.length() > CompactText.MAX_UNITS) {
                text.append("Left out for length: ")
                        .append(texts.size() - shown)
                        .append(".\n");
                break;
            }
            text.append(each).append('\n');
            shown++;
        }
        return texts.isEmpty() ? "No memory fits.\n" : text.toString();
    }

    private static List<Kind> kinds(String type) {
        return switch (type) {
            case "observations" -> List.of(Kind.OBSERVATION);
            case "sessions" -> List.of(Kind.SUMMARY);
            case "prompts" -> List.of(Kind.PROMPT);
            default -> List.of();
        };
    }

    private static SearchQuery wanted(Query query, List<Kind> kinds) {
        List<String> types = new ArrayList<>();
        Stream.concat(query.texts("obs_type").stream(), query.texts("type").stream())
                .filter(type -> !KINDS.contains(type))
                .map(type -> type.toLowerCase(Locale.ROOT))
                .forEach(types::add);
        List<String> concepts = new ArrayList<>(query.texts("concepts"));
        concepts.addAll(query.texts("concept"));
        return new SearchQuery(
                query.text("query"),
                types.isEmpty() || !kinds.isEmpty() ? kinds : List.of(Kind.OBSERVATION),
                types,
                concepts,
                file(query),
                null,
                query.platform(),
                null,
                first(query.time("dateStart", false), query.time("dateRange[start]", false)),
                first(query.time("dateEnd", true), query.time("dateRange[end]", true)),
                query.number("limit", DEFAULT_LIMIT, 1, SearchQuery.MAX_LIMIT),
                query.number("offset", 0, 0, SearchQuery.MAX_OFFSET),
                order(query.text("orderBy", "")),
                false);
    }

    private static @Nullable String file(Query query) {
        for (String name : List.of("filePath", "files", "file")) {
            List<String> given = query.texts(name);
            if (!given.isEmpty()) {
                return given.get(0);
            }
        }
        return null;
    }

    private static SearchOrder order(String word) {
        return switch (word) {
            case "date_desc" -> SearchOrder.NEWEST;
            case "date_asc" -> SearchOrder.OLDEST;
            default -> SearchOrder.RELEVANCE;
        };
    }

    private static @Nullable Long first(@Nullable Long one, @Nullable Long other) {
        return one == null ? other : one;
    }

    private static SearchQuery of(Kind kind, SearchQuery query) {
        return new SearchQuery(
                query.text(),
                List.of(kind),
                kind == Kind.OBSERVATION ? query.types() : List.of(),
                query.concepts(),
                query.file(),
                null,
                query.platform(),
                query.session(),
                query.from(),
                query.to(),
                query.limit(),
                query.offset(),
                query.order(),
                false,
                query.strategies(),
                false);
    }
}
