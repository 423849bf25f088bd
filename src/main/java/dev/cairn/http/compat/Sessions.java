package dev.cairn.http.compat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.PageQuery;
import dev.cairn.bus.RecordEvents;
import dev.cairn.bus.Recorded;
import dev.cairn.bus.What;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.model.EventKind;
import dev.cairn.model.Session;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has what the contract's hooks tell recorded, each event by itself, and finds sessions. */
final class Sessions {
    private static final long TIMEOUT_MS = 5_000;
    private static final int LONGEST_ID = 200;

    private final Bus bus;

    Sessions(Bus bus) {
        this.bus = bus;
    }

    /**
     * A session.
     *
     * @param id the host's
     * @param project the name of its project; null when it is not told
     * @param requestId the request's name in the log
     */
    record Of(String platform, String id, @Nullable String project, String requestId) {}

    /** One event on its way to be recorded. */
    static final class Said {
        private final EventKind kind;
        private final String name;
        private @Nullable String cwd;
        private @Nullable String promptId;
        private @Nullable String agent;
        private @Nullable String prompt;
        private @Nullable String tool;
        private @Nullable String toolUseId;
        private @Nullable String input;
        private @Nullable String response;
        private @Nullable String text;
        private @Nullable String detail;

        /** @param name the host's name for it, by which it is counted */
        Said(EventKind kind, String name) {
            this.kind = kind;
            this.name = name;
        }

        Said prompt(@Nullable String value) {
            prompt = value;
            return this;
        }

        Said promptId(@Nullable String value) {
            promptId = value;
            return this;
        }

        Said cwd(@Nullable String value) {
            cwd = value == null || value.isEmpty() ? null : value;
            return this;
        }

        Said agent(@Nullable String value) {
            agent = value == null || value.isEmpty() ? null : value;
            return this;
        }

        Said tool(String toolName, @Nullable String useId) {
            tool = toolName;
            toolUseId = useId == null || useId.isEmpty() ? null : useId;
            return this;
        }

        Said input(@Nullable String json) {
            input = json;
            return this;
        }

        Said response(@Nullable String json) {
            response = json;
            return this;
        }

        Said text(@Nullable String value) {
            text = value;
            return this;
        }

        Said detail(@Nullable String value) {
            detail = value == null || value.isEmpty() ? null : value;
            return this;
        }

        private AgentEvent of(Of session) {
            return new AgentEvent(
                    kind,
                    name,
                    session.platform(),
                    session.id(),
                    cwd,
                    promptId,
                    agent,
                    prompt,
                    tool,
                    toolUseId,
                    input,
                    response,
                    null,
                    null,
                    text,
                    detail,
                    System.currentTimeMillis());
        }
    }

    /** Succeeds when it is committed. */
    Future<Recorded> record(Of session, Said said) {
        RecordEvents events = new RecordEvents(List.of(said.of(session)), session.requestId(), session.project());
        return bus.request(Addresses.SESSION_RECORD, events, TIMEOUT_MS);
    }

    /** The session; null when it is not known. */
    Future<@Nullable Session> find(Of session) {
        return find(session.id(), session.platform());
    }

    /** @param platform null for any */
    Future<@Nullable Session> find(String id, @Nullable String platform) {
        PageQuery query = new PageQuery(What.SESSIONS, null, platform, id, null, null, 1, null);
        return bus.request(Addresses.STORE_PAGE, query)
                .map(page -> page.sessions().isEmpty() ? null : page.sessions().get(0));
    }

    /** A host's id of a session, as it may be recorded. */
    static String checkedId(String field, String id) {
        if (id.length() > LONGEST_ID || id.chars().anyMatch(Character::isISOControl)) {
            throw CairnException.invalid(
                    field, field + " must be 1 to " + LONGEST_ID + " characters without control characters");
        }
        return id;
    }
}
