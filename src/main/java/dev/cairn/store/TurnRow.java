package dev.cairn.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A turn as appending needs it. */
record TurnRow(long id, int number, String state, boolean freshPrompt, boolean dirty, long lastEventAt) {
    private static final String SELECT =
            "SELECT id, number, state, fresh_prompt, dirty, last_event_at FROM turn WHERE session_id = ?";

    static @Nullable TurnRow ofPrompt(Transaction tx, long sessionId, String promptId) throws SQLException {
        return tx.first(SELECT + " AND prompt_id = ?", TurnRow::read, sessionId, promptId);
    }

    static @Nullable TurnRow latest(Transaction tx, long sessionId) throws SQLException {
        return tx.first(SELECT + " ORDER BY number DESC LIMIT 1", TurnRow::read, sessionId);
    }

    private static TurnRow read(ResultSet row) throws SQLException {
        return new TurnRow(
                row.getLong(1),
                row.getInt(2),
                row.getString(3),
                row.getInt(4) != 0,
                row.getInt(5) != 0,
                row.getLong(6));
    }
}
