package dev.cairn.store;

import dev.cairn.bus.ExportFormat.Place;
import dev.cairn.bus.ExportLine;
import dev.cairn.model.Project;
import dev.cairn.model.Summary;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds in the database what lines of an export are, or refer to.
 *
 * <p>A session is known by its host's id. A turn is known by its prompt's id; without one by its number and begin, or by its
 * begin alone when that number is another turn's. A tool use is known by the host's id of it. Everything else is known by where
 * and when it was made and all that it says, as often as that is there: an id says nothing, since another record may have it.
 */
final class ImportFinder {
    private final Transaction tx;
    private final boolean dryRun;
    private final Map<String, Long> sessions = new HashMap<>();
    private final Map<List<Object>, Long> turns = new HashMap<>();

    /** The session and the turn a record belongs to; null when it has none, or when a dry run would make it. */
    record Owner(@Nullable Long session, @Nullable Long turn) {
        static final Owner NOBODY = new Owner(null, null);
    }

    /** @param createdAt epoch milliseconds */
    record Dated(long id, long createdAt) {}

    /** A memory's columns as it is looked for. */
    record Memory(int kind, String platform, long createdAt, List<@Nullable String> alike) {
        static Memory of(ExportLine.PromptLine line) {
            return new Memory(
                    Kinds.PROMPT,
                    line.platform(),
                    line.createdAt(),
                    Arrays.asList(null, null, null, line.text(), null, null, null, null, null));
        }

        static Memory of(ExportLine.ObservationLine line) {
            return new Memory(
                    Kinds.OBSERVATION,
                    line.platform(),
                    line.createdAt(),
                    Arrays.asList(
                            line.type(),
                            line.title(),
                            line.subtitle(),
                            line.narrative(),
                            Json.column(line.facts()),
                            Json.column(line.concepts()),
                            Json.column(line.filesRead()),
                            Json.column(line.filesModified()),
                            Json.column(line.commands())));
        }
    }

    ImportFinder(Transaction tx, boolean dryRun) {
        this.tx = tx;
        this.dryRun = dryRun;
    }

    @Nullable
    Long findSession(String platform, String sessionId) throws SQLException {
        String key = platform + '\0' + sessionId;
        Long known = sessions.get(key);
        if (known == null) {
            known = tx.first(
                    "SELECT id FROM session WHERE session_id = ? AND platform = ?",
                    row -> row.getLong(1),
                    sessionId,
                    platform);
            if (known != null) {
                sessions.put(key, known);
            }
        }
        return known;
    }

    /** The session of a line; null in a dry run that would make it. */
    @Nullable
    Long session(Place place, String platform, String sessionId) throws SQLException {
        Long session = findSession(platform, sessionId);
        if (session == null && !dryRun) {
            throw place.invalid(
                    "sessionId", "session '" + sessionId + "' is not there; import the lines before this one first");
        }
        return session;
    }

    Owner owner(Place place, String platform, @Nullable String sessionId, ExportLine.@Nullable TurnKey key)
            throws SQLException {
        if (sessionId == null) {
            if (key != null) {
                throw place.invalid("turn", "a turn needs its session; name it by sessionId");
            }
            return Owner.NOBODY;
        }
        Long session = session(place, platform, sessionId);
        if (key == null || session == null) {
            return new Owner(session, null);
        }
        Long turn = findTurn(session, key);
        if (turn == null && !dryRun) {
            throw place.invalid(
                    "turn",
                    "turn " + key.number() + " of session '" + sessionId
                            + "' is not there; import the lines before this one first");
        }
        return new Owner(session, turn);
    }

    @Nullable
    Long findTurn(long session, ExportLine.TurnKey key) throws SQLException {
        List<Object> name = List.of(session, key);
        Long known = turns.get(name);
        if (known == null) {
            known = lookUpTurn(session, key);
            if (known != null) {
                turns.put(name, known);
            }
        }
        return known;
    }

    private @Nullable Long lookUpTurn(long session, ExportLine.TurnKey key) throws SQLException {
        if (key.promptId() != null) {
            return tx.first(
                    "SELECT id FROM turn WHERE session_id = ? AND prompt_id = ?",
                    row -> row.getLong(1),
                    session,
                    key.promptId());
        }
        record Taken(long id, boolean same) {}
        Taken number = tx.first(
                "SELECT id, prompt_id IS NULL AND started_at = ? FROM turn WHERE session_id = ? AND number = ?",
                row -> new Taken(row.getLong(1), row.getInt(2) != 0),
                key.startedAt(),
                session,
                key.number());
        if (number == null || number.same()) {
            return number == null ? null : number.id();
        }
        return tx.first(
                "SELECT id FROM turn WHERE session_id = ? AND prompt_id IS NULL AND started_at = ? ORDER BY number"
                        + " LIMIT 1",
                row -> row.getLong(1),
                session,
                key.startedAt());
    }

    /** The memory's id; null when it is not there. */
    @Nullable
    Long find(Memory memory, Project project, Owner owner, boolean inSession, @Nullable Integer copy)
            throws SQLException {
        if (inSession && owner.session() == null) {
            return null;
        }
        Sql sql = new Sql()
                .add(
                        "SELECT id FROM memory WHERE " + SameRows.memoryMarks(),
                        memory.kind(),
                        memory.createdAt(),
                        project(project),
                        memory.platform(),
                        owner.session());
        memory.alike().forEach(value -> sql.values().add(value));
        // The plus keeps the planner at the index by time.
        sql.add(" ORDER BY +id LIMIT 1 OFFSET ?", copies(copy));
        List<Long> found = tx.all(sql, row -> row.getLong(1));
        return found.isEmpty() ? null : found.get(0);
    }

    /** The summary that the turn has; null when it has none. */
    @Nullable
    Dated findSummary(Owner owner) throws SQLException {
        return owner.turn() == null
                ? null
                : tx.first(
                        "SELECT id, created_at FROM memory WHERE turn_id = ? AND kind = 2",
                        row -> new Dated(row.getLong(1), row.getLong(2)),
                        owner.turn());
    }

    /** The tool use's id; null when it is not there. */
    @Nullable
    Long findToolUse(ExportLine.ToolUseLine line, Owner owner) throws SQLException {
        if (owner.session() == null) {
            return null;
        }
        if (line.toolUseId() != null) {
            return tx.first(
                    "SELECT id FROM tool_use WHERE session_id = ? AND tool_use_id = ?",
                    row -> row.getLong(1),
                    owner.session(),
                    line.toolUseId());
        }
        return tx.first(
                "SELECT id FROM tool_use WHERE " + SameRows.toolUseMarks() + " ORDER BY +id LIMIT 1 OFFSET ?",
                row -> row.getLong(1),
                owner.session(),
                line.createdAt(),
                project(line.project()),
                line.toolName(),
                line.agentId(),
                null,
                line.durationMs(),
                line.error(),
                line.input(),
                line.response(),
                copies(line.copy()));
    }

    private static int copies(@Nullable Integer copy) {
        return copy == null ? 0 : copy;
    }

    /** 0 for one that is not there. */
    private long project(Project project) throws SQLException {
        return tx.number("SELECT id FROM project WHERE key = ?", project.key());
    }

    /** The observation that is referred to; null when it was forgotten. */
    @Nullable
    Long findObservation(ExportLine.@Nullable ObservationKey key, Owner owner) throws SQLException {
        if (key == null) {
            return null;
        }
        // It may stand with an earlier turn of the session, which brought the same before.
        return tx.first(
                "SELECT id FROM memory INDEXED BY memory_by_session WHERE session_id = ? AND created_at = ? AND kind = 1"
                        + " AND title IS ? ORDER BY id = ? DESC, turn_id = ? DESC, id LIMIT 1",
                row -> row.getLong(1),
                owner.session(),
                key.createdAt(),
                key.title(),
                key.id(),
                owner.turn());
    }

    /** A summary that took the place of an earlier one. */
    Summary summary(long id, ExportLine.SummaryLine line) throws SQLException {
        Integer number = tx.first(
                "SELECT t.number FROM memory m JOIN turn t ON t.id = m.turn_id WHERE m.id = ?",
                row -> row.getInt(1),
                id);
        return new Summary(
                id,
                line.project(),
                line.platform(),
                line.sessionId(),
                Objects.requireNonNull(number, "a summary has a turn"),
                line.request(),
                line.investigated(),
                line.learned(),
                line.completed(),
                line.nextSteps(),
                line.notes(),
                line.filesRead(),
                line.filesModified(),
                line.createdAt());
    }
}
