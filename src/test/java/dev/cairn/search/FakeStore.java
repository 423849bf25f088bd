package dev.cairn.search;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.Forget;
import dev.cairn.bus.Forgotten;
import dev.cairn.bus.MemoryRow;
import dev.cairn.bus.MemoryRows;
import dev.cairn.bus.NeighbourQuery;
import dev.cairn.bus.Page;
import dev.cairn.bus.PageQuery;
import dev.cairn.bus.Projects;
import dev.cairn.bus.RankQuery;
import dev.cairn.bus.Ranked;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.Saved;
import dev.cairn.bus.SelectMemories;
import dev.cairn.bus.Stats;
import dev.cairn.bus.What;
import dev.cairn.model.CairnException;
import dev.cairn.model.Correction;
import dev.cairn.model.Kind;
import dev.cairn.model.Observation;
import dev.cairn.model.Project;
import dev.cairn.model.Prompt;
import dev.cairn.model.SearchQuery;
import dev.cairn.model.Session;
import dev.cairn.model.Summary;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Answers on the real bus as the store does, from lists; remembers what it was asked. */
final class FakeStore {
    static final Project CAIRN = new Project("/home/ada/cairn", "cairn");
    static final Project KILN = new Project("/home/ada/kiln", "kiln");
    static final long NOON = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();

    final List<MemoryRow> rows = new CopyOnWriteArrayList<>();
    final List<Observation> observations = new CopyOnWriteArrayList<>();
    final List<Summary> summaries = new CopyOnWriteArrayList<>();
    final List<Prompt> prompts = new CopyOnWriteArrayList<>();
    final List<Session> sessions = new CopyOnWriteArrayList<>();
    final List<Project> projects = new CopyOnWriteArrayList<>(List.of(CAIRN));
    final Stats stats = new Stats(1, 2, 30, 4, 1, 5, 1, 0, Map.of(), "/d/cairn.db", 2_049);
    final List<Object> asked = new CopyOnWriteArrayList<>();
    volatile Forgotten forgotten = new Forgotten(2, 1, 0, 0, 0, false);

    FakeStore(Vertx vertx) {
        Bus bus = new Bus(vertx);
        bus.serve(Addresses.STORE_SEARCH, this::search);
        bus.serve(Addresses.STORE_RANK, this::rank);
        bus.serve(Addresses.STORE_SELECT, this::select);
        bus.serve(Addresses.STORE_NEIGHBOURS, this::neighbours);
        bus.serve(Addresses.STORE_FETCH, this::fetch);
        bus.serve(Addresses.STORE_PAGE, this::page);
        bus.serve(Addresses.STORE_PROJECTS, nothing -> Future.succeededFuture(known()));
        bus.serve(Addresses.SESSION_SAVE, this::save);
        bus.serve(Addresses.STORE_FORGET, this::forget);
        bus.serve(Addresses.STORE_STATS, nothing -> Future.succeededFuture(stats));
    }

    static MemoryRow row(long id, String title, String body) {
        return new MemoryRow(
                Kind.OBSERVATION,
                id,
                "bugfix",
                title,
                null,
                body,
                CAIRN,
                "claude-code",
                "s-1",
                List.of("/home/ada/cairn/src/Writer.java"),
                NOON + id * 60_000,
                1.0 / id);
    }

    /** The same row, corrected. */
    static MemoryRow corrected(MemoryRow row, Correction by) {
        return new MemoryRow(
                row.kind(),
                row.id(),
                row.type(),
                row.title(),
                row.subtitle(),
                row.body(),
                row.project(),
                row.platform(),
                row.session(),
                row.files(),
                row.createdAt(),
                row.score(),
                by);
    }

    static Observation observation(long id, String title, String narrative) {
        return new Observation(
                id,
                CAIRN,
                "claude-code",
                "s-1",
                3,
                "bugfix",
                title,
                null,
                narrative,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                NOON);
    }

    private Future<Ranked> rank(RankQuery request) {
        asked.add(request.query());
        List<Ranked.Hit> hits =
                rows.stream().map(row -> new Ranked.Hit(row.id(), row.score())).toList();
        return Future.succeededFuture(new Ranked(hits, rows.size(), new Coverage(rows.size(), rows.size())));
    }

    private Future<MemoryRows> select(SelectMemories request) {
        List<MemoryRow> found = request.ids().stream()
                .flatMap(id -> rows.stream().filter(row -> row.id() == id))
                .toList();
        return Future.succeededFuture(new MemoryRows(found, found.size(), new Coverage(rows.size(), rows.size())));
    }

    private Future<MemoryRows> search(SearchQuery query) {
        asked.add(query);
        List<MemoryRow> page =
                rows.stream().skip(query.offset()).limit(query.limit()).toList();
        return Future.succeededFuture(new MemoryRows(page, rows.size(), new Coverage(rows.size(), rows.size())));
    }

    private Future<MemoryRows> neighbours(NeighbourQuery query) {
        asked.add(query);
        if (query.anchorId() != null && rows.stream().noneMatch(row -> row.id() == query.anchorId())) {
            throw CairnException.notFound("no memory has the id " + query.anchorId());
        }
        // Newest first on purpose: the order is the searcher's promise, not the store's.
        List<MemoryRow> newestFirst = new ArrayList<>(rows);
        newestFirst.sort((a, b) -> Long.compare(b.createdAt(), a.createdAt()));
        return Future.succeededFuture(new MemoryRows(newestFirst, rows.size(), new Coverage(rows.size(), rows.size())));
    }

    /** One of the project cairn, that began so many hours after noon. */
    static Session session(long id, String hostId, int hours, @Nullable Long endedAt) {
        return new Session(
                id, hostId, "claude-code", CAIRN, CAIRN.key(), NOON + hours * 3_600_000L, endedAt, null, 2, 5);
    }

    /** Rows are to be put in newest first; a cursor is the place of the next row. */
    private Future<Page> page(PageQuery query) {
        asked.add(query);
        List<?> all = switch (query.what()) {
            case SESSIONS ->
                sessions.stream()
                        .filter(session ->
                                query.session() == null || session.sessionId().equals(query.session()))
                        .filter(session -> query.project() == null
                                || session.project().name().equals(query.project()))
                        .toList();
            case OBSERVATIONS ->
                observations.stream()
                        .filter(found ->
                                query.session() == null || query.session().equals(found.sessionId()))
                        .toList();
            case SUMMARIES -> summaries;
            default -> prompts;
        };
        int from = 0;
        if (query.cursor() != null) {
            if (!query.cursor().matches("\\d+")) {
                throw CairnException.invalid("cursor", "cursor is not one a page gave out; leave it out to begin anew");
            }
            from = Integer.parseInt(query.cursor());
        }
        int to = Math.min(all.size(), from + query.limit());
        List<?> rows = all.subList(Math.min(from, to), to);
        return Future.succeededFuture(new Page(
                of(Session.class, rows),
                of(Prompt.class, rows),
                List.of(),
                of(Observation.class, rows),
                of(Summary.class, rows),
                to < all.size() ? String.valueOf(to) : null));
    }

    private static <T> List<T> of(Class<T> type, List<?> rows) {
        return rows.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private Future<Page> fetch(Fetch fetch) {
        asked.add(fetch);
        if (fetch.what() == What.SESSIONS) {
            return Future.succeededFuture(new Page(
                    sessions.stream()
                            .filter(found -> fetch.ids().contains(found.id()))
                            .toList(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    null));
        }
        return Future.succeededFuture(new Page(
                List.of(),
                prompts.stream()
                        .filter(found -> fetch.ids().contains(found.id()))
                        .toList(),
                List.of(),
                observations.stream()
                        .filter(found -> fetch.ids().contains(found.id()))
                        .toList(),
                summaries.stream()
                        .filter(found -> fetch.ids().contains(found.id()))
                        .toList(),
                null));
    }

    private Projects known() {
        return new Projects(projects.stream()
                .map(project -> new Projects.Row(project, 1, 1, 1, 1, NOON))
                .toList());
    }

    private Future<Saved> save(SaveMemories memories) {
        asked.add(memories);
        return Future.succeededFuture(new Saved(List.of(77L)));
    }

    private Future<Forgotten> forget(Forget forget) {
        asked.add(forget);
        Forgotten counts = forgotten;
        return Future.succeededFuture(new Forgotten(
                counts.observations(),
                counts.summaries(),
                counts.prompts(),
                counts.toolUses(),
                counts.sessions(),
                forget.dryRun()));
    }

    @SuppressWarnings("unchecked")
    <T> T lastAsked(Class<T> type) {
        return (T) asked.stream()
                .filter(type::isInstance)
                .reduce((a, b) -> b)
                .orElseThrow(() -> new AssertionError("nobody sent a " + type.getSimpleName()));
    }
}
