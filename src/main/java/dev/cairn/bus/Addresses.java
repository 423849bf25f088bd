package dev.cairn.bus;

import dev.cairn.model.Observation;
import dev.cairn.model.Prompt;
import dev.cairn.model.SearchQuery;
import dev.cairn.model.Session;
import dev.cairn.model.Summary;
import dev.cairn.model.ToolUse;
import java.util.List;

/** Every address of the worker. The ones under {@code cairn.store} are for the worker's own rooms. */
public final class Addresses {
    /** What the names of all published events begin with. */
    public static final String EVENTS = "cairn.event.";

    /** Records an agent's events; answered after the commit. */
    public static final Address<RecordEvents, Recorded> SESSION_RECORD =
            new Address<>("cairn.session.record", RecordEvents.class, Recorded.class);
    /** Records events of several sessions, all or none, each named event once; answered after the commit. */
    public static final Address<IngestEvents, Ingested> SESSION_INGEST =
            new Address<>("cairn.session.ingest", IngestEvents.class, Ingested.class);
    /** Saves memories written by hand, through the privacy filter, all or none. */
    public static final Address<SaveMemories, Saved> SESSION_SAVE =
            new Address<>("cairn.session.save", SaveMemories.class, Saved.class);

    /** Takes lines of an export in, through the privacy filter, all or none. */
    public static final Address<ImportLines, Imported> SESSION_IMPORT =
            new Address<>("cairn.session.import", ImportLines.class, Imported.class);

    /** Which project a directory belongs to. */
    public static final Address<ProjectQuery, ProjectFound> SESSION_PROJECT =
            new Address<>("cairn.session.project", ProjectQuery.class, ProjectFound.class);

    public static final Address<SearchQuery, SearchResult> SEARCH_QUERY =
            new Address<>("cairn.search.query", SearchQuery.class, SearchResult.class);
    public static final Address<TimelineQuery, Timeline> SEARCH_TIMELINE =
            new Address<>("cairn.search.timeline", TimelineQuery.class, Timeline.class);
    public static final Address<ContextQuery, ContextText> CONTEXT_BUILD =
            new Address<>("cairn.context.build", ContextQuery.class, ContextText.class);
    /** What bears on a prompt; the session counts as told of it. */
    public static final Address<PromptQuery, PromptContext> CONTEXT_PROMPT =
            new Address<>("cairn.context.prompt", PromptQuery.class, PromptContext.class);

    /** Events of one request, of one session, in one transaction. */
    public static final Address<AppendEvents, Recorded> STORE_APPEND =
            new Address<>("cairn.store.append", AppendEvents.class, Recorded.class);

    /** Events of several sessions, filtered and capped, in one transaction. */
    public static final Address<IngestEvents, Ingested> STORE_INGEST =
            new Address<>("cairn.store.ingest", IngestEvents.class, Ingested.class);

    public static final Address<SaveMemories, Saved> STORE_SAVE =
            new Address<>("cairn.store.save", SaveMemories.class, Saved.class);
    public static final Address<Forget, Forgotten> STORE_FORGET =
            new Address<>("cairn.store.forget", Forget.class, Forgotten.class);
    public static final Address<ExportQuery, ExportPage> STORE_EXPORT =
            new Address<>("cairn.store.export", ExportQuery.class, ExportPage.class);
    public static final Address<ImportLines, Imported> STORE_IMPORT =
            new Address<>("cairn.store.import", ImportLines.class, Imported.class);
    /** What became of a record of another memory. */
    public static final Address<ImportedQuery, ImportedRows> STORE_IMPORTED =
            new Address<>("cairn.store.imported", ImportedQuery.class, ImportedRows.class);

    public static final Address<ClaimTurn, ClaimedTurn> STORE_CLAIM =
            new Address<>("cairn.store.claim", ClaimTurn.class, ClaimedTurn.class);
    public static final Address<CompleteTurn, CompletedTurn> STORE_COMPLETE =
            new Address<>("cairn.store.complete", CompleteTurn.class, CompletedTurn.class);
    public static final Address<FailTurn, Nothing> STORE_FAIL =
            new Address<>("cairn.store.fail", FailTurn.class, Nothing.class);
    /** What one question to a model used. */
    public static final Address<UsageEntry, Nothing> STORE_USAGE_ADD =
            new Address<>("cairn.store.usageAdd", UsageEntry.class, Nothing.class);

    public static final Address<SpentQuery, Spent> STORE_SPENT =
            new Address<>("cairn.store.spent", SpentQuery.class, Spent.class);
    public static final Address<UsageQuery, UsageReport> STORE_USAGE =
            new Address<>("cairn.store.usage", UsageQuery.class, UsageReport.class);
    public static final Address<TurnsQuery, Turns> STORE_TURNS =
            new Address<>("cairn.store.turns", TurnsQuery.class, Turns.class);
    /** Answers how many turns were parked and are pending again. */
    public static final Address<RetryTurns, Count> STORE_RETRY =
            new Address<>("cairn.store.retry", RetryTurns.class, Count.class);

    /** What a user should be told of the observers' troubles: each is told once. */
    public static final Address<Nothing, ObserverNotice> OBSERVER_NOTICE =
            new Address<>("cairn.observer.notice", Nothing.class, ObserverNotice.class);

    public static final Address<ReleaseTurns, Count> STORE_RELEASE =
            new Address<>("cairn.store.release", ReleaseTurns.class, Count.class);
    public static final Address<CloseIdleTurns, Count> STORE_CLOSE_IDLE =
            new Address<>("cairn.store.closeIdle", CloseIdleTurns.class, Count.class);
    /** Keyword retrieval with the query's filters; rows carry bm25 scores. */
    public static final Address<SearchQuery, MemoryRows> STORE_SEARCH =
            new Address<>("cairn.store.search", SearchQuery.class, MemoryRows.class);

    public static final Address<NeighbourQuery, MemoryRows> STORE_NEIGHBOURS =
            new Address<>("cairn.store.neighbours", NeighbourQuery.class, MemoryRows.class);
    public static final Address<PageQuery, Page> STORE_PAGE =
            new Address<>("cairn.store.page", PageQuery.class, Page.class);
    public static final Address<Fetch, Page> STORE_FETCH = new Address<>("cairn.store.fetch", Fetch.class, Page.class);
    public static final Address<RecentQuery, Recent> STORE_RECENT =
            new Address<>("cairn.store.recent", RecentQuery.class, Recent.class);
    /** Those of them that are neither of the session nor were told it, in their order. */
    public static final Address<SessionMemories, MemoryIds> STORE_UNTOLD =
            new Address<>("cairn.store.untold", SessionMemories.class, MemoryIds.class);
    /** Notes that the session is told of them; answers those it was not told of before, in their order. */
    public static final Address<SessionMemories, MemoryIds> STORE_TELL =
            new Address<>("cairn.store.tell", SessionMemories.class, MemoryIds.class);

    public static final Address<Nothing, Stats> STORE_STATS =
            new Address<>("cairn.store.stats", Nothing.class, Stats.class);
    public static final Address<Nothing, Projects> STORE_PROJECTS =
            new Address<>("cairn.store.projects", Nothing.class, Projects.class);

    /** Keeps samples of what children use; older ones than the configured age go. */
    public static final Address<ProcessSamples, Nothing> STORE_SAMPLES_KEEP =
            new Address<>("cairn.store.samplesKeep", ProcessSamples.class, Nothing.class);

    public static final Address<ProcessHistoryQuery, ProcessSamples> STORE_SAMPLES =
            new Address<>("cairn.store.samples", ProcessHistoryQuery.class, ProcessSamples.class);

    public static final Address<Nothing, ProcessSnapshot> PROCESS_SNAPSHOT =
            new Address<>("cairn.process.snapshot", Nothing.class, ProcessSnapshot.class);
    /** Looks for strays now and ends those that are proven ours; answers how many. */
    public static final Address<Nothing, Count> PROCESS_SWEEP =
            new Address<>("cairn.process.sweep", Nothing.class, Count.class);

    public static final Address<Nothing, ProcessAlerts> PROCESS_ALERTS =
            new Address<>("cairn.process.alerts", Nothing.class, ProcessAlerts.class);
    /** Answers how many were ended, when they are gone. */
    public static final Address<Recycle, Count> PROCESS_RECYCLE =
            new Address<>("cairn.process.recycle", Recycle.class, Count.class);

    /** A child appeared, is being ended or is gone. */
    public static final Address<ProcessChange, Nothing> EVENT_PROCESS =
            new Address<>("cairn.event.process", ProcessChange.class, Nothing.class);

    public static final Address<ProcessAlert, Nothing> EVENT_ALERT =
            new Address<>("cairn.event.alert", ProcessAlert.class, Nothing.class);
    /** Keyword retrieval without rows: the best matches and their bm25 scores. */
    public static final Address<RankQuery, Ranked> STORE_RANK =
            new Address<>("cairn.store.rank", RankQuery.class, Ranked.class);
    /** Where memories stand among others of their session. */
    public static final Address<LinksQuery, Links> STORE_LINKS =
            new Address<>("cairn.store.links", LinksQuery.class, Links.class);
    /** Rows by id that pass a query's filters; their scores are 0. */
    public static final Address<SelectMemories, MemoryRows> STORE_SELECT =
            new Address<>("cairn.store.select", SelectMemories.class, MemoryRows.class);

    /** What the vector index lacks; one asks at a time. */
    public static final Address<VectorPending, VectorBatch> STORE_VECTOR_PENDING =
            new Address<>("cairn.store.vectorPending", VectorPending.class, VectorBatch.class);

    public static final Address<VectorDone, Nothing> STORE_VECTOR_DONE =
            new Address<>("cairn.store.vectorDone", VectorDone.class, Nothing.class);
    public static final Address<VectorReset, Nothing> STORE_VECTOR_RESET =
            new Address<>("cairn.store.vectorReset", VectorReset.class, Nothing.class);
    public static final Address<Nothing, VectorStats> STORE_VECTOR_STATS =
            new Address<>("cairn.store.vectorStats", Nothing.class, VectorStats.class);
    /** Makes a space for vectors; answers all there are. */
    public static final Address<NewVectorSpace, VectorSpaces> STORE_VECTOR_SPACE =
            new Address<>("cairn.store.vectorSpace", NewVectorSpace.class, VectorSpaces.class);

    public static final Address<Nothing, VectorSpaces> STORE_VECTOR_SPACES =
            new Address<>("cairn.store.vectorSpaces", Nothing.class, VectorSpaces.class);
    public static final Address<SaveVectors, Count> STORE_VECTOR_SAVE =
            new Address<>("cairn.store.vectorSave", SaveVectors.class, Count.class);
    public static final Address<DropVectors, Nothing> STORE_VECTOR_DROP =
            new Address<>("cairn.store.vectorDrop", DropVectors.class, Nothing.class);
    public static final Address<LoadVectors, VectorRows> STORE_VECTOR_LOAD =
            new Address<>("cairn.store.vectorLoad", LoadVectors.class, VectorRows.class);
    public static final Address<ReadVectors, VectorRows> STORE_VECTOR_READ =
            new Address<>("cairn.store.vectorRead", ReadVectors.class, VectorRows.class);
    /** Semantic retrieval; UNAVAILABLE at once while the index cannot answer. */
    public static final Address<VectorQuery, VectorHits> VECTOR_QUERY =
            new Address<>("cairn.vector.query", VectorQuery.class, VectorHits.class);

    /** Sent to one observer: there may be work to claim. */
    public static final Address<Nothing, Nothing> OBSERVER_WORK =
            new Address<>("cairn.observer.work", Nothing.class, Nothing.class);

    public static final Address<Prompt, Nothing> EVENT_PROMPT =
            new Address<>("cairn.event.prompt", Prompt.class, Nothing.class);
    public static final Address<ToolUse, Nothing> EVENT_TOOL_USE =
            new Address<>("cairn.event.toolUse", ToolUse.class, Nothing.class);
    public static final Address<Observation, Nothing> EVENT_OBSERVATION =
            new Address<>("cairn.event.observation", Observation.class, Nothing.class);
    public static final Address<Summary, Nothing> EVENT_SUMMARY =
            new Address<>("cairn.event.summary", Summary.class, Nothing.class);
    /** A session began, went on after its end, or ended. */
    public static final Address<Session, Nothing> EVENT_SESSION =
            new Address<>("cairn.event.session", Session.class, Nothing.class);
    /** Memories were forgotten. */
    public static final Address<Forgotten, Nothing> EVENT_FORGOTTEN =
            new Address<>("cairn.event.forgotten", Forgotten.class, Nothing.class);
    /** Lines of an export were taken in; no event is published for each of them. */
    public static final Address<Imported, Nothing> EVENT_IMPORTED =
            new Address<>("cairn.event.imported", Imported.class, Nothing.class);
    /** A turn became ready to be observed. */
    public static final Address<TurnReady, Nothing> EVENT_TURN_READY =
            new Address<>("cairn.event.turnReady", TurnReady.class, Nothing.class);
    /** A claimed turn was observed, put off or parked. */
    public static final Address<TurnSettled, Nothing> EVENT_TURN_SETTLED =
            new Address<>("cairn.event.turnSettled", TurnSettled.class, Nothing.class);

    /** The parts that answer {@link #health}. */
    public static final List<String> PARTS = List.of("store", "vector", "search", "sessions", "observer", "processes");

    /** Asks one part how it is. */
    public static Address<Nothing, PartStatus> health(String part) {
        return new Address<>("cairn.health." + part, Nothing.class, PartStatus.class);
    }

    private Addresses() {}
}
