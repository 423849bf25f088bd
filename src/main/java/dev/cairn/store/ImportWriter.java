package dev.cairn.store;

import dev.cairn.bus.ExportLine;
import dev.cairn.bus.NewSummary;
import dev.cairn.model.Project;
import dev.cairn.store.ImportFinder.Owner;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes what an import brings that is new. An id is kept when it is above all that this database ever gave, so ids are never
 * used twice; what has another id here is known by what it is. What came from another memory is noted under its name there.
 */
final class ImportWriter {
    /** Beyond it an id is not kept: a file must not use up the ids there are. */
    private static final long MAX_KEPT_ID = 1_000_000_000_000L;

    private static final String SESSION = "session";
    private static final String MEMORY = "memory";
    private static final String TOOL_USE = "tool_use";

    private final Transaction tx;
    private final MemoryWriter memories;
    private final Map<String, Long> projects = new HashMap<>();
    private final Map<String, Long> lastIds = new HashMap<>();

    ImportWriter(Transaction tx, MemoryWriter memories) {
        this.tx = tx;
        this.memories = memories;
    }

    void session(ExportLine.SessionLine line) throws SQLException {
        long id = tx.insert(
                "INSERT INTO session (id, session_id, platform, project_id, cwd, started_at, ended_at, end_reason)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                keptId(SESSION, line.id()),
                line.sessionId(),
                line.platform(),
                project(line.project()),
                line.cwd(),
                line.startedAt(),
                line.endedAt(),
                line.endReason());
        written(SESSION, id, line.source(), line.startedAt());
    }

    /**
     * A turn that waits is open, and marked, until everything of it has come: see {@link TurnQueue#imported}. It has the next
     * number when its own is another turn's.
     */
    void turn(long session, ExportLine.TurnLine line) throws SQLException {
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

    void prompt(ExportLine.PromptLine line, Owner owner) throws SQLException {
        long id = memories.prompt(
                tx, place(line.id(), line.project(), owner, line.platform(), line.createdAt()), line.text());
        written(MEMORY, id, line.source(), line.createdAt());
    }

    long observation(ExportLine.ObservationLine line, Owner owner) throws SQLException {
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
        written(MEMORY, id, line.source(), line.createdAt());
        return id;
    }

    /** How often its session brought the observation that has this id here. */
    void times(ExportLine.ObservationLine line, long id) throws SQLException {
        if (line.times() != null) {
            memories.times(tx, id, line.times());
        }
    }

    /** The observation that has this id here corrects others. What is not there, or came here later, stays as it is. */
    void supersede(ExportLine.ObservationLine line, long id) throws SQLException {
        for (ExportLine.CorrectedKey key : line.corrected()) {
            Long earlier = Supersession.find(tx, key);
            if (earlier != null && earlier < id) {
                Supersession.link(tx, earlier, id);
            }
        }
    }

    /** Writes the summary of a turn, in the place of an earlier one when there is one. */
    long summary(ExportLine.SummaryLine line, Owner owner) throws SQLException {
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
        written(MEMORY, id, line.source(), line.createdAt());
        return id;
    }

    /** @param observation the id here of the one that was made of it; null for none */
    void toolUse(ExportLine.ToolUseLine line, Owner owner, @Nullable Long observation) throws SQLException {
        long id = tx.insert(
                "INSERT INTO tool_use (id, session_id, turn_id, project_id, created_at, observed, observation_id,"
                        + " tool_use_id, agent_id, tool_name, duration_ms, error, input, response)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                keptId(TOOL_USE, line.id()),
                owner.session(),
                owner.turn(),
                project(line.project()),
                line.createdAt(),
                line.observed() ? 1 : 0,
                observation,
                line.toolUseId(),
                line.agentId(),
                line.toolName(),
                line.durationMs(),
                line.error(),
                line.input(),
                line.response());
        written(TOOL_USE, id, line.source(), line.createdAt());
        if (!line.observed()) {
            // A turn that was observed meanwhile, here or before its lines were complete, is observed again.
            tx.update(
                    "UPDATE turn SET dirty = 1, state = CASE state WHEN 'done' THEN 'open' ELSE state END"
                            + " WHERE id = ? AND state IN ('done', 'claimed')",
                    owner.turn());
        }
    }

    /** Nothing when the turn has the note already. */
    void note(ExportLine.NoteLine line, Owner owner) throws SQLException {
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

    private MemoryWriter.Place place(long id, Project project, Owner owner, String platform, long createdAt)
            throws SQLException {
        return new MemoryWriter.Place(
                keptId(MEMORY, id), project(project), owner.session(), owner.turn(), platform, createdAt);
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

    /** The id to write a row of the table with; null for the next one. */
    private @Nullable Long keptId(String table, long id) throws SQLException {
        Long last = lastIds.get(table);
        if (last == null) {
            last = tx.number("SELECT seq FROM sqlite_sequence WHERE name = ?", table);
            lastIds.put(table, last);
        }
        return id > last && id <= MAX_KEPT_ID ? id : null;
    }

    private void written(String table, long id, @Nullable String source, long createdAt) throws SQLException {
        lastIds.merge(table, id, Math::max);
        ImportedRecords.note(tx, source, createdAt, id);
    }
}
