package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.Page;
import dev.cairn.bus.PageQuery;
import dev.cairn.bus.What;
import dev.cairn.http.json.Fields;
import dev.cairn.model.CairnException;
import dev.cairn.model.ToolUse;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Raw tool uses: lists without what went in and came out, and single ones with it. */
final class ToolUseDoors {
    private static final Set<String> THEIRS = Set.of(
            "offset",
            "platformSource",
            "platform_source",
            "contentSessionId",
            "memorySessionId",
            "tool_name",
            "agentId",
            "dateStart",
            "dateEnd",
            "orderBy");
    private static final int DEFAULT_LIMIT = 20;
    private static final int PAGE = 100;
    /** How many pages are read for one answer, when few of the rows fit. */
    private static final int MOST_PAGES = 20;

    private static final int MAX_IDS = 200;

    private final Bus bus;
    private final Memories memories;

    ToolUseDoors(Bus bus, Memories memories) {
        this.bus = bus;
        this.memories = memories;
    }

    List<Door> doors() {
        return List.of(new Door("POST", "/api/tool-uses/batch", false, this::batch));
    }

    List<SharedDoor> shared() {
        return List.of(new SharedDoor("GET", "/api/tool-uses", (request, own) -> {
            Query query = new Query(request);
            return query.hasAny(THEIRS) ? list(query) : own.get().compose(this::both);
        }));
    }

    private Future<Reply> both(Reply own) {
        ObjectNode json = (ObjectNode) Rows.tree(own.body());
        List<Long> ids = new ArrayList<>();
        json.path("items").forEach(item -> ids.add(item.path("id").asLong()));
        return fetch(ids).map(uses -> Reply.json(told(json, uses)));
    }

    private Future<Reply> list(Query query) {
        int limit = query.number("limit", DEFAULT_LIMIT, 1, PAGE);
        int offset = query.number("offset", 0, 0, PAGE * MOST_PAGES);
        String session = query.text("contentSessionId");
        session = session == null ? query.text("memorySessionId") : session;
        session = session == null ? query.text("session") : session;
        List<String> projects = query.projects();
        PageQuery first = new PageQuery(
                What.TOOL_USES,
                projects.isEmpty() ? null : projects.get(0),
                query.platform(),
                session,
                query.time("dateStart", false),
                query.time("dateEnd", true),
                PAGE,
                null);
        return read(first, fitting(query), offset + limit, new ArrayList<>(), 1)
                .map(found -> Reply.json(told(
                        Reply.object(),
                        found.subList(Math.min(offset, found.size()), Math.min(offset + limit, found.size())))));
    }

    private static Predicate<ToolUse> fitting(Query query) {
        List<String> tools = query.texts("tool_name");
        String agent = query.text("agentId");
        return use ->
                (tools.isEmpty() || tools.contains(use.toolName())) && (agent == null || agent.equals(use.agentId()));
    }

    private Future<List<ToolUse>> read(
            PageQuery query, Predicate<ToolUse> fits, int wanted, List<ToolUse> found, int pages) {
        return bus.request(Addresses.STORE_PAGE, query).compose(page -> {
            page.toolUses().stream().filter(fits).forEach(found::add);
            String next = page.next();
            return next == null || found.size() >= wanted || pages >= MOST_PAGES
                    ? Future.succeededFuture(found)
                    : read(after(query, next), fits, wanted, found, pages + 1);
        });
    }

    private static PageQuery after(PageQuery query, String cursor) {
        return new PageQuery(
                query.what(),
                query.project(),
                query.platform(),
                query.session(),
                query.from(),
                query.to(),
                query.limit(),
                cursor);
    }

    private static ObjectNode told(ObjectNode json, List<ToolUse> uses) {
        json.put("count", uses.size());
        ArrayNode rows = json.putArray("toolUses");
        uses.forEach(use -> rows.add(Rows.toolUse(use)));
        return json;
    }

    /** A bare list. A number is the worker's own id; any other text is the host's, of the latest use that has it. */
    private Future<Reply> batch(Request request) {
        return request.body().compose(body -> {
            Fields fields = Fields.of(body);
            if (fields.raw("ids") == null) {
                throw CairnException.invalid("ids", "ids is missing; give a list of ids of tool uses");
            }
            List<Future<List<ToolUse>>> asked = new ArrayList<>();
            String session = fields.optionalText("contentSessionId");
            for (Fields.Item item : fields.items("ids", MAX_IDS)) {
                String id = item.value().asText();
                asked.add(id.matches("[1-9]\\d{0,17}") ? fetch(List.of(Long.parseLong(id))) : ofHost(id, session));
            }
            return Future.all(asked).compose(all -> whole(asked));
        });
    }

    private Future<Reply> whole(List<Future<List<ToolUse>>> asked) {
        Map<Long, ToolUse> uses = new LinkedHashMap<>();
        asked.forEach(each -> each.result().forEach(use -> uses.put(use.id(), use)));
        Set<String> sessions = uses.values().stream().map(ToolUse::sessionId).collect(Collectors.toSet());
        return memories.numbers(sessions).map(numbers -> {
            ArrayNode rows = Reply.object().arrayNode();
            uses.values().forEach(use -> rows.add(Rows.wholeToolUse(use, numbers.get(use.sessionId()))));
            return Reply.json(rows);
        });
    }

    private Future<List<ToolUse>> ofHost(String toolUseId, @Nullable String session) {
        PageQuery query = new PageQuery(What.TOOL_USES, null, null, session, null, null, 1, null, toolUseId);
        return bus.request(Addresses.STORE_PAGE, query).map(Page::toolUses);
    }

    private Future<List<ToolUse>> fetch(List<Long> ids) {
        return ids.isEmpty()
                ? Future.succeededFuture(List.of())
                : bus.request(Addresses.STORE_FETCH, new Fetch(What.TOOL_USES, ids))
                        .map(Page::toolUses);
    }
}
