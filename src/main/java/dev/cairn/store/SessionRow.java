package dev.cairn.store;

import dev.cairn.model.AgentEvent;
import dev.cairn.model.EventKind;
import dev.cairn.model.Project;
import dev.cairn.model.Session;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A session as appending needs it, and what events make of it. */
final class SessionRow {
    /** The session and, behind it, the turn of a prompt, if there is one: as one text, see {@link TurnRow#CELL}. */
    static final String FIND = "SELECT s.id || ' ' || (s.ended_at IS NOT NULL) || ifnull(' ' || " + TurnRow.CELL
            + ", '') FROM session s LEFT JOIN turn t ON t.session_id = s.id AND t.prompt_id = ?"
            + " WHERE s.session_id = ? AND s.platform = ?";

    private final long id;
    private final @Nullable TurnRow turnOfPrompt;
    private boolean ended;
    private boolean changed;

    private SessionRow(long id, boolean ended, boolean changed, @Nullable TurnRow turnOfPrompt) {
        this.id = id;
        this.ended = ended;
        this.changed = changed;
        this.turnOfPrompt = turnOfPrompt;
    }

    /** The event's session; any event makes it. */
    static SessionRow of(Transaction tx, AgentEvent event, long projectId) throws SQLException {
        SessionRow known =
                tx.first(FIND, row -> read(row.getString(1)), event.promptId(), event.sessionId(), event.platform());
        if (known != null) {
            return known;
        }
        long id = tx.insert(
                "INSERT INTO session (session_id, platform, project_id, cwd, started_at) VALUES (?, ?, ?, ?, ?)",
                event.sessionId(),
                event.platform(),
                projectId,
                event.cwd(),
                event.at());
        return new SessionRow(id, false, true, null);
    }

    private static SessionRow read(String cell) {
        String[] parts = cell.split(" ", 3);
        TurnRow turn = parts.length < 3 ? null : TurnRow.of(parts[2]);
        return new SessionRow(Long.parseLong(parts[0]), parts[1].equals("1"), false, turn);
    }

    long id() {
        return id;
    }

    /** The turn of the event's prompt, as it was before the event; null when there is none, or the event names no prompt. */
    @Nullable
    TurnRow turnOfPrompt() {
        return turnOfPrompt;
    }

    /** Whether it began, went on or ended since it was read. */
    boolean changed() {
        return changed;
    }

    void start(Transaction tx, AgentEvent event) throws SQLException {
        changed = true;
        ended = false;
        tx.update(
                "UPDATE session SET ended_at = NULL, end_reason = NULL, cwd = coalesce(cwd, ?) WHERE id = ?",
                event.cwd(),
                id);
    }

    /** A session goes on when its user says something; late news of its tools do not bring it back. */
    void goOn(Transaction tx, AgentEvent event) throws SQLException {
        if (ended && event.kind() == EventKind.PROMPT) {
            start(tx, event);
        }
    }

    /** Whether it was open. */
    boolean end(Transaction tx, AgentEvent event) throws SQLException {
        if (ended) {
            return false;
        }
        ended = true;
        changed = true;
        tx.update("UPDATE session SET ended_at = ?, end_reason = ? WHERE id = ?", event.at(), event.detail(), id);
        return true;
    }

    @Nullable
    Session read(Transaction tx) throws SQLException {
        return tx.first(
                "SELECT s.session_id, s.platform, p.key, p.name, s.cwd, s.started_at, s.ended_at, s.end_reason,"
                        + " (SELECT count(*) FROM memory m WHERE m.session_id = s.id AND m.kind = 3),"
                        + " (SELECT count(*) FROM tool_use u WHERE u.session_id = s.id)"
                        + " FROM session s JOIN project p ON p.id = s.project_id WHERE s.id = ?",
                row -> new Session(
                        id,
                        row.getString(1),
                        row.getString(2),
                        new Project(row.getString(3), row.getString(4)),
                        row.getString(5),
                        row.getLong(6),
                        row.getObject(7) == null ? null : row.getLong(7),
                        row.getString(8),
                        row.getInt(9),
                        row.getInt(10)),
                id);
    }
}
