package dev.cairn.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Copies the rows of one table that can be read, and passes over those that cannot. */
final class TableSalvage {
    private static final int COMMIT_ROWS = 1_000;
    /** Behind damage so many ids are tried one by one; further off it goes on in growing leaps. */
    private static final int STEPS = 10_000;
    /** Queries would fail over text that is no JSON any more. */
    private static final Set<String> LISTS = Set.of("facts", "concepts", "files_read", "files_modified", "commands");

    private final Connection from;
    private final Connection to;
    private final String table;
    private final List<String> columns;
    private long copied;

    TableSalvage(Connection from, Connection to, String table) throws SQLException {
        this.from = from;
        this.to = to;
        this.table = table;
        this.columns = columns(to, table);
        List<String> there = columnsOrAll();
        columns.retainAll(there);
    }

    private static List<String> columns(Connection connection, String table) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA table_info(" + table + ")")) {
            while (rows.next()) {
                names.add(rows.getString("name"));
            }
        }
        return names;
    }

    private List<String> columnsOrAll() {
        try {
            return columns(from, table);
        } catch (SQLException damaged) {
            return List.copyOf(columns);
        }
    }

    /** @return how many rows were copied */
    long copyById() throws SQLException {
        if (!columns.contains("id")) {
            return 0;
        }
        Database.execute(to, "BEGIN IMMEDIATE");
        try (PreparedStatement insert = insert()) {
            Long last = 0L;
            while (last != null) {
                last = copyFrom(last, insert);
            }
        }
        Database.execute(to, "COMMIT");
        return copied;
    }

    /** @return where to go on behind damage; null at the end */
    private @Nullable Long copyFrom(long after, PreparedStatement insert) throws SQLException {
        long last = after;
        try (PreparedStatement select = select("id > ? ORDER BY id")) {
            select.setLong(1, after);
            try (ResultSet rows = select.executeQuery()) {
                for (List<@Nullable Object> row = next(rows); row != null; row = next(rows)) {
                    write(insert, row);
                    last = Math.max(last, id(row));
                }
                return null;
            }
        } catch (DamageException damage) {
            return behind(last, insert);
        } catch (SQLException e) {
            if (StoreErrors.isDamage(e)) {
                return behind(last, insert);
            }
            throw e;
        }
    }

    private long id(List<@Nullable Object> row) {
        return row.get(columns.indexOf("id")) instanceof Number number ? number.longValue() : 0;
    }

    /** Copies the first row behind the damage that can be read; answers its id, or null when there is none. */
    private @Nullable Long behind(long last, PreparedStatement insert) throws SQLException {
        for (long id = last + 1; id <= last + STEPS; id++) {
            Found found = first(id);
            if (found.readable()) {
                return keep(found, insert);
            }
        }
        long failing = last + STEPS;
        for (long step = STEPS * 2L; step < Long.MAX_VALUE / 4; step *= 2) {
            if (first(last + step).readable()) {
                return keep(first(boundary(failing, last + step)), insert);
            }
            failing = last + step;
        }
        return null;
    }

    private @Nullable Long keep(Found found, PreparedStatement insert) throws SQLException {
        if (found.row() == null) {
            return null;
        }
        write(insert, found.row());
        return id(found.row());
    }

    private long boundary(long failing, long reading) {
        long low = failing;
        long high = reading;
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            if (first(middle).readable()) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    /** @param row null when there is none any more, or it cannot be read */
    private record Found(boolean readable, @Nullable List<@Nullable Object> row) {}

    /** The first row from this id on. One that claims an earlier id stands on a damaged page. */
    private Found first(long id) {
        try (PreparedStatement select = select("id >= ? ORDER BY id LIMIT 1")) {
            select.setLong(1, id);
            try (ResultSet rows = select.executeQuery()) {
                List<@Nullable Object> row = next(rows);
                return new Found(row == null || id(row) >= id, row);
            }
        } catch (DamageException | SQLException damage) {
            return new Found(false, null);
        }
    }

    /** For small tables without ids: up to the first damage. */
    long copyAll() throws SQLException {
        if (columns.isEmpty()) {
            return 0;
        }
        Database.execute(to, "BEGIN IMMEDIATE");
        try (PreparedStatement insert = insert();
                PreparedStatement select = select("1");
                ResultSet rows = select.executeQuery()) {
            for (List<@Nullable Object> row = next(rows); row != null; row = next(rows)) {
                write(insert, row);
            }
        } catch (DamageException damage) {
            // The rest of it are figures that nobody misses.
        } catch (SQLException e) {
            if (!StoreErrors.isDamage(e)) {
                throw e;
            }
        }
        Database.execute(to, "COMMIT");
        return copied;
    }

    private PreparedStatement select(String where) throws SQLException {
        return from.prepareStatement(
                "SELECT " + String.join(", ", columns) + " FROM " + table + " NOT INDEXED WHERE " + where);
    }

    /** What does not fit the table's rules is damage as well, and left out. */
    private PreparedStatement insert() throws SQLException {
        List<String> marks = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
            String mark = "?" + i;
            marks.add(LISTS.contains(columns.get(i - 1)) ? "iif(json_valid(" + mark + "), " + mark + ", NULL)" : mark);
        }
        return to.prepareStatement("INSERT OR IGNORE INTO " + table + " (" + String.join(", ", columns) + ") VALUES ("
                + String.join(", ", marks) + ")");
    }

    /** The next row; null at the end. */
    private @Nullable List<@Nullable Object> next(ResultSet rows) {
        try {
            if (!rows.next()) {
                return null;
            }
            List<@Nullable Object> row = new ArrayList<>(columns.size());
            for (int i = 1; i <= columns.size(); i++) {
                row.add(rows.getObject(i));
            }
            return row;
        } catch (SQLException e) {
            throw new DamageException(e);
        }
    }

    private void write(PreparedStatement insert, List<@Nullable Object> row) throws SQLException {
        for (int i = 0; i < row.size(); i++) {
            insert.setObject(i + 1, row.get(i));
        }
        copied += insert.executeUpdate();
        if (copied % COMMIT_ROWS == 0) {
            Database.execute(to, "COMMIT");
            Database.execute(to, "BEGIN IMMEDIATE");
        }
    }

    /** Reading failed, and not writing. */
    private static final class DamageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DamageException(SQLException cause) {
            super(cause);
        }
    }
}
