package dev.cairn.store.foreign;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Which columns the tables have: versions differ, so each is asked for before it is named. */
final class Columns {
    private final Map<String, List<String>> byTable = new TreeMap<>();

    /** @param tables those of interest */
    Columns(Connection connection, List<String> tables) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String table : tables) {
                List<String> columns = new ArrayList<>();
                // A view of that name is none of its tables.
                try (ResultSet rows = statement.executeQuery("SELECT i.name FROM sqlite_schema s,"
                        + " pragma_table_info(s.name) i WHERE s.type = 'table' AND s.name = '" + table + "'")) {
                    while (rows.next()) {
                        columns.add(rows.getString(1).toLowerCase(Locale.ROOT));
                    }
                }
                byTable.put(table, columns);
            }
        }
    }

    boolean has(String table) {
        return !of(table).isEmpty();
    }

    boolean has(String table, String column) {
        return of(table).contains(column);
    }

    List<String> of(String table) {
        return byTable.getOrDefault(table, List.of());
    }

    /** The first of these columns that the table has; else {@code NULL}. */
    String first(String table, String... names) {
        for (String name : names) {
            if (has(table, name)) {
                return name;
            }
        }
        return "NULL";
    }

    /** The row's time in epoch milliseconds, else that of the text beside it; null for none. */
    String time(String table, String name) {
        String epoch = first(table, name + "_epoch");
        String text = first(table, name);
        return "coalesce(nullif(CAST(" + epoch + " AS INTEGER), 0), CAST(strftime('%s', " + text
                + ") AS INTEGER) * 1000)";
    }

    /** The name of the row's project; null for none. What was merged into another project is that project's. */
    String project(String table) {
        return "coalesce(nullif(trim(" + first(table, "merged_into_project") + "), ''), nullif(trim("
                + first(table, "project") + "), ''))";
    }
}
