package dev.cairn.http;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ContextQuery;
import dev.cairn.bus.ContextText;
import dev.cairn.bus.Count;
import dev.cairn.bus.Coverage;
import dev.cairn.bus.ExportPage;
import dev.cairn.bus.ExportQuery;
import dev.cairn.bus.Fetch;
import dev.cairn.bus.Forget;
import dev.cairn.bus.Forgotten;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.Imported;
import dev.cairn.bus.IngestEvents;
import dev.cairn.bus.Ingested;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.Page;
import dev.cairn.bus.PageQuery;
import dev.cairn.bus.PartStatus;
import dev.cairn.bus.Projects;
import dev.cairn.bus.RecordEvents;
import dev.cairn.bus.Recorded;
import dev.cairn.bus.RetryTurns;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.Saved;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.Stats;
import dev.cairn.bus.Timeline;
import dev.cairn.bus.TimelineQuery;
import dev.cairn.bus.Turns;
import dev.cairn.bus.TurnsQuery;
import dev.cairn.bus.UsageQuery;
import dev.cairn.bus.UsageReport;
import dev.cairn.bus.UsageSum;
import dev.cairn.bus.VectorStats;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.model.Project;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** The rooms behind the door, as a test wants them. Serves on the real bus, as the next link of the chain. */
final class FakeRooms extends ChainVerticle {
    static final Project PROJECT = new Project("/home/dev/kestrel", "kestrel");
    static final Page EMPTY_PAGE = new Page(List.of(), List.of(), List.of(), List.of(), List.of(), null);

    /** Everything that was asked, in its order. */
    final List<Object> asked = new CopyOnWriteArrayList<>();

    final Map<String, Future<PartStatus>> parts = new ConcurrentHashMap<>();
    final List<String> log;

    volatile Function<RecordEvents, Future<Recorded>> record = events ->
            Future.succeededFuture(new Recorded(PROJECT, events.events().size(), 0));
    volatile Function<IngestEvents, Future<Ingested>> ingest = events -> Future.succeededFuture(new Ingested(
            events.items().stream().map(item -> Ingested.Result.STORED).toList(), false));
    volatile Function<SaveMemories, Future<Saved>> save = memories -> {
        List<Long> ids = new ArrayList<>();
        memories.memories().forEach(memory -> ids.add(100L + ids.size()));
        return Future.succeededFuture(new Saved(ids));
    };
    volatile Function<SearchQuery, Future<SearchResult>> search =
            query -> Future.succeededFuture(new SearchResult(List.of(), 0, List.of("keyword"), new Coverage(3, 3), 1));
    volatile Function<TimelineQuery, Future<Timeline>> timeline =
            query -> Future.succeededFuture(new Timeline(List.of(), query.anchorId()));
    volatile Function<ContextQuery, Future<ContextText>> contextOf = query ->
            Future.succeededFuture(new ContextText(query.project(), "Known about kestrel.", 5, List.of(), List.of()));
    volatile Function<Forget, Future<Forgotten>> forget =
            forget -> Future.succeededFuture(new Forgotten(1, 0, 0, 0, 0, forget.dryRun()));
    volatile Function<PageQuery, Future<Page>> page = query -> Future.succeededFuture(EMPTY_PAGE);
    volatile Function<Fetch, Future<Page>> fetch = query -> Future.succeededFuture(EMPTY_PAGE);
    volatile Function<Nothing, Future<Stats>> stats = nothing -> Future.succeededFuture(
            new Stats(1, 2, 3, 4, 5, 6, 7, 8, Map.of("Stop", 2L, "SessionEnd", 1L), "cairn.db", 4096));
    volatile Function<Nothing, Future<Projects>> projects =
            nothing -> Future.succeededFuture(new Projects(List.of(new Projects.Row(PROJECT, 1, 2, 3, 4, 5))));

    volatile Function<ExportQuery, Future<ExportPage>> export =
            query -> Future.succeededFuture(new ExportPage(List.of(), null));
    volatile Function<ImportLines, Future<Imported>> take =
            lines -> Future.succeededFuture(new Imported(0, 0, 0, lines.lines().size(), 0, 1));

    volatile Function<TurnsQuery, Future<Turns>> turns = query -> Future.succeededFuture(new Turns(List.of()));
    volatile Function<RetryTurns, Future<Count>> retry =
            retry -> Future.succeededFuture(new Count(retry.ids().size()));
    volatile Function<UsageQuery, Future<UsageReport>> usage =
            query -> Future.succeededFuture(new UsageReport(UsageSum.NONE, List.of()));

    FakeRooms(List<String> log) {
        super("rooms", 500, null);
        this.log = log;
        for (String part : Addresses.PARTS) {
            parts.put(part, Future.succeededFuture(PartStatus.up(Map.of())));
        }
    }

    @Override
    protected Future<?> open() {
        Bus bus = new Bus(vertx);
        bus.serve(Addresses.SESSION_RECORD, request -> note(request, record));
        bus.serve(Addresses.SESSION_INGEST, request -> note(request, ingest));
        bus.serve(Addresses.SESSION_SAVE, request -> note(request, save));
        bus.serve(Addresses.SEARCH_QUERY, request -> note(request, search));
        bus.serve(Addresses.SEARCH_TIMELINE, request -> note(request, timeline));
        bus.serve(Addresses.CONTEXT_BUILD, request -> note(request, contextOf));
        bus.serve(Addresses.STORE_FORGET, request -> note(request, forget));
        bus.serve(Addresses.STORE_PAGE, request -> note(request, page));
        bus.serve(Addresses.STORE_FETCH, request -> note(request, fetch));
        bus.serve(Addresses.STORE_STATS, request -> note(request, stats));
        bus.serve(Addresses.STORE_PROJECTS, request -> note(request, projects));
        bus.serve(Addresses.STORE_TURNS, request -> note(request, turns));
        bus.serve(Addresses.STORE_RETRY, request -> note(request, retry));
        bus.serve(Addresses.STORE_USAGE, request -> note(request, usage));
        bus.serve(Addresses.STORE_EXPORT, request -> note(request, export));
        bus.serve(Addresses.SESSION_IMPORT, request -> note(request, take));
        bus.serve(
                Addresses.STORE_VECTOR_STATS,
                request -> Future.succeededFuture(new VectorStats("test", 9, 10, 11, 0, 0)));
        for (String part : Addresses.PARTS) {
            bus.serve(Addresses.health(part), request -> parts.get(part));
        }
        log.add("rooms up");
        return Future.succeededFuture();
    }

    private <Q, R> Future<R> note(Q request, Function<Q, Future<R>> answer) {
        asked.add(request);
        return answer.apply(request);
    }

    @Override
    protected Future<?> close() {
        log.add("rooms down");
        return Future.succeededFuture();
    }

    /** The events of every hook that reached the sessions. */
    List<RecordEvents> recorded() {
        return asked.stream()
                .filter(RecordEvents.class::isInstance)
                .map(RecordEvents.class::cast)
                .toList();
    }

    /** The last thing that was asked. */
    <T> T last(Class<T> type) {
        return type.cast(asked.get(asked.size() - 1));
    }
}
