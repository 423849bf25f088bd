package dev.cairn.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Forget;
import dev.cairn.bus.Forgotten;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Parameters;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.WireFormat;
import dev.cairn.http.json.Fields;
import dev.cairn.model.CairnException;
import dev.cairn.model.Kind;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Memories written by hand, and forgetting. */
final class MemoryRoutes {
    private static final String PLATFORM = "api";
    private static final Set<String> MEMORY = Set.of(
            "text",
            "title",
            "type",
            "project",
            "facts",
            "files",
            "createdAt",
            "session",
            "sessionId",
            "session_id",
            "supersedes");

    /** One name is enough, but hosts call it by each of these. */
    private static final List<String> SESSION = List.of("session", "sessionId", "session_id");

    private static final Set<String> FORGET =
            Set.of("ids", "kind", "project", "session", "query", "from", "to", "dryRun");
    private static final int MAX_ITEMS = 200;
    private static final int MAX_IDS = 1_000;
    /** A save of the largest size is one long transaction. */
    private static final long SAVE_TIMEOUT_MS = 30_000;

    /** What to save, and whether it came as one object or as a list. */
    private record Batch(List<NewMemory> memories, boolean list) {}

    private final Bus bus;

    MemoryRoutes(Bus bus) {
        this.bus = bus;
    }

    void addTo(Routes routes) {
        routes.post("/api/memories", this::save);
        routes.post("/api/forget", this::forget);
        for (Kind kind : Kind.values()) {
            routes.delete("/api/" + kind.plural() + "/:id", exchange -> delete(exchange, kind));
        }
    }

    private Future<Answer> save(Exchange exchange) {
        return exchange.json(MemoryRoutes::batch)
                .compose(batch -> bus.request(
                                Addresses.SESSION_SAVE, new SaveMemories(batch.memories(), PLATFORM), SAVE_TIMEOUT_MS)
                        .map(saved -> {
                            List<Long> ids = saved.ids();
                            Map<String, ?> answer = batch.list() ? Map.of("ids", ids) : Map.of("id", ids.get(0));
                            return Answer.json(201, WireFormat.encode(answer));
                        }));
    }

    private Future<Answer> delete(Exchange exchange, Kind kind) {
        long id = exchange.id();
        exchange.parameters(List.of());
        Forget forget = new Forget(List.of(id), kind, null, null, null, null, null, false);
        return bus.request(Addresses.STORE_FORGET, forget).map(forgotten -> {
            if (forgotten.observations() + forgotten.summaries() + forgotten.prompts() == 0) {
                throw CairnException.notFound("there is no " + kind + " with the id " + id);
            }
            return Answer.json(forgotten);
        });
    }

    private Future<Answer> forget(Exchange exchange) {
        return exchange.json(MemoryRoutes::forgetOf)
                .compose(forget -> bus.<Forget, Forgotten>request(Addresses.STORE_FORGET, forget, SAVE_TIMEOUT_MS))
                .map(Answer::json);
    }

    private static Batch batch(JsonNode body) {
        if (!body.isArray()) {
            return new Batch(List.of(memory(Fields.of(body))), false);
        }
        if (body.isEmpty() || body.size() > SaveMemories.MAX_MEMORIES) {
            throw CairnException.invalid(
                    "body", "the list must have 1 to " + SaveMemories.MAX_MEMORIES + " memories, not " + body.size());
        }
        List<NewMemory> memories = new ArrayList<>(body.size());
        for (int i = 0; i < body.size(); i++) {
            memories.add(memory(Fields.of(body.get(i), "[" + i + "]")));
        }
        return new Batch(memories, true);
    }

    private static NewMemory memory(Fields fields) {
        fields.only(MEMORY);
        String text = fields.text("text");
        bounded(fields, "text", text, NewMemory.MAX_TEXT);
        String title = fields.optionalText("title");
        bounded(fields, "title", title, NewMemory.MAX_TITLE);
        String project = fields.text("project");
        bounded(fields, "project", project, NewMemory.MAX_PROJECT);
        return new NewMemory(
                text,
                title,
                fields.optionalText("type"),
                project,
                fields.texts("facts", MAX_ITEMS),
                fields.texts("files", MAX_ITEMS),
                time(fields, "createdAt", false),
                session(fields),
                superseded(fields));
    }

    /** An id, or a list of them. */
    private static List<Long> superseded(Fields fields) {
        JsonNode value = fields.raw("supersedes");
        if (value == null || value.isArray()) {
            return fields.ids("supersedes", NewMemory.MAX_SUPERSEDED);
        }
        return List.of(fields.id("supersedes"));
    }

    private static @Nullable String session(Fields fields) {
        for (String name : SESSION) {
            String session = fields.optionalText(name);
            if (session != null) {
                bounded(fields, name, session, NewMemory.MAX_SESSION);
                return session;
            }
        }
        return null;
    }

    private static Forget forgetOf(JsonNode body) {
        // A misspelt condition must not forget more than was meant.
        Fields fields = Fields.of(body).only(FORGET);
        Forget forget = new Forget(
                fields.ids("ids", MAX_IDS),
                kind(fields),
                condition(fields, "project"),
                condition(fields, "session"),
                condition(fields, "query"),
                time(fields, "from", false),
                time(fields, "to", true),
                fields.flag("dryRun"));
        boolean byOthers = forget.project() != null
                || forget.session() != null
                || forget.query() != null
                || forget.from() != null
                || forget.to() != null;
        if (forget.ids().isEmpty() && (!byOthers || fields.raw("ids") != null)) {
            throw CairnException.invalid("ids", "give ids, or at least one of project, session, query, from and to");
        }
        return forget;
    }

    private static @Nullable Kind kind(Fields fields) {
        String word = fields.optionalText("kind");
        if (word == null) {
            return null;
        }
        Kind kind = Kind.parse(word);
        if (kind == null) {
            throw CairnException.invalid(
                    "kind", "kind must be observation, summary or prompt, not '" + Parameters.shown(word) + "'");
        }
        return kind;
    }

    private static @Nullable String condition(Fields fields, String name) {
        String text = fields.raw(name) == null ? null : fields.text(name);
        bounded(fields, name, text, SearchQuery.MAX_TEXT);
        return text;
    }

    /** A time: epoch milliseconds as a number, or a text that says it. */
    private static @Nullable Long time(Fields fields, String name, boolean endOfDay) {
        JsonNode value = fields.raw(name);
        if (value == null) {
            return null;
        }
        String text = value.isIntegralNumber() ? value.asText() : fields.text(name);
        return Parameters.instant(fields.at(name), text, endOfDay);
    }

    private static void bounded(Fields fields, String name, @Nullable String text, int max) {
        if (text != null && text.length() > max) {
            String at = fields.at(name);
            throw CairnException.invalid(
                    at, at + " has " + text.length() + " characters; at most " + max + " are accepted");
        }
    }
}
