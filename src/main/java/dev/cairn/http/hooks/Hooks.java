package dev.cairn.http.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ContextQuery;
import dev.cairn.bus.RecordEvents;
import dev.cairn.config.ContextConfig;
import dev.cairn.http.json.Fields;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.model.EventKind;
import dev.cairn.model.Project;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes an agent's hook events: reads them, has them recorded, and says what the host is to be answered once they are
 * committed.
 */
public final class Hooks {
    private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);

    private static final long RECORD_TIMEOUT_MS = 5_000;
    /** The host gives all of SessionEnd 1.5 seconds. */
    private static final long SESSION_END_TIMEOUT_MS = 1_200;

    private static final long CONTEXT_TIMEOUT_MS = 2_000;

    private final Bus bus;
    private final boolean contextEnabled;
    private final PromptAnswers prompts;
    private final Notices notices;
    private final Map<String, Counter> counters = new HashMap<>();
    private final Counter others;

    /** @param context whether SessionStart is answered with context, and prompts with memories */
    public Hooks(Bus bus, MeterRegistry meters, ContextConfig context) {
        this.bus = bus;
        contextEnabled = context.enabled();
        prompts = new PromptAnswers(bus, meters, context.prompt());
        notices = new Notices(bus);
        // Names come from outside: only the known ones become labels.
        Hosts.eventNames().forEach(name -> counters.put(name, counter(meters, name)));
        others = counter(meters, "other");
    }

    private static Counter counter(MeterRegistry meters, String event) {
        return Counter.builder("cairn.hooks")
                .description("Hook events that were recorded")
                .tag("event", event)
                .register(meters);
    }

    /**
     * Reads an event; may be called on any thread.
     *
     * @param event the event's name when the route names it
     * @param platform the host; Claude Code when null
     * @param requestId the request's name in the log
     * @param own whether it says to be of an agent that the worker started itself
     * @throws CairnException INVALID_ARGUMENT naming the field at fault
     */
    public RecordEvents read(
            @Nullable String event, @Nullable String platform, String requestId, boolean own, JsonNode body) {
        Fields fields = Fields.of(body);
        String name = name(event, fields.optionalText("hook_event_name"));
        String host = platform == null ? Hosts.CLAUDE_CODE : Texts.platform(platform);
        return new RecordEvents(
                Hosts.of(host).read(name, host, fields, System.currentTimeMillis()),
                requestId,
                null,
                own ? true : null);
    }

    /**
     * Has events of one hook recorded.
     *
     * @return the JSON to answer, after the commit; fails with a {@link CairnException} when nothing was recorded
     */
    public Future<String> record(RecordEvents events) {
        AgentEvent first = events.events().get(0);
        long timeoutMs = first.kind() == EventKind.SESSION_END ? SESSION_END_TIMEOUT_MS : RECORD_TIMEOUT_MS;
        return bus.request(Addresses.SESSION_RECORD, events, timeoutMs).compose(recorded -> {
            counters.getOrDefault(first.name(), others).increment();
            Host host = Hosts.of(first.platform());
            return said(host, first, recorded.project())
                    .map(context -> context.isEmpty() ? host.confirm(first.name()) : host.tell(first.name(), context));
        });
    }

    /** What the host is to be told beyond the confirmation; empty for nothing. Only events that allow it are told anything. */
    private Future<String> said(Host host, AgentEvent event, @Nullable Project project) {
        if (project == null) {
            return Future.succeededFuture("");
        }
        return switch (event.kind()) {
            case SESSION_START -> contextEnabled ? context(event, project) : Future.succeededFuture("");
            case PROMPT -> host.hearsPrompts() ? prompts.about(event, project) : Future.succeededFuture("");
            default -> Future.succeededFuture("");
        };
    }

    private Future<String> context(AgentEvent start, Project project) {
        ContextQuery query = new ContextQuery(project.key(), null);
        return bus.request(Addresses.CONTEXT_BUILD, query, CONTEXT_TIMEOUT_MS)
                .compose(context -> prompts.told(start, context).map(noted -> context.text()))
                .compose(notices::before)
                // A session must start even when nothing can be said about it.
                .otherwise(failure -> {
                    LOG.warn("A session starts without context: {}", failure.getMessage());
                    return "";
                });
    }

    private static String name(@Nullable String route, @Nullable String body) {
        if (route == null && body == null) {
            throw CairnException.invalid("hook_event_name", "hook_event_name is missing; give the event's name");
        }
        String inBody = body == null ? null : Texts.name("hook_event_name", body);
        String inRoute = route == null ? null : Texts.name("event", route);
        if (inBody != null && inRoute != null && !inBody.equals(inRoute)) {
            throw CairnException.invalid(
                    "hook_event_name", "hook_event_name is " + inBody + ", but the route says " + inRoute);
        }
        return inBody != null ? inBody : Objects.requireNonNull(inRoute);
    }
}
