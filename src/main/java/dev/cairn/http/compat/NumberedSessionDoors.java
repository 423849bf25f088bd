package dev.cairn.http.compat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.WireFormat;
import dev.cairn.http.json.Fields;
import dev.cairn.model.EventKind;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the hooks of version 6 post: {@code /sessions/:id/…}. Their ids are row numbers of the plugin's own database, so the session
 * {@code 7} of theirs is {@code claude-mem-6:7} here.
 */
final class NumberedSessionDoors {
    private static final String PREFIX = "claude-mem-6:";

    private final Sessions sessions;
    private final PrivatePrompts privatePrompts;
    private final Bus bus;

    NumberedSessionDoors(Sessions sessions, PrivatePrompts privatePrompts, Bus bus) {
        this.sessions = sessions;
        this.privatePrompts = privatePrompts;
        this.bus = bus;
    }

    List<Door> doors() {
        return List.of(
                new Door("POST", "/sessions/:id/init", false, this::init),
                new Door("POST", "/sessions/:id/observations", false, this::observation),
                new Door("POST", "/sessions/:id/summarize", false, this::summarize),
                new Door("POST", "/sessions/:id/complete", false, request -> end(request, "complete")),
                new Door("GET", "/sessions/:id/status", false, this::status),
                new Door("DELETE", "/sessions/:id", false, request -> end(request, "deleted")),
                new Door("POST", "/api/processing", false, this::processing));
    }

    private Future<Reply> init(Request request) {
        long id = id(request);
        return request.body().compose(body -> {
            Fields fields = Fields.of(body);
            Sessions.Of session = of(id, fields.optionalText("project"), request);
            String prompt = fields.text("userPrompt");
            boolean isPrivate = PrivatePrompts.isPrivate(prompt);
            Sessions.Said said = isPrivate
                    ? new Sessions.Said(EventKind.SESSION_START, "UserPromptSubmit")
                    : new Sessions.Said(EventKind.PROMPT, "UserPromptSubmit")
                            .prompt(prompt)
                            .promptId(promptId(fields.optionalLong("promptNumber")));
            return sessions.record(session, said).map(recorded -> {
                privatePrompts.note(session, isPrivate);
                return Reply.json(Reply.object()
                        .put("status", "initialized")
                        .put("sessionDbId", id)
                        .put("port", request.port()));
            });
        });
    }

    private Future<Reply> observation(Request request) {
        long id = id(request);
        return request.body().compose(body -> {
            Fields fields = Fields.of(body);
            Sessions.Of session = of(id, null, request);
            Sessions.Said said = new Sessions.Said(EventKind.TOOL_USE, "PostToolUse")
                    .tool(fields.text("tool_name"), fields.optionalText("tool_use_id"))
                    .input(parsed(fields.raw("tool_input")))
                    .response(parsed(fields.raw("tool_response")))
                    .cwd(fields.optionalText("cwd"))
                    .promptId(promptId(fields.optionalLong("prompt_number")));
            return privatePrompts.lastWasPrivate(session)
                    ? Future.succeededFuture(SessionDoors.skipped("private"))
                    : sessions.record(session, said).map(SessionDoors::queued);
        });
    }

    private Future<Reply> summarize(Request request) {
        long id = id(request);
        return request.body().compose(body -> {
            Fields fields = Fields.of(body);
            Sessions.Of session = of(id, null, request);
            String message = fields.optionalText("last_assistant_message");
            Sessions.Said said = new Sessions.Said(EventKind.STOP, "Stop")
                    .text(message == null ? "" : message)
                    .promptId(promptId(fields.optionalLong("prompt_number")));
            return privatePrompts.lastWasPrivate(session)
                    ? Future.succeededFuture(SessionDoors.skipped("private"))
                    : sessions.record(session, said).map(SessionDoors::queued);
        });
    }

    /** Ends the session. Its memories stay: that contract deletes no more than what the worker has in work. */
    private Future<Reply> end(Request request, String reason) {
        Sessions.Of session = of(id(request), null, request);
        ObjectNode done = reason.equals("deleted")
                ? Reply.object().put("status", "deleted")
                : Reply.object().put("success", true);
        return request.body().compose(body -> sessions.find(session)).compose(known -> {
            if (known == null) {
                return Future.succeededFuture(Reply.json(done));
            }
            Sessions.Said said = new Sessions.Said(EventKind.SESSION_END, "SessionEnd").detail(reason);
            return sessions.record(session, said).map(recorded -> Reply.json(done));
        });
    }

    private Future<Reply> status(Request request) {
        long id = id(request);
        return sessions.find(of(id, null, request)).compose(known -> {
            if (known == null || known.endedAt() != null) {
                return Future.succeededFuture(Reply.json(Reply.object().put("status", "not_found")));
            }
            long uptime = Math.max(0, System.currentTimeMillis() - known.startedAt());
            return queue().map(queue -> Reply.json(Reply.object()
                    .put("status", "active")
                    .put("sessionDbId", id)
                    .put("project", known.project().name())
                    .put("queueLength", queue)
                    .put("uptime", uptime)));
        });
    }

    /** Whether something is being worked on is known here; what the client says about it changes nothing. */
    private Future<Reply> processing(Request request) {
        return request.body()
                .compose(body -> queue())
                .map(queue -> Reply.json(Reply.object().put("status", "ok").put("isProcessing", queue > 0)));
    }

    private Future<Long> queue() {
        return bus.request(Addresses.STORE_STATS, Nothing.NOTHING).map(stats -> stats.pending() + stats.claimed());
    }

    private static Sessions.Of of(long id, @Nullable String project, Request request) {
        return new Sessions.Of(Platforms.ours(null), PREFIX + id, project, request.id());
    }

    private static long id(Request request) {
        String segment = request.segment(1);
        if (!segment.matches("[1-9]\\d{0,17}")) {
            throw SessionDoors.noNumber("id", dev.cairn.bus.Parameters.shown(segment));
        }
        return Long.parseLong(segment);
    }

    private static @Nullable String promptId(@Nullable Long number) {
        return number == null ? null : "prompt-" + number;
    }

    /** JSON in a text is that JSON; any other text is one. */
    private static @Nullable String parsed(@Nullable JsonNode value) {
        if (value == null || !value.isTextual()) {
            return SessionDoors.json(value);
        }
        try {
            JsonNode inside = WireFormat.mapper().readTree(value.textValue());
            return inside == null || inside.isMissingNode() ? value.toString() : inside.toString();
        } catch (JsonProcessingException e) {
            return value.toString();
        }
    }
}
