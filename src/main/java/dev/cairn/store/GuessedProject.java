package dev.cairn.store;

import dev.cairn.bus.AppendEvents;
import dev.cairn.model.AgentEvent;
import dev.cairn.model.Project;
import java.sql.SQLException;

/** Finds the project that is meant where only its name was told, or nothing. */
final class GuessedProject {
    private GuessedProject() {}

    /** The session's own project, or else the one of this name that was used last; the name itself when there is none. */
    static Project known(Transaction tx, AppendEvents request) throws SQLException {
        Project told = request.project();
        if (!told.guessed()) {
            return told;
        }
        AgentEvent event = request.events().get(0);
        Project ofSession = tx.first(
                "SELECT p.key, p.name FROM session s JOIN project p ON p.id = s.project_id"
                        + " WHERE s.session_id = ? AND s.platform = ?",
                row -> new Project(row.getString(1), row.getString(2)),
                event.sessionId(),
                event.platform());
        if (ofSession != null) {
            return ofSession;
        }
        Project ofName = tx.first(
                "SELECT p.key, p.name FROM project p WHERE p.name = ?"
                        + " ORDER BY (SELECT max(s.started_at) FROM session s WHERE s.project_id = p.id) DESC, p.id DESC LIMIT 1",
                row -> new Project(row.getString(1), row.getString(2)),
                told.name());
        return ofName == null ? told : ofName;
    }
}
