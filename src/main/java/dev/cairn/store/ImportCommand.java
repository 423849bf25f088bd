package dev.cairn.store;

import dev.cairn.bus.ExportFormat;
import dev.cairn.bus.ExportFormat.Place;
import dev.cairn.bus.ExportLine;
import dev.cairn.bus.ImportLines;
import dev.cairn.bus.Imported;
import dev.cairn.bus.NewSummary;
import dev.cairn.bus.TurnReady;
import dev.cairn.model.CairnException;
import dev.cairn.model.Project;
import dev.cairn.model.Summary;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes lines of an export in, all or none. What is there already is passed over; what refers to another record finds it by
 * what it is, not by its id alone, since that may be another here. An id is kept when it is above all that this database ever
 * gave, so ids are never used twice.
 */
final class ImportCommand implements Command<ImportCommand.Taken> {
    /** Beyond it an id is not kept: a file must not use up the ids there are. */
    private static final long MAX_KEPT_ID = 1_000_000_000_000L;

    /** What the lines brought, and what the worker is to hear of. */
    record Taken(Imported imported, List<Summary> summaries, List<TurnReady> ready) {}

    /** A line that was read; null for one that holds nothing. */
    private record Read(Place place, @Nullable ExportLine line) {}

    private final List<Read> lines;
    private final boolean dryRun;
    private final MemoryWriter memories;

    /** @throws CairnException INVALID_ARGUMENT naming the line, such as {@code lines[3].text} */
    ImportCommand(ImportLines request, MemoryWriter memories) {
        this.dryRun = request.dryRun();
        this.memories = memories;
        request.check();
        int count = request.lines().size();
        this.lines = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Place place = new Place(i, request.firstLine() + i);
            lines.add(new Read(place, ExportFormat.read(request.lines().get(i), place)));
        }
    }

    @Override
    public Taken run(Transaction tx) throws SQLException {
        Run run = new Run(tx);
        for (Read read : lines) {
            if (read.line() != null) {
                run.take(read.place(), read.line());
            }
        }
        return run.taken();
    }

    /** One run of the command. In a dry run nothing is written: whatever would belong to something new is new. */
    private final class Run {
        private final Transaction tx;
        private final ImportFinder finder;
        private final Map<String, Long> projects = new HashMap<>();
        private final Map<String, Long> lastIds = new HashMap<>();
        private final List<Summary> replaced = new ArrayList<>();
        private final List<TurnReady> ready = new ArrayList<>();
        private int sessions;
        private int prompts;
        private int toolUses;
        private int observations;
        private int summaries;
        private int present;

        Run(Transaction tx) {
            this.tx = tx;
            this.finder = new ImportFinder(tx, dryRun);
        }

        Taken taken() {
            return new Taken(
                    new Imported(sessions, prompts, toolUses, observations, summaries, present), replaced, ready);
        }

        void take(Place place, ExportLine line) throws SQLException {
            if (line instanceof ExportLine.SessionLine session) {
                session(session);
            } else if (line instanceof ExportLine.TurnLine turn) {
                turn(place, turn);
            } else if (line instanceof ExportLine.PromptLine prompt) {
                prompt(place, prompt);
            } else if (line instanceof ExportLine.ObservationLine observation) {
                observation(place, observation);
            } else if (line instanceof ExportLine.SummaryLine summary) {
                summary(place, summary);
            } else if (line instanceof ExportLine.ToolUseLine use) {
                toolUse(place, use);
            } else if (line instanceof ExportLine.NoteLine note) {
                note(place, note);
            } else {
                end();
            }
        }

        private void session(ExportLine.SessionLine line) throws SQLException {
            Long known = finder.findSession(line.platform(), line.sessionId());
            if (known != null) {
                present++;
                note(line.source(), line.startedAt(), known);
                return;
            }
            sessions++;
            if (!dryRun) {
                long id = tx.insert(
                        "INSERT INTO session (id, session_id, platform, project_id, cwd, started_at, ended_at, end_reason)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        keptId("session", line.id()),
                        line.sessionId(),
                        line.platform(),
                        project(line.project()),
                        line.cwd(),
                        line.startedAt(),
                        line.endedAt(),
                        line.endReason());
                given("session", id);
                note(line.source(), line.startedAt(), id);
            }
        }

        /** A turn that waits is open, and marked, until everything of it has come: see {@link #end}. */
        private void turn(Place place, ExportLine.TurnLine line) throws SQLException {
            Long session = finder.session(place, line.platform(), line.sessionId());
            if (dryRun || session == null || finder.findTurn(session, line.key()) != null) {
                return;
            }
            boolean taken =
                    tx.number("SELECT 1 FROM turn WHERE session_id = ? AND number = ?", session, line.number()) != 0;
            long number =
                    taken ? 1 + tx.number("SELECT max(number) FROM turn WHERE session_id = ?", session) : line.number();
            boolean waits = line.state().equals(ExportLine.TurnLine.WAITING);
            tx.update(
                    "INSERT INTO turn (session_id, project_id, number, prompt_id, state, dirty, last_error, started_at,"
                            + " last_event_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    session,
                    project(line.project()),
                    number,
                    line.promptId(),
                    waits ? "open" : line.state(),
                    waits ? 1 : 0,
                    line.error(),
                    line.startedAt(),
                    line.lastEventAt());
        }

        private void prompt(Place place, ExportLine.PromptLine line) throws SQLException {
            if (isImported(line.source(), line.createdAt())) {
                return;
            }
            Owner owner = finder.owner(place, line.platform(), line.sessionId(), line.turn());
            Long known = finder.find(
                    ImportFinder.Memory.of(line), line.project(), owner, line.sessionId() != null, line.copy());
            if (known != null) {
                present++;
                note(line.source(), line.createdAt(), known);
                return;
            }
            prompts++;
            if (!dryRun) {
                long id = memories.prompt(
                        tx, place(line.id(), line.project(), owner, line.platform(), line.createdAt()), line.text());
                given("memory", id);
                note(line.source(), line.createdAt(), id);
            }
        }

        private void observation(Place place, ExportLine.ObservationLine line) throws SQLException {
            if (isImported(line.source(), line.createdAt())) {
                return;
            }
            Owner owner = finder.owner(place, line.platform(), line.sessionId(), line.turn());
            Long known = finder.find(
                    ImportFinder.Memory.of(line), line.project(), owner, line.sessionId() != null, line.copy());
            if (known != null) {
                present++;
                note(line.source(), line.createdAt(), known);
                times(line, known);
                supersede(line, known);
                return;
            }
            observations++;
            if (!dryRun) {
                long id = memories.observation(
                        tx,
                        place(line.id(), line.project(), owner, line.platform(), line.createdAt()),
                        line.type(),
                        line.title(),
                        line.subtitle(),
                        line.narrative(),
                        line.facts(),
                        line.concepts(),
                        line.filesRead(),
                        line.filesModified(),
                        line.commands());
                given("memory", id);
                note(line.source(), line.createdAt(), id);
                times(line, id);
                supersede(line, id);
            }
        }

        private void times(ExportLine.ObservationLine line, long id) throws SQLException {
            if (!dryRun && line.times() != null) {
                memories.times(tx, id, line.times());
            }
        }

        private boolean isImported(@Nullable String source, long createdAt) throws SQLException {
            boolean known = ImportedRecords.isKnown(tx, source, createdAt);
            present += known ? 1 : 0;
            return known;
        }

        private void note(@Nullable String source, long createdAt, long id) throws SQLException {
            if (!dryRun) {
                ImportedRecords.note(tx, source, createdAt, id);
            }
        }

        /** What it corrects and is not there, or came here later, stays as it is. */
        private void supersede(ExportLine.ObservationLine line, long id) throws SQLException {
            for (ExportLine.CorrectedKey key : dryRun ? List.<ExportLine.CorrectedKey>of() : line.corrected()) {
                Long earlier = Supersession.find(tx, key);
                if (earlier != null && earlier < id) {
                    Supersession.link(tx, earlier, id);
                }
            }
        }

        /** A turn has one summary: of two the later one stays. */
        private void summary(Place place, ExportLine.SummaryLine line) throws SQLException {
            if (isImported(line.source(), line.createdAt())) {
                return;
            }
            Owner owner = finder.owner(place, line.platform(), line.sessionId(), line.turn());
            record Earlier(long id, long createdAt) {}
            Earlier earlier = owner.turn() == null
                    ? null
                    : tx.first(
                            "SELECT id, created_at FROM memory WHERE turn_id = ? AND kind = 2",
                            row -> new Earlier(row.getLong(1), row.getLong(2)),
                            owner.turn());
            if (earlier != null && earlier.createdAt() >= line.createdAt()) {
                present++;
                note(line.source(), line.createdAt(), earlier.id());
                return;
            }
            summaries++;
            if (dryRun) {
                return;
            }
            NewSummary summary = new NewSummary(
                    line.request(),
                    line.investigated(),
                    line.learned(),
                    line.completed(),
                    line.nextSteps(),
                    line.notes(),
                    line.filesRead(),
                    line.filesModified(),
                    line.createdAt());
            long id = memories.summary(
                    tx, place(line.id(), line.project(), owner, line.platform(), line.createdAt()), summary);
            given("memory", id);
            note(line.source(), line.createdAt(), id);
            if (earlier != null) {
                replaced.add(finder.summary(id, line));
            }
        }

        private void toolUse(Place place, ExportLine.ToolUseLine line) throws SQLException {
            if (isImported(line.source(), line.createdAt())) {
                return;
            }
            Owner owner = finder.owner(place, line.platform(), line.sessionId(), line.turn());
            Long known = finder.findToolUse(line, owner);
            if (known != null) {
                present++;
                note(line.source(), line.createdAt(), known);
                return;
            }
            toolUses++;
            if (dryRun) {
                return;
            }
            long id = tx.insert(
                    "INSERT INTO tool_use (id, session_id, turn_id, project_id, created_at, observed, observation_id,"
                            + " tool_use_id, agent_id, tool_name, duration_ms, error, input, response)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    keptId("tool_use", line.id()),
                    owner.session(),
                    owner.turn(),
                    project(line.project()),
                    line.createdAt(),
                    line.observed() ? 1 : 0,
                    finder.findObservation(line.observation(), owner),
                    line.toolUseId(),
                    line.agentId(),
                    line.toolName(),
                    line.durationMs(),
                    line.error(),
                    line.input(),
                    line.response());
            given("tool_use", id);
            note(line.source(), line.createdAt(), id);
            if (!line.observed()) {
                // A turn that was observed meanwhile, here or before its lines were complete, is observed again.
                tx.update(
                        "UPDATE turn SET dirty = 1, state = CASE state WHEN 'done' THEN 'open' ELSE state END"
                                + " WHERE id = ? AND state IN ('done', 'claimed')",
                        owner.turn());
            }
        }

        private void note(Place place, ExportLine.NoteLine line) throws SQLException {
            Owner owner = finder.owner(place, line.platform(), line.sessionId(), line.turn());
            if (!dryRun) {
                tx.update(
                        "INSERT OR IGNORE INTO turn_note (turn_id, kind, agent_id, detail, text, created_at, digest)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                        owner.turn(),
                        line.kind(),
                        line.agentId(),
                        line.detail(),
                        line.text(),
                        line.createdAt(),
                        NoteDigest.of(line.kind(), line.agentId(), line.text()));
            }
        }

        private void end() throws SQLException {
            if (!dryRun) {
                ready.addAll(TurnQueue.imported(tx));
            }
        }

        private MemoryWriter.Place place(long id, Project project, Owner owner, String platform, long createdAt)
                throws SQLException {
            return new MemoryWriter.Place(
                    keptId("memory", id), project(project), owner.session(), owner.turn(), platform, createdAt);
        }

        /** A project that is there keeps its name. */
        private long project(Project project) throws SQLException {
            Long known = projects.get(project.key());
            if (known == null) {
                known = tx.first("SELECT id FROM project WHERE key = ?", row -> row.getLong(1), project.key());
            }
            if (known == null) {
                known = memories.project(tx, project);
            }
            projects.put(project.key(), known);
            return known;
        }

        private @Nullable Long keptId(String table, long id) throws SQLException {
            Long last = lastIds.get(table);
            if (last == null) {
                last = tx.number("SELECT seq FROM sqlite_sequence WHERE name = ?", table);
                lastIds.put(table, last);
            }
            return id > last && id <= MAX_KEPT_ID ? id : null;
        }

        private void given(String table, long id) {
            lastIds.merge(table, id, Math::max);
        }
    }

    /** The session and the turn a record belongs to; null when it has none, or when a dry run would make it. */
    record Owner(@Nullable Long session, @Nullable Long turn) {
        static final Owner NOBODY = new Owner(null, null);
    }
}
