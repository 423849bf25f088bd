package dev.cairn.store;

import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Looks for damage: of pages and indexes, of references, and of the full-text index. Reads all of the file. */
final class DatabaseCheck {
    private static final int MAX_LINES = 20;

    private DatabaseCheck() {}

    /**
     * What is wrong, in words; empty when nothing is.
     *
     * @throws CairnException CONFLICT for a file that belongs to another program, or has a newer schema
     */
    static List<String> of(Path file) {
        List<String> problems = new ArrayList<>();
        try (Connection connection = new Database(file, false).openAsItIs()) {
            collect(connection, "PRAGMA integrity_check(" + MAX_LINES + ")", 1, "", problems);
            problems.remove("ok");
            collect(
                    connection,
                    "PRAGMA foreign_key_check",
                    1,
                    "a row refers to one that is missing, in table ",
                    problems);
            fullText(connection, problems);
        } catch (SQLException e) {
            problems.add(said(e));
        } catch (CairnException e) {
            if (e.code() == ErrorCode.CONFLICT) {
                throw e;
            }
            problems.add(e.getMessage());
        }
        return problems.stream().distinct().limit(MAX_LINES).toList();
    }

    private static void fullText(Connection connection, List<String> problems) {
        count(
                connection,
                "SELECT count(*) FROM memory m WHERE NOT EXISTS (SELECT 1 FROM memory_fts_docsize d WHERE d.id = m.id)",
                " memories are not in the full-text index",
                problems);
        count(
                connection,
                "SELECT count(*) FROM memory_fts_docsize d WHERE NOT EXISTS (SELECT 1 FROM memory m WHERE m.id = d.id)",
                " entries of the full-text index have no memory",
                problems);
        // All words of the index are visited; a damaged page of it says so.
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT rowid FROM memory_fts WHERE memory_fts MATCH 'scope : k*'")) {
            while (rows.next()) {
                rows.getLong(1);
            }
        } catch (SQLException e) {
            problems.add("the full-text index: " + said(e));
        }
    }

    private static void count(Connection connection, String sql, String what, List<String> problems) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            if (row.next() && row.getLong(1) > 0) {
                problems.add(row.getLong(1) + what);
            }
        } catch (SQLException e) {
            problems.add(said(e));
        }
    }

    private static void collect(Connection connection, String sql, int column, String before, List<String> problems) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            for (int i = 0; i < MAX_LINES && rows.next(); i++) {
                problems.add(before.isEmpty() ? rows.getString(column) : before + rows.getString(column));
            }
        } catch (SQLException e) {
            problems.add(said(e));
        }
    }

    private static String said(SQLException e) {
        return String.valueOf(e.getMessage());
    }
}
