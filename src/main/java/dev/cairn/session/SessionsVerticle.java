package dev.cairn.session;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.Imported;
import dev.cairn.bus.IngestEvents;
import dev.cairn.bus.Ingested;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.PartStatus;
import dev.cairn.bus.ProjectFound;
import dev.cairn.bus.ProjectQuery;
import dev.cairn.bus.RecordEvents;
import dev.cairn.bus.Recorded;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.Saved;
import dev.cairn.chain.ChainVerticle;
import dev.cairn.config.CairnConfig;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.CairnException;
import dev.cairn.observer.spi.OwnSessions;
import dev.cairn.privacy.PrivacyFilter;
import dev.cairn.privacy.SizeCaps;
import dev.cairn.privacy.TextCleaner;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Knows who is working on which project. Takes events and memories through project identity, privacy filter and size caps to
 * the store, wakes observers when a turn is ready, and has silent turns closed.
 *
 * <p>One instance. Small events are filtered on the event loop, in microseconds; large ones and the file system have threads
 * of their own. Events of one session go to the store in the order they came.
 */
public final class SessionsVerticle extends ChainVerticle {
    private static final long STOP_BUDGET_MS = 1_000;

    /** A batch of lines is one transaction. */
    private static final long IMPORT_TIMEOUT_MS = 60_000;

    /** Up to 256 events, each a few statements, behind what waits already. */
    private static final long INGEST_TIMEOUT_MS = 15_000;

    private final CairnConfig config;
    private final MeterRegistry meters;
    private final SessionOrder order = new SessionOrder();
    private final EventFigures figures = new EventFigures();

    private @Nullable Room room;

    /** What exists while the link is open. */
    private record Room(
            Bus bus,
            PrivacyFilter privacy,
            ImportRules imports,
            Recording recording,
            Ingestion ingestion,
            ProjectCache projects,
            IdleTurns idle,
            OwnEvents own,
            WorkerExecutor fileSystem,
            FilterPool filters) {}

    /**
     * @param meters where events are counted that are not recorded
     * @param next the observers; null when there are none
     */
    public SessionsVerticle(CairnConfig config, MeterRegistry meters, ChainVerticle.@Nullable Next next) {
        super("sessions", STOP_BUDGET_MS, next);
        this.config = config;
        this.meters = meters;
    }

    @Override
    protected Future<?> open() {
        PrivacyFilter privacy = new PrivacyFilter(config.privacy());
        ProjectResolver resolver = new ProjectResolver(config.project(), config.agents());
        Bus bus = new Bus(vertx);
        WorkerExecutor fileSystem = vertx.createSharedWorkerExecutor("cairn-projects", 2, 1, TimeUnit.MINUTES);
        FilterPool filters = new FilterPool(vertx);
        ProjectCache projects = new ProjectCache(
                directory -> fileSystem.executeBlocking(() -> resolver.resolve(directory), false),
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        TextCleaner cleaner =
                new TextCleaner(privacy, new SizeCaps(config.store().maxFieldBytes()));
        OwnEvents own = new OwnEvents(OwnSessions.of(vertx), meters);
        room = new Room(
                bus,
                privacy,
                new ImportRules(privacy, cleaner),
                new Recording(new SessionProjects(projects, resolver), cleaner, filters, own, figures),
                new Ingestion(projects, resolver, cleaner, filters, own),
                projects,
                new IdleTurns(vertx, bus, config.observer().idleMs()),
                own,
                fileSystem,
                filters);
        return Future.all(List.of(
                bus.serve(Addresses.SESSION_RECORD, this::record).completion(),
                bus.serve(Addresses.SESSION_INGEST, this::ingest).completion(),
                bus.serve(Addresses.SESSION_SAVE, this::save).completion(),
                bus.serve(Addresses.SESSION_IMPORT, this::take).completion(),
                bus.serve(Addresses.SESSION_PROJECT, this::project).completion(),
                bus.serve(Addresses.health("sessions"), nothing -> Future.succeededFuture(health()))
                        .completion(),
                bus.listen(Addresses.EVENT_TURN_READY, ready -> bus.send(Addresses.OBSERVER_WORK, Nothing.NOTHING))
                        .completion()));
    }

    @Override
    protected Future<?> openDoor() {
        Room open = room();
        open.idle().begin();
        // What an earlier run left ready, one nudge for each observer.
        for (int i = 0; i < config.observer().max(); i++) {
            open.bus().send(Addresses.OBSERVER_WORK, Nothing.NOTHING);
        }
        return Future.succeededFuture();
    }

    @Override
    protected Future<?> close() {
        Room open = room();
        open.idle().stop();
        return Future.join(open.filters().close(), open.fileSystem().close());
    }

    private Room room() {
        if (room == null) {
            throw CairnException.unavailable("sessions are not open");
        }
        return room;
    }

    private PartStatus health() {
        Room open = room();
        boolean hangs = open.projects().lookUps() > 2;
        Map<String, String> detail = Map.of(
                "recorded", Long.toString(figures.recorded()),
                "excluded", Long.toString(figures.excluded()),
                "own", Long.toString(open.own().ignored()),
                "active", Integer.toString(open.idle().sessions()),
                "directories", Integer.toString(open.projects().size()),
                "lookUps", Integer.toString(open.projects().lookUps()));
        return new PartStatus(true, hangs ? "degraded" : "up", detail);
    }

    private Future<Recorded> record(RecordEvents request) {
        EventRules.check(request);
        AgentEvent first = request.events().get(0);
        Room open = room();
        if (Boolean.TRUE.equals(request.own())) {
            open.own().told(first.sessionId(), request.events().size());
            return Future.succeededFuture(new Recorded(null, 0, 0));
        }
        if (open.own().knows(first.sessionId(), request.events().size())) {
            return Future.succeededFuture(new Recorded(null, 0, 0));
        }
        String session = SessionOrder.session(first);
        return order.after(session, () -> open.recording().prepare(session, request))
                .compose(append -> {
                    if (append.events().isEmpty()) {
                        return Future.succeededFuture(new Recorded(null, 0, 0));
                    }
                    return open.bus().request(Addresses.STORE_APPEND, append).onSuccess(stored -> {
                        figures.recorded(stored.stored());
                        open.idle().follow(session, append.events());
                    });
                });
    }

    /** Several sessions at once, in one transaction: it waits for all that any of them waits for, and they wait for it. */
    private Future<Ingested> ingest(IngestEvents request) {
        EventRules.check(request);
        Map<String, List<AgentEvent>> bySession = Ingestion.bySession(request);
        Room open = room();
        return order.afterAll(bySession.keySet(), () -> open.ingestion().prepare(request))
                .compose(clean -> open.bus().request(Addresses.STORE_INGEST, clean, INGEST_TIMEOUT_MS))
                .onSuccess(answer -> {
                    figures.recorded(Collections.frequency(answer.results(), Ingested.Result.STORED));
                    figures.excluded(Collections.frequency(answer.results(), Ingested.Result.EXCLUDED));
                    bySession.forEach(open.idle()::follow);
                });
    }

    private Future<Saved> save(SaveMemories request) {
        SaveRules.check(request);
        Room open = room();
        return open.filters()
                .run(SaveRules.weight(request), () -> SaveRules.clean(request, open.privacy()))
                .compose(clean -> open.bus().request(Addresses.STORE_SAVE, clean));
    }

    private Future<ProjectFound> project(ProjectQuery query) {
        FieldRules.length(query.directory(), 1, ProjectQuery.MAX_DIRECTORY, "directory");
        FieldRules.printable(query.directory(), "directory");
        return room().projects()
                .resolve(query.directory())
                .map(found -> new ProjectFound(found.project(), found.excluded()));
    }

    private Future<Imported> take(ImportLines request) {
        request.check();
        Room open = room();
        return open.filters()
                .run(ImportRules.weight(request), () -> open.imports().clean(request))
                .compose(clean -> open.bus().request(Addresses.STORE_IMPORT, clean, IMPORT_TIMEOUT_MS));
    }
}
