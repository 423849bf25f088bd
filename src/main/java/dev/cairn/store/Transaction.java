package dev.cairn.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The writer's connection as commands see it: statements are prepared once and kept. Only the writer's thread uses it.
 *
 * <p>Effects outside the database wait in {@link #afterCommit}, so that what is rolled back leaves none.
 */
final class Transaction {
    /** Reads the current row of a result. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final Map<String, Integer> received = new TreeMap<>();
    private final List<Runnable> afterCommit = new ArrayList<>();

    Transaction(Connection connection) {
        this.connection = connection;
    }

    void begin() throws SQLException {
        received.clear();
        afterCommit.clear();
        update("BEGIN IMMEDIATE");
    }

    /** Commits, then runs what waited for it. */
    void commit() throws SQLException {
        for (Map.Entry<String, Integer> entry : received.entrySet()) {
            update(
                    "INSERT INTO event_count (name, count) VALUES (?, ?)"
                            + " ON CONFLICT (name) DO UPDATE SET count = count + excluded.count",
                    entry.getKey(),
                    entry.getValue());
        }
        update("COMMIT");
        afterCommit.forEach(Runnable::run);
    }

    void rollback() throws SQLException {
        update("ROLLBACK");
    }

    /** Counts a received event; written once for the whole group. */
    void received(String eventName) {
        received.merge(eventName, 1, Integer::sum);
    }

    /** Runs the action on the writer's thread when this transaction is committed, and never when it is not. */
    void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    /** How many rows it changed. */
    int update(String sql, @Nullable Object... arguments) throws SQLException {
        return with(sql, PreparedStatement::executeUpdate, arguments);
    }

    /** Inserts one row and answers its rowid, which is asked for apart: RETURNING keeps the row in a table until it is read. */
    long insert(String sql, @Nullable Object... arguments) throws SQLException {
        if (update(sql, arguments) != 1) {
            throw new SQLException("not one row: " + sql);
        }
        return number("SELECT last_insert_rowid()");
    }

    /** The one number a query answers; 0 when it answers no row. */
    long number(String sql, @Nullable Object... arguments) throws SQLException {
        Long number = first(sql, row -> row.getLong(1), arguments);
        return number == null ? 0 : number;
    }

    <T> @Nullable T first(String sql, RowReader<T> reader, @Nullable Object... arguments) throws SQLException {
        List<T> found = read(sql, reader, 1, arguments);
        return found.isEmpty() ? null : found.get(0);
    }

    <T> List<T> all(String sql, RowReader<T> reader, @Nullable Object... arguments) throws SQLException {
        return read(sql, reader, Integer.MAX_VALUE, arguments);
    }

    private <T> List<T> read(String sql, RowReader<T> reader, int most, @Nullable Object... arguments)
            throws SQLException {
        return with(
                sql,
                statement -> {
                    List<T> found = new ArrayList<>();
                    try (ResultSet rows = statement.executeQuery()) {
                        while (found.size() < most && rows.next()) {
                            found.add(reader.read(rows));
                        }
                    }
                    return found;
                },
                arguments);
    }

    long number(Sql sql) throws SQLException {
        return number(sql.text(), sql.values().toArray());
    }

    <T> List<T> all(Sql sql, RowReader<T> reader) throws SQLException {
        return all(sql.text(), reader, sql.values().toArray());
    }

    /** Runs statements that answer nothing of interest, such as pragmas, to their end. */
    void run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            // Not execute: it takes one step of a statement without columns, and so one page of an incremental vacuum.
            statement.executeUpdate(sql);
        }
    }

    private <T> T with(String sql, Use<T> use, @Nullable Object... arguments) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        try {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            return use.of(statement);
        } catch (SQLException e) {
            // The driver ends a statement that has failed: kept, it would fail for ever, a ROLLBACK too.
            statements.remove(sql);
            try {
                statement.close();
            } catch (SQLException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    void close() throws SQLException {
        for (PreparedStatement statement : statements.values()) {
            statement.close();
        }
        statements.clear();
        connection.close();
    }
}
