package dev.cairn.store.foreign;

import dev.cairn.model.CairnException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Queries of the copy; each statement is prepared once. All methods block. For one thread at a time. */
final class CopyQueries {
    private final Connection connection;
    private final Path file;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    /** @param file the original, which refusals are about */
    CopyQueries(Connection connection, Path file) {
        this.connection = connection;
        this.file = file;
    }

    /** Reads a row of a result. */
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** A whole number; null for none. */
    static @Nullable Long number(ResultSet row, int column) throws SQLException {
        return row.getObject(column) == null ? null : row.getLong(column);
    }

    /**
     * The first row; null for none.
     *
     * @throws CairnException as {@link #all}
     */
    <T> @Nullable T first(String sql, Reader<@Nullable T> reader, Object... arguments) {
        List<@Nullable T> rows = all(sql, reader, arguments);
        return rows.isEmpty() ? null : rows.get(0);
    }

    /**
     * All rows, in memory.
     *
     * @throws CairnException as {@link ClaudeMemFile#refusal} says
     */
    <T extends @Nullable Object> List<T> all(String sql, Reader<T> reader, Object... arguments) {
        try {
            PreparedStatement statement = statements.get(sql);
            if (statement == null) {
                statement = connection.prepareStatement(sql);
                statements.put(sql, statement);
            }
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(reader.read(row));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw ClaudeMemFile.refusal(file, e);
        }
    }
}
