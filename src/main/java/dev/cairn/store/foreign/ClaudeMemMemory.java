package dev.cairn.store.foreign;

import dev.cairn.bus.claudemem.ForeignMemory;
import dev.cairn.model.Project;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A copy of claude-mem's database: what is in it, and its rows in order. All methods block. For one thread at a time. */
final class ClaudeMemMemory implements ForeignMemory {
    private static final int MOST_DIRECTORIES = 20;
    /** Where rows go that name no project. */
    static final String NO_PROJECT = "unknown";

    private final Connection connection;
    private final DatabaseCopy copy;
    private final Path file;
    private final Columns columns;
    private final CopyQueries queries;
    private final RowReader reader;

    /** Takes the connection over, and the copy when it succeeds. */
    ClaudeMemMemory(Connection connection, DatabaseCopy copy, Path file) throws SQLException {
        this.connection = connection;
        this.copy = copy;
        this.file = file;
        this.queries = new CopyQueries(connection, file);
        try {
            Integer application = queries.first("PRAGMA application_id", row -> row.getInt(1));
            ClaudeMemFile.requireForeign(file, application == null ? 0 : application);
            this.columns = new Columns(connection, RowOrder.TABLES);
            RowOrder order = new RowOrder(connection, columns);
            Integer schema = schema();
            order.requireKnown(file, schema == null ? "" : " (schema version " + schema + ")");
            order.make();
            this.reader = new RowReader(queries, columns);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public @Nullable Integer schema() {
        boolean told = !queries.all(
                        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_versions'", row -> 1)
                .isEmpty();
        return told
                ? queries.first(
                        "SELECT max(version) FROM schema_versions", row -> row.getObject(1) == null ? 0 : row.getInt(1))
                : null;
    }

    @Override
    public Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        queries.all(
                "SELECT kind, count(*) FROM cairn_row GROUP BY kind",
                row -> counts.put(row.getString(1), row.getLong(2)));
        return counts;
    }

    @Override
    public List<Named> projects() {
        Map<String, Long> rows = new TreeMap<>();
        queries.all(
                "SELECT coalesce(nullif(trim(project), ''), '" + NO_PROJECT
                        + "'), count(*) FROM cairn_session GROUP BY 1",
                row -> rows.merge(row.getString(1), row.getLong(2), Long::sum));
        for (String table : List.of(RowOrder.OBSERVATIONS, RowOrder.SUMMARIES, RowOrder.TOOL_USES)) {
            if (columns.has(table, "project")) {
                queries.all(
                        "SELECT " + columns.project(table) + ", count(*) FROM " + table + " GROUP BY 1",
                        row -> row.getString(1) == null ? 0 : rows.merge(row.getString(1), row.getLong(2), Long::sum));
            }
        }
        Map<String, List<String>> directories = directories();
        return rows.entrySet().stream()
                .map(entry -> new Named(
                        entry.getKey(), entry.getValue(), directories.getOrDefault(entry.getKey(), List.of())))
                .toList();
    }

    private Map<String, List<String>> directories() {
        Map<String, List<String>> directories = new LinkedHashMap<>();
        if (columns.has(RowOrder.TOOL_USES, "cwd") && columns.has(RowOrder.TOOL_USES, "project")) {
            queries.all(
                    "SELECT " + columns.project(RowOrder.TOOL_USES) + " AS name, cwd FROM tool_uses WHERE cwd <> ''"
                            + " GROUP BY name, cwd ORDER BY count(*) DESC, cwd",
                    row -> {
                        List<String> known = directories.computeIfAbsent(
                                Objects.requireNonNullElse(row.getString(1), NO_PROJECT), name -> new ArrayList<>());
                        return known.size() < MOST_DIRECTORIES && known.add(row.getString(2));
                    });
        }
        return directories;
    }

    @Override
    public List<Key> keys(long after, int most) {
        return queries.all(
                "SELECT pos, kind, id, at FROM cairn_row WHERE pos > ? ORDER BY pos LIMIT ?",
                row -> new Key(row.getLong(1), row.getString(2), row.getLong(3), CopyQueries.number(row, 4)),
                after,
                most);
    }

    @Override
    public Lines read(Key key, Function<String, @Nullable Project> projects) {
        return reader.read(key, projects);
    }

    @Override
    public void close() {
        try (copy) {
            connection.close();
        } catch (SQLException e) {
            throw ClaudeMemFile.refusal(file, e);
        }
    }
}
