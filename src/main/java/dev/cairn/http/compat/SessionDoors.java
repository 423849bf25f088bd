package dev.cairn.http.compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Recorded;
import dev.cairn.http.json.Fields;
import dev.cairn.model.CairnException;
import dev.cairn.model.EventKind;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the hooks of version 13 post: {@code /api/sessions/init}, {@code observations}, {@code summarize} and {@code session-end}. */
final class SessionDoors {
    /** Tools that the contract does not record: they are about the agent, not about the work. */
    private static final Set<String> EXCLUDED_TOOLS =
            Set.of("ListMcpResourcesTool", "SlashCommand", "Skill", "TodoWrite", "AskUserQuestion");

    private final Sessions sessions;
    private final PrivatePrompts privatePrompts;

    SessionDoors(Sessions sessions, PrivatePrompts privatePrompts) {
        this.sessions = sessions;
        this.privatePrompts = privatePrompts;
    }

    List<Door> doors() {
        return List.of(
                new Door("POST", "/api/sessions/init", false, this::init),
                new Door("POST", "/api/sessions/observations", false, this::observation),
                new Door("POST", "/api/sessions/summarize", false, this::summarize),
                new Door("POST", "/api/sessions/session-end", false, this::end),
                // It is gone there, and would be taken for the id of a session here.
                new Door("POST", "/api/sessions/complete", false, SessionDoors::gone));
    }

    private static Future<Reply> gone(Request request) {
        return Future.succeededFuture(
                Refusals.notFound("there is no such route; a session ends by POST /api/sessions/session-end"));
    }

    private Future<Reply> init(Request request) {
        return request.body().compose(body -> {
            Fields fields = Fields.of(body);
            Sessions.Of session = of(fields, fields.optionalText("project"), request);
            String prompt = fields.optionalText("prompt");
            boolean unsaid = prompt == null || PrivatePrompts.isPrivate(prompt);
            boolean isPrivate = prompt != null && unsaid;
            Sessions.Said said = unsaid
                    ? new Sessions.Said(EventKind.SESSION_START, "UserPromptSubmit")
                    : new Sessions.Said(EventKind.PROMPT, "UserPromptSubmit").prompt(prompt);
            return sessions.record(session, said).map(recorded -> {
                privatePrompts.note(session, isPrivate);
                return Reply.json(unsaid ? skippedInit(recorded, isPrivate) : inited(recorded));
            });
        });
    }

    /** Nothing was recorded but the session: the number of the next prompt is not used up. */
    private static ObjectNode skippedInit(Recorded recorded, boolean isPrivate) {
        ObjectNode json = numbers(recorded, 1).put("skipped", true);
        return recorded.project() == null
                ? json.put("reason", "project_excluded")
                : json.put("reason", isPrivate ? "private" : "empty");
    }

    private static ObjectNode inited(Recorded recorded) {
        ObjectNode json = numbers(recorded, 0);
        int turn = recorded.turn() == null ? 0 : recorded.turn();
        if (recorded.project() == null) {
            return json.put("skipped", true).put("reason", "project_excluded");
        }
        if (recorded.stored() == 0) {
            return json.put("skipped", true).put("reason", "duplicate").put("contextInjected", true);
        }
        return json.put("skipped", false).put("contextInjected", turn > 1).put("status", "initialized");
    }

    private static ObjectNode numbers(Recorded recorded, int more) {
        long session = recorded.session() == null ? 0 : recorded.session();
        int turn = recorded.turn() == null ? 0 : recorded.turn() + more;
        return Reply.object().put("sessionDbId", session).put("promptNumber", turn);
    }

    private Future<Reply> observation(Request request) {
        return request.body().compose(body -> {
            Fields fields = Fields.of(body);
            Sessions.Of session = of(fields, fields.optionalText("project"), request);
            String tool = fields.text("tool_name");
            String id = fields.optionalText("tool_use_id");
            Sessions.Said said = new Sessions.Said(EventKind.TOOL_USE, "PostToolUse")
                    .tool(tool, id == null ? fields.optionalText("toolUseId") : id)
                    .input(json(fields.raw("tool_input")))
                    .response(json(fields.raw("tool_response")))
                    .cwd(fields.optionalText("cwd"))
                    .agent(fields.optionalText("agentId"));
            if (EXCLUDED_TOOLS.contains(tool)) {
                return Future.succeededFuture(skipped("tool_excluded"));
            }
            if (privatePrompts.lastWasPrivate(session)) {
                return Future.succeededFuture(skipped("private"));
            }
            return sessions.record(session, said).map(SessionDoors::queued);
        });
    }

    private Future<Reply> summarize(Request request) {
        return request.body().compose(body -> {
            Fields fields = Fields.of(body);
            Sessions.Of session = of(fields, null, request);
            String message = fields.optionalText("last_assistant_message");
            Sessions.Said said = new Sessions.Said(EventKind.STOP, "Stop").text(message == null ? "" : message);
            String agent = fields.optionalText("agentId");
            if (agent != null && !agent.isEmpty()) {
                return Future.succeededFuture(skipped("subagent_context"));
            }
            if (privatePrompts.lastWasPrivate(session)) {
                return Future.succeededFuture(skipped("private"));
            }
            return sessions.record(session, said).map(SessionDoors::queued);
        });
    }

    private Future<Reply> end(Request request) {
        return request.body().compose(body -> {
            Fields fields = Fields.of(body);
            Sessions.Of session = of(fields, null, request);
            Sessions.Said said = new Sessions.Said(EventKind.SESSION_END, "SessionEnd")
                    .cwd(fields.optionalText("cwd"))
                    .detail(fields.optionalText("reason"));
            return sessions.find(session).compose(known -> {
                if (known == null) {
                    return Future.succeededFuture(Reply.json(Reply.object().put("status", "unknown_session")));
                }
                return sessions.record(session, said)
                        .map(recorded -> Reply.json(Reply.object().put("status", "accepted")));
            });
        });
    }

    private static Sessions.Of of(Fields fields, @Nullable String project, Request request) {
        String platform = Platforms.ours(fields.optionalText("platformSource"));
        String id = Sessions.checkedId("contentSessionId", fields.text("contentSessionId"));
        return new Sessions.Of(
                platform, id, project == null || project.isBlank() ? null : project.strip(), request.id());
    }

    /** Any JSON as the text of it; what is left out is null. */
    static @Nullable String json(@Nullable JsonNode value) {
        return value == null ? null : value.toString();
    }

    static Reply queued(Recorded recorded) {
        return recorded.project() == null
                ? skipped("project_excluded")
                : Reply.json(Reply.object().put("status", "queued"));
    }

    static Reply skipped(String reason) {
        return Reply.json(Reply.object().put("status", "skipped").put("reason", reason));
    }

    /** What cannot be a number of the contract. */
    static CairnException noNumber(String name, String text) {
        return CairnException.invalid(name, name + " must be a whole number from 1, not '" + text + "'");
    }
}
