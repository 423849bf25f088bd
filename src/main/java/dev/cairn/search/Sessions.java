package dev.cairn.search;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.Page;
import dev.cairn.bus.PageQuery;
import dev.cairn.bus.What;
import dev.cairn.model.Session;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds sessions, and what is remembered of one. */
final class Sessions {
    private static final int MAX_ROWS = 100;
    private static final int RECENT = 20;

    /**
     * A session's memories, the newest of each kind.
     *
     * @param rows prompts, summaries and observations, newest first; {@code next} is set when there are older ones of any kind
     */
    record Told(Session session, Page rows) {}

    private final Bus bus;

    Sessions(Bus bus) {
        this.bus = bus;
    }

    /** The one with the worker's id, else the newest one with the host's. */
    Future<Optional<Session>> find(String id) {
        Future<Optional<Session>> own = id.matches("\\d{1,18}")
                ? bus.request(Addresses.STORE_FETCH, new Fetch(What.SESSIONS, List.of(Long.parseLong(id))))
                        .map(Sessions::first)
                : Future.succeededFuture(Optional.empty());
        return own.compose(found -> found.isPresent()
                ? Future.succeededFuture(found)
                : page(What.SESSIONS, null, id, 1).map(Sessions::first));
    }

    /** The newest one that has ended, else the newest; of all projects when none is given. */
    Future<Optional<Session>> last(@Nullable String project) {
        return page(What.SESSIONS, project, null, RECENT)
                .map(page -> page.sessions().stream()
                        .filter(session -> session.endedAt() != null)
                        .findFirst()
                        .or(() -> first(page)));
    }

    Future<Told> told(Session session) {
        return rows(What.PROMPTS, session)
                .compose(prompts -> rows(What.SUMMARIES, session)
                        .compose(summaries -> rows(What.OBSERVATIONS, session)
                                .map(observations -> new Told(session, joined(prompts, summaries, observations)))));
    }

    private static Page joined(Page prompts, Page summaries, Page observations) {
        String older = prompts.next() != null
                ? prompts.next()
                : summaries.next() != null ? summaries.next() : observations.next();
        return new Page(
                List.of(), prompts.prompts(), List.of(), observations.observations(), summaries.summaries(), older);
    }

    private Future<Page> rows(What what, Session session) {
        return bus.request(
                Addresses.STORE_PAGE,
                new PageQuery(what, null, session.platform(), session.sessionId(), null, null, MAX_ROWS, null));
    }

    private Future<Page> page(What what, @Nullable String project, @Nullable String session, int limit) {
        return bus.request(Addresses.STORE_PAGE, new PageQuery(what, project, null, session, null, null, limit, null));
    }

    private static Optional<Session> first(Page page) {
        return page.sessions().stream().findFirst();
    }
}
