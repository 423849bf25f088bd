package dev.cairn.session;

import dev.cairn.bus.AppendEvents;
import dev.cairn.bus.RecordEvents;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.Project;
import dev.cairn.privacy.TextCleaner;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes events of one session ready for the store: which of them are kept, their project, and their texts without secrets and
 * excess. For one event loop.
 */
final class Recording {
    private final SessionProjects projects;
    private final TextCleaner cleaner;
    private final FilterPool filters;
    private final OwnEvents own;
    private final EventFigures figures;

    Recording(SessionProjects projects, TextCleaner cleaner, FilterPool filters, OwnEvents own, EventFigures figures) {
        this.projects = projects;
        this.cleaner = cleaner;
        this.filters = filters;
        this.own = own;
        this.figures = figures;
    }

    /**
     * What is left of the request for the store; without events when nothing is.
     *
     * @return fails as {@link ProjectCache#resolve} and {@link FilterPool#run} do, and with INVALID_ARGUMENT when a tool's input or
     *     answer is no JSON
     */
    Future<AppendEvents> prepare(String session, RecordEvents request) {
        return projects.resolve(session, request).compose(resolutions -> keep(request, resolutions));
    }

    private Future<AppendEvents> keep(RecordEvents request, List<Resolution> resolutions) {
        List<AgentEvent> events = request.events();
        List<AgentEvent> kept = new ArrayList<>(events.size());
        List<Integer> places = new ArrayList<>(events.size());
        Project project = null;
        for (int i = 0; i < events.size(); i++) {
            Resolution resolution = resolutions.get(i);
            if (resolution.own()) {
                own.foundByDirectory();
                continue;
            }
            if (resolution.excluded()) {
                figures.excluded(1);
                continue;
            }
            project = project == null ? resolution.project() : project;
            kept.add(HostPrompts.told(events.get(i)));
            places.add(i);
        }
        if (project == null) {
            return Future.succeededFuture(new AppendEvents(Resolution.UNKNOWN.project(), List.of()));
        }
        Project to = project;
        long weight = kept.stream().mapToLong(TextCleaner::weight).sum();
        return filters.run(weight, () -> new AppendEvents(to, clean(kept, places), request.requestId()));
    }

    /** On any thread. */
    private List<AgentEvent> clean(List<AgentEvent> events, List<Integer> places) {
        List<AgentEvent> clean = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            clean.add(cleaner.clean(events.get(i), "events[" + places.get(i) + "]"));
        }
        return clean;
    }
}
