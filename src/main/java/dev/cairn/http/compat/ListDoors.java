package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.http.json.Fields;
import dev.cairn.model.CairnException;
import dev.cairn.model.Kind;
import dev.cairn.model.SearchHit;
import dev.cairn.model.SearchOrder;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Pages of memories, by offset as the contract has them, memories by many ids, and those about a file. */
final class ListDoors {
    /** Parameters that the worker's own lists do not know. */
    private static final Set<String> THEIRS =
            Set.of("offset", "platformSource", "platform_source", "projects", "orderBy");

    private static final Set<String> BATCH = Set.of("orderBy", "limit", "project", "projects", "platformSource");
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_IDS = 1_000;
    private static final int DEFAULT_OF_FILE = 15;

    private final Memories memories;

    ListDoors(Memories memories) {
        this.memories = memories;
    }

    List<Door> doors() {
        return List.of(new Door("GET", "/api/observations/by-file", false, this::byFile));
    }

    List<SharedDoor> shared() {
        return List.of(
                list("observations", Kind.OBSERVATION),
                list("summaries", Kind.SUMMARY),
                list("prompts", Kind.PROMPT),
                new SharedDoor("POST", "/api/observations/batch", this::batch));
    }

    private SharedDoor list(String name, Kind kind) {
        return new SharedDoor("GET", "/api/" + name, (request, own) -> {
            Query query = new Query(request);
            return query.hasAny(THEIRS) ? page(query, kind) : own.get().compose(reply -> both(reply, query));
        });
    }

    /** {@code {items, hasMore, offset, limit}}. */
    private Future<Reply> page(Query query, Kind kind) {
        int limit = query.number("limit", DEFAULT_LIMIT, 1, SearchQuery.MAX_LIMIT);
        int offset = query.number("offset", 0, 0, SearchQuery.MAX_OFFSET);
        SearchOrder order = query.text("orderBy", "").equals("date_asc") ? SearchOrder.OLDEST : SearchOrder.NEWEST;
        SearchQuery listing =
                Memories.listing(List.of(kind), query.platform(), query.text("session"), limit, offset, order);
        return memories.search(listing, query.projects())
                .compose(found -> memories.rows(found.hits()).map(rows -> {
                    ObjectNode json = Reply.object();
                    json.putArray("items").addAll(rows);
                    json.put("hasMore", offset + found.hits().size() < found.total())
                            .put("offset", offset)
                            .put("limit", limit);
                    return Reply.json(json);
                }));
    }

    /** The worker's own page, whose rows have the contract's columns beside their own where they are called otherwise. */
    private Future<Reply> both(Reply own, Query query) {
        ObjectNode json = (ObjectNode) Rows.tree(own.body());
        List<Long> ids = ids(json.path("items"));
        return rowsById(ids).map(rows -> {
            fillAll(json.path("items"), rows);
            json.put("hasMore", !json.path("next").isNull())
                    .put("offset", 0)
                    .put("limit", query.number("limit", DEFAULT_LIMIT, 1, SearchQuery.MAX_LIMIT));
            return Reply.json(json);
        });
    }

    /** {@code {ids}} alone is the worker's own question; with another field, or as a text, it is the contract's. */
    private Future<Reply> batch(Request request, Supplier<Future<Reply>> own) {
        return request.body().compose(body -> {
            JsonNode ids = body.path("ids");
            boolean texts = ids.isTextual()
                    || (ids.isArray() && ids.size() > 0 && ids.get(0).isTextual());
            boolean theirs = texts || BATCH.stream().anyMatch(body::has);
            return theirs
                    ? bareBatch(body)
                    : own.get().compose(reply -> filled(reply, Ids.of(Fields.of(body), "ids", MAX_IDS)));
        });
    }

    private Future<Reply> bareBatch(JsonNode body) {
        Fields fields = Fields.of(body);
        List<Long> ids = Ids.of(fields, "ids", MAX_IDS);
        String order = fields.optionalText("orderBy");
        JsonNode limit = fields.raw("limit");
        String project = fields.optionalText("project");
        return memories.fetch(ids).map(page -> {
            List<ObjectNode> rows = new ArrayList<>();
            page.observations().stream()
                    .filter(row -> project == null
                            || row.project().name().equals(project)
                            || row.project().key().equals(project))
                    .sorted((a, b) -> {
                        int byTime = Long.compare(b.createdAt(), a.createdAt());
                        return "date_asc".equals(order) ? -byTime : order == null ? 0 : byTime;
                    })
                    .limit(limit != null && limit.canConvertToInt() && limit.asInt() > 0 ? limit.asInt() : MAX_IDS)
                    .forEach(row -> rows.add(Rows.observation(row)));
            ArrayNode json = Reply.object().arrayNode();
            json.addAll(rows);
            return Reply.json(json);
        });
    }

    /** Summaries and prompts among the ids, which a search tells as well, stand under {@code others}. */
    private Future<Reply> filled(Reply own, List<Long> ids) {
        ObjectNode json = (ObjectNode) Rows.tree(own.body());
        List<Long> items = ids(json.path("items"));
        return rowsById(ids).map(rows -> {
            fillAll(json.path("items"), rows);
            rows.keySet().removeAll(items);
            if (!rows.isEmpty()) {
                json.putArray("others").addAll(rows.values());
            }
            return Reply.json(json);
        });
    }

    private Future<Map<Long, ObjectNode>> rowsById(List<Long> ids) {
        Map<Long, ObjectNode> byId = new LinkedHashMap<>();
        if (ids.isEmpty()) {
            return Future.succeededFuture(byId);
        }
        return memories.fetch(ids)
                .compose(page -> memories.promptRows(page.prompts()).map(prompts -> {
                    page.observations().forEach(row -> byId.put(row.id(), Rows.observation(row)));
                    page.summaries().forEach(row -> byId.put(row.id(), Rows.summary(row)));
                    prompts.forEach(row -> byId.put(row.path("id").asLong(), row));
                    return byId;
                }));
    }

    private static List<Long> ids(JsonNode items) {
        List<Long> ids = new ArrayList<>();
        items.forEach(item -> ids.add(item.path("id").asLong()));
        return ids;
    }

    private static void fillAll(JsonNode items, Map<Long, ObjectNode> rows) {
        for (JsonNode item : items) {
            ObjectNode row = rows.get(item.path("id").asLong());
            if (row != null && item instanceof ObjectNode own) {
                Rows.fill(own, row);
            }
        }
    }

    /** {@code {observations, count}}: those that read or changed one of the files, newest first. */
    private Future<Reply> byFile(Request request) {
        Query query = new Query(request);
        Set<String> paths = new LinkedHashSet<>();
        for (String path : request.values("path")) {
            if (!path.isBlank()) {
                paths.add(path.strip());
            }
        }
        if (paths.isEmpty()) {
            throw CairnException.invalid("path", "path is missing; give a file's path");
        }
        int limit = query.number("limit", DEFAULT_OF_FILE, 1, SearchQuery.MAX_LIMIT);
        return ofFiles(List.copyOf(paths), query.projects(), query.platform(), limit)
                .map(rows -> {
                    ObjectNode json = Reply.object();
                    json.putArray("observations").addAll(rows);
                    return Reply.json(json.put("count", rows.size()));
                });
    }

    private Future<List<ObjectNode>> ofFiles(
            List<String> paths, List<String> projects, @Nullable String platform, int limit) {
        List<Future<dev.cairn.bus.SearchResult>> asked = new ArrayList<>();
        for (String path : paths.subList(0, Math.min(paths.size(), 10))) {
            SearchQuery query = new SearchQuery(
                    null,
                    List.of(Kind.OBSERVATION),
                    List.of(),
                    List.of(),
                    path,
                    null,
                    platform,
                    null,
                    null,
                    null,
                    SearchQuery.MAX_LIMIT,
                    0,
                    SearchOrder.NEWEST,
                    false);
            asked.add(memories.search(query, projects));
        }
        return Future.all(asked).compose(all -> {
            Map<Long, SearchHit> hits = new LinkedHashMap<>();
            asked.forEach(each -> each.result().hits().forEach(hit -> hits.put(hit.id(), hit)));
            return memories.whole(List.copyOf(hits.values()))
                    .map(page -> page.observations().stream()
                            .filter(row -> paths.stream()
                                    .anyMatch(path -> same(row.filesRead(), path) || same(row.filesModified(), path)))
                            .sorted((a, b) -> a.createdAt() != b.createdAt()
                                    ? Long.compare(b.createdAt(), a.createdAt())
                                    : Long.compare(b.id(), a.id()))
                            .limit(limit)
                            .map(Rows::observation)
                            .toList());
        });
    }

    /** The filter takes a part of a path; a file is meant here, by its whole path or by its end from a directory on. */
    private static boolean same(List<String> files, String path) {
        return files.stream()
                .anyMatch(file -> file.equals(path) || file.endsWith("/" + path) || path.endsWith("/" + file));
    }
}
