package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Forget;
import dev.cairn.http.json.Fields;
import dev.cairn.model.Kind;
import dev.cairn.model.Session;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Single rows, their end, and sessions by the host's ids. */
final class RowDoors {
    private static final int MAX_SESSIONS = 100;

    private final Bus bus;
    private final Memories memories;
    private final Sessions sessions;

    RowDoors(Bus bus, Memories memories, Sessions sessions) {
        this.bus = bus;
        this.memories = memories;
        this.sessions = sessions;
    }

    List<Door> doors() {
        return List.of(
                new Door("GET", "/api/observation/:id", false, this::observation),
                new Door("GET", "/api/session/:id", false, this::summary),
                new Door("GET", "/api/prompt/:id", false, this::prompt),
                new Door("DELETE", "/api/observation/:id", false, request -> forget(request, Kind.OBSERVATION)),
                new Door("DELETE", "/api/summary/:id", false, request -> forget(request, Kind.SUMMARY)),
                new Door("DELETE", "/api/prompt/:id", false, request -> forget(request, Kind.PROMPT)),
                new Door("POST", "/api/sdk-sessions/batch", false, this::sessions));
    }

    private Future<Reply> observation(Request request) {
        long id = id(request);
        return memories.observation(id)
                .map(row -> row == null ? absent("Observation", id) : Reply.json(Rows.observation(row)));
    }

    private Future<Reply> summary(Request request) {
        long id = id(request);
        return memories.summary(id).map(row -> row == null ? absent("Session", id) : Reply.json(Rows.summary(row)));
    }

    private Future<Reply> prompt(Request request) {
        long id = id(request);
        return memories.prompt(id).compose(row -> {
            if (row == null) {
                return Future.succeededFuture(absent("Prompt", id));
            }
            String session = row.sessionId();
            return memories.numbers(session == null ? Set.of() : Set.of(session))
                    .map(numbers -> Reply.json(Rows.prompt(row, numbers.get(session))));
        });
    }

    private Future<Reply> forget(Request request, Kind kind) {
        long id = id(request);
        Forget forget = new Forget(List.of(id), kind, null, null, null, null, null, false);
        return bus.request(Addresses.STORE_FORGET, forget).map(forgotten -> {
            if (forgotten.observations() + forgotten.summaries() + forgotten.prompts() == 0) {
                return absent(kind.toString(), id);
            }
            ObjectNode json = Reply.object().put("success", true).put("id", Long.toString(id));
            return Reply.json(json.put("kind", kind.toString()).putNull("entity_rev"));
        });
    }

    /** A bare list; sessions that nobody knows are left out. */
    private Future<Reply> sessions(Request request) {
        return request.body().compose(body -> {
            Fields fields = Fields.of(body);
            if (fields.raw("memorySessionIds") == null) {
                throw dev.cairn.model.CairnException.invalid(
                        "memorySessionIds", "memorySessionIds is missing; give a list of session ids");
            }
            List<Future<ObjectNode>> asked = new ArrayList<>();
            for (String id : fields.texts("memorySessionIds", MAX_SESSIONS)) {
                asked.add(sessions.find(Sessions.checkedId("memorySessionIds", id), null)
                        .compose(session -> session == null ? Future.succeededFuture(Reply.object()) : row(session)));
            }
            return Future.all(asked).map(all -> {
                ArrayNode rows = Reply.object().arrayNode();
                asked.stream()
                        .map(Future::result)
                        .filter(Objects::nonNull)
                        .filter(row -> !row.isEmpty())
                        .forEach(rows::add);
                return Reply.json(rows);
            });
        });
    }

    private Future<ObjectNode> row(Session session) {
        return memories.firstPrompt(session.sessionId()).map(prompt -> Rows.session(session, prompt));
    }

    private static long id(Request request) {
        return Ids.id("id", request.segment(2));
    }

    private static Reply absent(String what, long id) {
        return Refusals.notFound(what + " #" + id + " not found");
    }
}
