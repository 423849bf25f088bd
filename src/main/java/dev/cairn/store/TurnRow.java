package dev.cairn.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A turn as appending needs it. */
record TurnRow(long id, int number, String state, boolean freshPrompt, boolean dirty, long lastEventAt) {
    /**
     * A turn {@code t} as one text: whenever a query runs, the driver fetches the names of all its columns, which costs more than a
     * row of one column does.
     */
    static final String CELL =
            "t.id || ' ' || t.number || ' ' || t.state || ' ' || t.fresh_prompt || ' ' || t.dirty || ' '"
                    + " || t.last_event_at";

    private static final int PARTS = 6;

    static @Nullable TurnRow latest(Transaction tx, long sessionId) throws SQLException {
        return tx.first(
                "SELECT " + CELL + " FROM turn t WHERE t.session_id = ? ORDER BY t.number DESC LIMIT 1",
                row -> of(row.getString(1)),
                sessionId);
    }

    /** @param cell what {@link #CELL} answers */
    static TurnRow of(String cell) {
        String[] parts = cell.split(" ", PARTS);
        return new TurnRow(
                Long.parseLong(parts[0]),
                Integer.parseInt(parts[1]),
                parts[2],
                !parts[3].equals("0"),
                !parts[4].equals("0"),
                Long.parseLong(parts[5]));
    }
}
