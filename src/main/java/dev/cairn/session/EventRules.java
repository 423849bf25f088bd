package dev.cairn.session;

import static dev.cairn.session.FieldRules.atMost;
import static dev.cairn.session.FieldRules.length;
import static dev.cairn.session.FieldRules.printable;

import dev.cairn.bus.IngestEvents;
import dev.cairn.bus.RecordEvents;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an event must be like to be recorded. Lengths in UTF-16 units. */
final class EventRules {
    private static final int NAME = 64;
    private static final int DIRECTORY = 4096;

    private static final Pattern WINDOWS_PATH = Pattern.compile("(?:[A-Za-z]:[\\\\/]|\\\\\\\\).*", Pattern.DOTALL);

    private EventRules() {}

    /** @throws CairnException INVALID_ARGUMENT naming the first field at fault */
    static void check(RecordEvents request) {
        List<AgentEvent> events = request.events();
        if (events.isEmpty() || events.size() > RecordEvents.MAX_EVENTS) {
            throw CairnException.invalid(
                    "events",
                    "events must hold 1 to " + RecordEvents.MAX_EVENTS + ", not " + events.size()
                            + "; send fewer at once");
        }
        if (request.projectName() != null) {
            length(request.projectName(), 1, ProjectNames.LONGEST, "projectName");
            printable(request.projectName(), "projectName");
        }
        AgentEvent first = events.get(0);
        for (int i = 0; i < events.size(); i++) {
            AgentEvent event = events.get(i);
            String at = "events[" + i + "].";
            check(event, at);
            if (!event.platform().equals(first.platform()) || !event.sessionId().equals(first.sessionId())) {
                String field = at + (event.platform().equals(first.platform()) ? "sessionId" : "platform");
                throw CairnException.invalid(
                        field, field + " differs from that of the first event; send each session by itself");
            }
        }
    }

    /** @throws CairnException INVALID_ARGUMENT naming the first field at fault */
    static void check(IngestEvents request) {
        List<IngestEvents.Item> items = request.items();
        if (items.isEmpty() || items.size() > RecordEvents.MAX_EVENTS) {
            throw CairnException.invalid(
                    "events",
                    "events must hold 1 to " + RecordEvents.MAX_EVENTS + ", not " + items.size()
                            + "; send fewer at once");
        }
        atMost(request.key(), IngestEvents.MAX_KEY, "key");
        for (int i = 0; i < items.size(); i++) {
            String at = "events[" + i + "].";
            check(items.get(i).event(), at);
            atMost(items.get(i).key(), IngestEvents.MAX_KEY, at + "key");
        }
    }

    private static void check(AgentEvent event, String at) {
        length(event.sessionId(), 1, FieldRules.ID, at + "sessionId");
        printable(event.sessionId(), at + "sessionId");
        length(event.name(), 1, NAME, at + "name");
        FieldRules.platform(event.platform(), at + "platform");
        directory(event.cwd(), at + "cwd");
        atMost(event.promptId(), FieldRules.ID, at + "promptId");
        atMost(event.agentId(), FieldRules.ID, at + "agentId");
        atMost(event.toolName(), FieldRules.TOOL_NAME, at + "toolName");
        atMost(event.toolUseId(), FieldRules.ID, at + "toolUseId");
        atMost(event.detail(), FieldRules.ID, at + "detail");
        FieldRules.durationMs(event.durationMs(), at + "durationMs");
        if (!FieldRules.isTime(event.at())) {
            throw CairnException.invalid(at + "at", at + "at must be epoch milliseconds");
        }
    }

    private static void directory(@Nullable String cwd, String field) {
        if (cwd == null) {
            return;
        }
        length(cwd, 1, DIRECTORY, field);
        if (cwd.charAt(0) != '/' && !WINDOWS_PATH.matcher(cwd).matches()) {
            throw CairnException.invalid(field, field + " must be an absolute path");
        }
        if (cwd.indexOf('\0') >= 0) {
            throw CairnException.invalid(field, field + " holds a NUL character");
        }
    }
}
