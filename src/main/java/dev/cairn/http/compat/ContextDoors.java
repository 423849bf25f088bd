package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ContextQuery;
import dev.cairn.bus.ContextText;
import dev.cairn.bus.PageQuery;
import dev.cairn.bus.Parameters;
import dev.cairn.bus.PromptContext;
import dev.cairn.bus.PromptQuery;
import dev.cairn.bus.TimelineQuery;
import dev.cairn.bus.What;
import dev.cairn.http.hooks.Notices;
import dev.cairn.http.json.Fields;
import dev.cairn.model.CairnException;
import dev.cairn.model.CompactText;
import dev.cairn.model.ErrorCode;
import dev.cairn.model.SearchHit;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a session is told at its begin, what bears on a prompt, and what happened around a point. */
final class ContextDoors {
    private static final Set<String> THEIRS = Set.of("depth_before", "depth_after", "mode");
    private static final int DEFAULT_ROWS = 10;
    private static final int DEFAULT_RECENT = 3;
    private static final int MAX_RECENT = 50;
    private static final int FULL_TOKENS = 2_500;
    /** The contract asks for no memories to a shorter prompt. */
    private static final int SHORTEST_PROMPT = 20;

    private static final long PROMPT_MS = 2_000;
    /** A session that nobody has: what it is told is noted for nobody. */
    private static final String NOBODY = "claude-mem:semantic";

    private static final String WELCOME =
            "Nothing is remembered of this project yet. What is done from now on will be.\n";

    private final Bus bus;
    private final Memories memories;
    private final Generation generation;
    private final Notices notices;

    ContextDoors(Bus bus, Memories memories, Generation generation) {
        this.bus = bus;
        this.memories = memories;
        this.generation = generation;
        this.notices = new Notices(bus);
    }

    List<Door> doors() {
        return List.of(
                new Door("GET", "/api/context/inject", false, request -> inject(request, true)),
                new Door("GET", "/api/context/preview", false, request -> inject(request, false)),
                new Door("GET", "/api/context/recent", false, this::recent),
                new Door("POST", "/api/context/semantic", false, this::semantic),
                new Door(
                        "GET",
                        "/api/timeline/by-query",
                        false,
                        request -> timeline(new Query(request)).map(this::ofGeneration)),
                new Door(
                        "GET",
                        "/api/context/timeline",
                        false,
                        request -> timeline(new Query(request)).map(Reply::bareContent)));
    }

    List<SharedDoor> shared() {
        return List.of(new SharedDoor("GET", "/api/timeline", this::sharedTimeline));
    }

    private Reply ofGeneration(String text) {
        return generation.isSix() ? Reply.bareContent(text) : Reply.content(text);
    }

    /** Colours, which the contract adds on demand, are left to the terminal. */
    private Future<Reply> inject(Request request, boolean session) {
        Query query = new Query(request);
        List<String> projects = query.projects();
        if (projects.isEmpty()) {
            ObjectNode json = Reply.object().put("error", "Project(s) parameter is required");
            return Future.succeededFuture(Reply.json(400, json.put("code", ErrorCode.INVALID_ARGUMENT.wire())));
        }
        Integer tokens = query.flag("full") ? FULL_TOKENS : null;
        List<Future<ContextText>> asked = new ArrayList<>();
        for (String project : projects) {
            asked.add(bus.request(Addresses.CONTEXT_BUILD, new ContextQuery(project, tokens)));
        }
        return Future.all(asked)
                .map(all -> asked.stream()
                        .map(each -> each.result().text())
                        .filter(each -> !each.isEmpty())
                        .collect(Collectors.joining("\n")))
                // Only a session is told: who looks at a preview uses nothing up.
                .compose(text -> session ? notices.before(text) : Future.succeededFuture(text))
                .map(text -> Reply.text(text.isEmpty() ? WELCOME : text));
    }

    private Future<Reply> recent(Request request) {
        Query query = new Query(request);
        int limit = query.number("limit", DEFAULT_RECENT, 1, MAX_RECENT);
        PageQuery page =
                new PageQuery(What.SUMMARIES, query.text("project"), query.platform(), null, null, null, limit, null);
        return bus.request(Addresses.STORE_PAGE, page)
                .map(found -> ofGeneration(
                        found.summaries().isEmpty() ? "No session is remembered.\n" : SearchDoors.whole(found)));
    }

    /** By meaning alone: words that two texts share are no measure of whether one bears on the other. */
    private Future<Reply> semantic(Request request) {
        return request.body().compose(body -> {
            Fields fields = Fields.of(body);
            String prompt = fields.optionalText("q");
            String project = fields.optionalText("project");
            JsonNode limit = fields.raw("limit");
            int most = limit == null ? 5 : Math.max(1, Math.min(20, limit.asInt(5)));
            if (prompt == null || prompt.strip().length() < SHORTEST_PROMPT || project == null) {
                return Future.succeededFuture(told("", 0));
            }
            return memories.projectKey(project)
                    .compose(key -> key == null ? Future.succeededFuture(told("", 0)) : bearing(key, prompt, most));
        });
    }

    private Future<Reply> bearing(String project, String prompt, int most) {
        PromptQuery query = new PromptQuery(project, Platforms.ours(null), NOBODY, prompt, PROMPT_MS);
        return bus.request(Addresses.CONTEXT_PROMPT, query, PROMPT_MS)
                // A prompt goes without memories where none can be found in time.
                .otherwise(PromptContext.none(PromptContext.Outcome.UNAVAILABLE))
                .map(found -> told(found.text(), Math.min(most, found.ids().size())));
    }

    private static Reply told(String context, int count) {
        return Reply.json(Reply.object().put("context", context).put("count", count));
    }

    private Future<Reply> sharedTimeline(Request request, Supplier<Future<Reply>> own) {
        Query query = new Query(request);
        if (query.hasAny(THEIRS)) {
            return timeline(query).map(Reply::content);
        }
        return own.get().map(reply -> {
            ObjectNode json = (ObjectNode) Rows.tree(reply.body());
            List<SearchHit> items = new ArrayList<>();
            json.path("items").forEach(item -> items.add(dev.cairn.bus.WireFormat.decode(item, SearchHit.class)));
            JsonNode anchor = json.get("anchorId");
            String text = CompactText.timeline(items, anchor == null || anchor.isNull() ? null : anchor.asLong());
            json.set("content", Reply.contentOf(text));
            return Reply.json(json);
        });
    }

    private Future<String> timeline(Query query) {
        String anchor = query.text("anchor");
        String words = query.text("query");
        if (anchor == null && words == null) {
            throw CairnException.invalid("anchor", "anchor is missing; give an id, a time, or words as query");
        }
        Long id = anchor == null ? null : idOf(anchor);
        Long time = anchor == null || id != null ? null : (Long) Parameters.instant("anchor", anchor, false);
        TimelineQuery wanted = new TimelineQuery(
                id,
                time,
                anchor == null ? words : null,
                query.number("depth_before", DEFAULT_ROWS, 0, TimelineQuery.MAX_ROWS),
                query.number("depth_after", DEFAULT_ROWS, 0, TimelineQuery.MAX_ROWS),
                query.text("project"));
        return bus.request(Addresses.SEARCH_TIMELINE, wanted)
                .map(found -> CompactText.timeline(found.items(), found.anchorId()))
                .recover(failure -> failure instanceof CairnException refusal && refusal.code() == ErrorCode.NOT_FOUND
                        ? Future.succeededFuture("Nothing is recorded there: " + refusal.getMessage() + "\n")
                        : Future.failedFuture(failure));
    }

    /** An id as the contract writes it, with the letter of its kind or without; null for a time. */
    private static @Nullable Long idOf(String anchor) {
        String text = anchor.replaceFirst("^#?[SPsp]?", "");
        return text.matches("[1-9]\\d{0,10}") ? (Long) Long.parseLong(text) : null;
    }
}
