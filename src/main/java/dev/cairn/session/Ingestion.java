package dev.cairn.session;

import dev.cairn.bus.IngestEvents;
import dev.cairn.bus.IngestEvents.Item;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.Project;
import dev.cairn.privacy.TextCleaner;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of several sessions ready for the store: where each belongs, and its texts without secrets and excess. For one event
 * loop.
 */
final class Ingestion {
    private final ProjectCache projects;
    private final ProjectResolver resolver;
    private final TextCleaner cleaner;
    private final FilterPool filters;
    private final OwnEvents own;

    Ingestion(ProjectCache projects, ProjectResolver resolver, TextCleaner cleaner, FilterPool filters, OwnEvents own) {
        this.projects = projects;
        this.resolver = resolver;
        this.cleaner = cleaner;
        this.filters = filters;
        this.own = own;
    }

    /** The events of each session, in their order. */
    static Map<String, List<AgentEvent>> bySession(IngestEvents request) {
        Map<String, List<AgentEvent>> sessions = new LinkedHashMap<>();
        for (Item item : request.items()) {
            AgentEvent event = item.event();
            sessions.computeIfAbsent(SessionOrder.session(event), any -> new ArrayList<>())
                    .add(event);
        }
        return sessions;
    }

    /**
     * The same events, each with its project and clean texts; an event that is excluded by its directory or its project's name has
     * neither.
     *
     * @return fails as {@link ProjectCache#resolve} and {@link FilterPool#run} do, and with INVALID_ARGUMENT when a tool's input or
     *     answer is no JSON
     */
    Future<IngestEvents> prepare(IngestEvents request) {
        return resolve(request).compose(resolved -> filters.run(weight(resolved), () -> clean(resolved)));
    }

    private static long weight(IngestEvents request) {
        return request.items().stream()
                .filter(item -> item.project() != null)
                .mapToLong(item -> TextCleaner.weight(item.event()))
                .sum();
    }

    private Future<IngestEvents> resolve(IngestEvents request) {
        List<AgentEvent> events = request.items().stream().map(Item::event).toList();
        return projects.resolveAll(events).map(byDirectory -> {
            List<Item> items = new ArrayList<>(request.items().size());
            for (Item item : request.items()) {
                String cwd = item.event().cwd();
                Resolution found = cwd == null ? Resolution.UNKNOWN : byDirectory.getOrDefault(cwd, Resolution.UNKNOWN);
                items.add(new Item(item.event(), item.key(), project(item, found), item.named()));
            }
            return new IngestEvents(items, request.key(), request.at(), request.requestId());
        });
    }

    private @Nullable Project project(Item item, Resolution directory) {
        if (own.knows(item.event().sessionId(), 1)) {
            return null;
        }
        if (directory.own()) {
            own.foundByDirectory();
            return null;
        }
        Project given = item.project();
        if (directory.excluded()
                || (given != null && resolver.named(given.name()).excluded())) {
            return null;
        }
        return given == null ? directory.project() : given;
    }

    /** What is excluded loses its texts, so that they go nowhere. On any thread. */
    private IngestEvents clean(IngestEvents request) {
        List<Item> items = new ArrayList<>(request.items().size());
        for (int i = 0; i < request.items().size(); i++) {
            Item item = request.items().get(i);
            AgentEvent event = item.project() == null
                    ? item.event().withTexts(null, null, null, null, null)
                    : cleaner.clean(HostPrompts.told(item.event()), "events[" + i + "]");
            items.add(new Item(event, item.key(), item.project(), item.named()));
        }
        return new IngestEvents(items, request.key(), request.at(), request.requestId());
    }
}
