package dev.cairn.session;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.AppendEvents;
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
import dev.cairn.model.ErrorCode;
import dev.cairn.model.EventKind;
import dev.cairn.model.Project;
import dev.cairn.observer.spi.OwnSessions;
import dev.cairn.privacy.PrivacyFilter;
import dev.cairn.privacy.SizeCaps;
import dev.cairn.privacy.TextCleaner;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
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
    /** More text than this is filtered on another thread, in UTF-16 units. */
    private static final long SMALL = 64 * 1024;

    /** A batch of lines is one transaction. */
    private static final long IMPORT_TIMEOUT_MS = 60_000;

    /** Up to 256 events, each a few statements, behind what waits already. */
    private static final long INGEST_TIMEOUT_MS = 15_000;

    private static final int MOST_LARGE = 64;
    private static final int MOST_SESSIONS = 4_096;

    private final CairnConfig config;
    private final MeterRegistry meters;
    private final Map<String, Resolution> sessions = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Resolution> eldest) {
            return size() > MOST_SESSIONS;
        }
    };
    /** Per session what is being made ready for the store, when that takes more than a moment. */
    private final Map<String, Future<?>> tails = new HashMap<>();

    private @Nullable Room room;
    private int large;
    private long recorded;
    private long excluded;

    /** What exists while the link is open. */
    private record Room(
            Bus bus,
            PrivacyFilter privacy,
            TextCleaner cleaner,
            ImportRules imports,
            Ingestion ingestion,
            ProjectCache projects,
            ProjectResolver names,
            IdleTurns idle,
            OwnEvents own,
            WorkerExecutor fileSystem,
            WorkerExecutor filters) {}

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
        WorkerExecutor filters = vertx.createSharedWorkerExecutor("cairn-filters", 2, 1, TimeUnit.MINUTES);
        ProjectCache projects = new ProjectCache(
                directory -> fileSystem.executeBlocking(() -> resolver.resolve(directory), false),
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        TextCleaner cleaner =
                new TextCleaner(privacy, new SizeCaps(config.store().maxFieldBytes()));
        OwnEvents own = new OwnEvents(OwnSessions.of(vertx), meters);
        room = new Room(
                bus,
                privacy,
                cleaner,
                new ImportRules(privacy, cleaner),
                new Ingestion(projects, resolver, cleaner, own),
                projects,
                resolver,
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
                "recorded", Long.toString(recorded),
                "excluded", Long.toString(excluded),
                "own", Long.toString(open.own().ignored()),
                "active", Integer.toString(open.idle().sessions()),
                "directories", Integer.toString(open.projects().size()),
                "lookUps", Integer.toString(open.projects().lookUps()));
        return new PartStatus(true, hangs ? "degraded" : "up", detail);
    }

    private Future<Recorded> record(RecordEvents request) {
        EventRules.check(request);
        AgentEvent first = request.events().get(0);
        OwnEvents own = room().own();
        if (Boolean.TRUE.equals(request.own())) {
            own.told(first.sessionId(), request.events().size());
            return Future.succeededFuture(new Recorded(null, 0, 0));
        }
        if (own.knows(first.sessionId(), request.events().size())) {
            return Future.succeededFuture(new Recorded(null, 0, 0));
        }
        String session = first.platform() + '/' + first.sessionId();
        return inOrder(session, () -> prepare(session, request)).compose(append -> {
            if (append.events().isEmpty()) {
                return Future.succeededFuture(new Recorded(null, 0, 0));
            }
            return room().bus().request(Addresses.STORE_APPEND, append).onSuccess(stored -> {
                recorded += stored.stored();
                listenFor(session, append.events());
            });
        });
    }

    /** Runs it after what the same session is waiting for already. */
    private Future<AppendEvents> inOrder(String session, Supplier<Future<AppendEvents>> step) {
        Future<?> before = tails.get(session);
        Future<AppendEvents> mine = before == null ? step.get() : before.transform(done -> step.get());
        if (!mine.isComplete()) {
            tails.put(session, mine);
            mine.onComplete(done -> tails.remove(session, mine));
        }
        return mine;
    }

    private Future<AppendEvents> prepare(String session, RecordEvents request) {
        List<AgentEvent> events = request.events();
        return resolve(session, request).compose(resolutions -> {
            List<AgentEvent> kept = new ArrayList<>(events.size());
            List<Integer> places = new ArrayList<>(events.size());
            Project project = null;
            for (int i = 0; i < events.size(); i++) {
                Resolution resolution = resolutions.get(i);
                if (resolution.own()) {
                    room().own().foundByDirectory();
                    continue;
                }
                if (resolution.excluded()) {
                    excluded++;
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
            return apart(weight, () -> new AppendEvents(to, clean(kept, places), request.requestId()));
        });
    }

    private List<AgentEvent> clean(List<AgentEvent> events, List<Integer> places) {
        List<AgentEvent> clean = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            clean.add(room().cleaner().clean(events.get(i), "events[" + places.get(i) + "]"));
        }
        return clean;
    }

    /** Small work here and now, large work on another thread. */
    private <T> Future<T> apart(long weight, Callable<T> work) {
        if (weight <= SMALL) {
            try {
                return Future.succeededFuture(work.call());
            } catch (Exception e) {
                return Future.failedFuture(e);
            }
        }
        if (large >= MOST_LARGE) {
            return Future.failedFuture(CairnException.unavailable("too many large requests at once; try again"));
        }
        large++;
        return room().filters()
                .executeBlocking(work, false)
                .onComplete(done -> large--)
                .timeout(Bus.DEFAULT_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(
                        failure instanceof TimeoutException
                                ? new CairnException(ErrorCode.TIMEOUT, "filtering a large request took too long")
                                : failure));
    }

    /** The resolution of each event: of its directory, or of the directory its session was last in. */
    private Future<List<Resolution>> resolve(String session, RecordEvents request) {
        List<AgentEvent> events = request.events();
        Map<String, Future<Resolution>> byDirectory = new LinkedHashMap<>();
        for (AgentEvent event : events) {
            String cwd = event.cwd();
            if (cwd != null && !byDirectory.containsKey(cwd)) {
                byDirectory.put(cwd, room().projects().resolve(cwd));
            }
        }
        return Future.all(List.copyOf(byDirectory.values())).map(all -> {
            Resolution current = sessions.getOrDefault(session, guess(request.projectName()));
            List<Resolution> resolutions = new ArrayList<>(events.size());
            for (AgentEvent event : events) {
                Future<Resolution> found = event.cwd() == null ? null : byDirectory.get(event.cwd());
                current = found == null ? current : found.result();
                resolutions.add(current);
            }
            if (!byDirectory.isEmpty()) {
                sessions.put(session, current);
            }
            return resolutions;
        });
    }

    /** A name alone cannot be held against patterns of directories, but one without a slash is about names. */
    private Resolution guess(@Nullable String projectName) {
        return projectName == null ? Resolution.UNKNOWN : room().names().named(projectName);
    }

    private void listenFor(String session, List<AgentEvent> events) {
        EventKind last = events.get(events.size() - 1).kind();
        if (last == EventKind.STOP || last == EventKind.SESSION_END) {
            room().idle().ended(session);
        } else if (last != EventKind.OTHER) {
            room().idle().heard(session);
        }
    }

    /** Several sessions at once, in one transaction: it waits for all that any of them waits for, and they wait for it. */
    private Future<Ingested> ingest(IngestEvents request) {
        EventRules.check(request);
        Map<String, List<AgentEvent>> bySession = Ingestion.bySession(request);
        Future<?> before = Future.join(bySession.keySet().stream()
                .map(session -> tails.getOrDefault(session, Future.succeededFuture()))
                .toList());
        Room open = room();
        Future<IngestEvents> mine = before.transform(done -> open.ingestion()
                .resolve(request)
                .compose(resolved ->
                        apart(Ingestion.weight(resolved), () -> open.ingestion().clean(resolved))));
        if (!mine.isComplete()) {
            bySession.keySet().forEach(session -> {
                tails.put(session, mine);
                mine.onComplete(done -> tails.remove(session, mine));
            });
        }
        return mine.compose(clean -> open.bus().request(Addresses.STORE_INGEST, clean, INGEST_TIMEOUT_MS))
                .onSuccess(answer -> {
                    recorded += Collections.frequency(answer.results(), Ingested.Result.STORED);
                    excluded += Collections.frequency(answer.results(), Ingested.Result.EXCLUDED);
                    bySession.forEach(this::listenFor);
                });
    }

    private Future<Saved> save(SaveMemories request) {
        SaveRules.check(request);
        return apart(SaveRules.weight(request), () -> SaveRules.clean(request, room().privacy()))
                .compose(clean -> room().bus().request(Addresses.STORE_SAVE, clean));
    }

    private Future<ProjectFound> project(ProjectQuery query) {
        EventRules.length(query.directory(), 1, ProjectQuery.MAX_DIRECTORY, "directory");
        EventRules.printable(query.directory(), "directory");
        return room().projects()
                .resolve(query.directory())
                .map(found -> new ProjectFound(found.project(), found.excluded()));
    }

    private Future<Imported> take(ImportLines request) {
        request.check();
        return apart(ImportRules.weight(request), () -> room().imports().clean(request))
                .compose(clean -> room().bus().request(Addresses.STORE_IMPORT, clean, IMPORT_TIMEOUT_MS));
    }
}
