package dev.cairn.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Takes a closed database back to an earlier schema, as the build of that time would have left it. */
final class OldSchema {
    /** What undoes each script, the newest first. */
    private static final List<List<String>> UNDO = List.of(List.of(
            "DROP TRIGGER turn_is_ready",
            "DROP TRIGGER turn_begins_ready",
            "DROP INDEX session_ready",
            "DROP INDEX session_served",
            "DROP INDEX turn_ready",
            "DROP INDEX turn_due",
            "DROP TABLE model_usage",
            "ALTER TABLE session DROP COLUMN served",
            "ALTER TABLE session DROP COLUMN ready",
            "ALTER TABLE memory DROP COLUMN times"));

    private OldSchema() {}

    static void of(StoreFixture store, int version) throws SQLException {
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement()) {
            for (int undone = Migrations.newest(); undone > version; undone--) {
                for (String sql : UNDO.get(Migrations.newest() - undone)) {
                    statement.executeUpdate(sql);
                }
            }
            statement.executeUpdate("PRAGMA user_version = " + version);
        }
    }
}
