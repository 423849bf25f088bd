package dev.cairn.store.foreign;

import dev.cairn.bus.ExportLine;
import dev.cairn.bus.ExportLine.TurnKey;
import dev.cairn.bus.Origin;
import dev.cairn.bus.claudemem.ForeignMemory;
import dev.cairn.bus.claudemem.ForeignRow;
import dev.cairn.bus.claudemem.RowLines;
import dev.cairn.bus.claudemem.RowLines.Mapped;
import dev.cairn.bus.claudemem.RowLines.Owner;
import dev.cairn.model.Project;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A copy of claude-mem's database, read row by row. */
final class ClaudeMemMemory implements ForeignMemory {
    private static final int MOST_DIRECTORIES = 20;
    private static final String NO_PROJECT = "unknown";
    /** No row's text is read beyond this, in characters. */
    private static final int MOST_TEXT = 4 << 20;

    private final Connection connection;
    private final DatabaseCopy copy;
    private final Path file;
    private final Columns columns;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    /** Takes the connection over, and the copy when it succeeds. */
    ClaudeMemMemory(Connection connection, DatabaseCopy copy, Path file) throws SQLException {
        this.connection = connection;
        this.copy = copy;
        this.file = file;
        try {
            Integer application = first("PRAGMA application_id", row -> row.getInt(1));
            ClaudeMemFile.requireForeign(file, application == null ? 0 : application);
            this.columns = new Columns(connection, RowOrder.TABLES);
            RowOrder order = new RowOrder(connection, columns);
            Integer schema = schema();
            order.requireKnown(file, schema == null ? "" : " (schema version " + schema + ")");
            order.make();
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Reads a row of a result. */
    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    @Override
    public @Nullable Integer schema() {
        boolean told = !all("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_versions'", row -> 1)
                .isEmpty();
        return told
                ? first("SELECT max(version) FROM schema_versions", row -> row.getObject(1) == null ? 0 : row.getInt(1))
                : null;
    }

    @Override
    public Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        all("SELECT kind, count(*) FROM cairn_row GROUP BY kind", row -> counts.put(row.getString(1), row.getLong(2)));
        return counts;
    }

    @Override
    public List<Named> projects() {
        Map<String, Long> rows = new TreeMap<>();
        all(
                "SELECT coalesce(nullif(trim(project), ''), '" + NO_PROJECT
                        + "'), count(*) FROM cairn_session GROUP BY 1",
                row -> rows.merge(row.getString(1), row.getLong(2), Long::sum));
        for (String table : List.of(RowOrder.OBSERVATIONS, RowOrder.SUMMARIES, RowOrder.TOOL_USES)) {
            if (columns.has(table, "project")) {
                all(
                        "SELECT " + project(table) + ", count(*) FROM " + table + " GROUP BY 1",
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
            all(
                    "SELECT " + project(RowOrder.TOOL_USES) + " AS name, cwd FROM tool_uses WHERE cwd <> ''"
                            + " GROUP BY name, cwd ORDER BY count(*) DESC, cwd",
                    row -> {
                        List<String> known = directories.computeIfAbsent(
                                Objects.requireNonNullElse(row.getString(1), NO_PROJECT), name -> new ArrayList<>());
                        return known.size() < MOST_DIRECTORIES && known.add(row.getString(2));
                    });
        }
        return directories;
    }

    /** What was merged into another project is that project's. */
    private String project(String table) {
        return "coalesce(nullif(trim(" + columns.first(table, "merged_into_project") + "), ''), nullif(trim("
                + columns.first(table, "project") + "), ''))";
    }

    @Override
    public List<Key> keys(long after, int most) {
        return all(
                "SELECT pos, kind, id, at FROM cairn_row WHERE pos > ? ORDER BY pos LIMIT ?",
                row -> new Key(row.getLong(1), row.getString(2), row.getLong(3), number(row, 4)),
                after,
                most);
    }

    /** Where a row belongs: see {@link RowOrder}. */
    private record Place(
            @Nullable String platform,
            @Nullable String sessionId,
            @Nullable Long session,
            @Nullable String project,
            @Nullable Long started,
            @Nullable Long ended,
            @Nullable String cwd,
            long prompt,
            boolean extra,
            @Nullable Long first,
            @Nullable Long last) {}

    @Override
    public Lines read(Key key, Function<String, @Nullable Project> projects) {
        Long at = key.createdAt();
        if (at == null || !RowLines.isTime(at)) {
            return skip(key.kind() + " without a time");
        }
        Place place = first(
                "SELECT s.platform, coalesce(s.content, '" + RowLines.MEMORY
                        + "-' || coalesce(s.memory, 'session-' || s.id)), s.id,"
                        + " s.project, s.started, s.ended, r.prompt, r.extra, t.first, t.last, s.n, s.cwd FROM cairn_row r"
                        + " LEFT JOIN cairn_session s ON s.n = r.session"
                        + " LEFT JOIN cairn_turn t ON t.session = r.session AND t.prompt = r.prompt WHERE r.pos = ?",
                row -> new Place(
                        row.getString(1),
                        row.getObject(11) == null ? null : row.getString(2),
                        number(row, 3),
                        row.getString(4),
                        number(row, 5),
                        number(row, 6),
                        row.getString(12),
                        row.getLong(7),
                        row.getInt(8) != 0,
                        number(row, 9),
                        number(row, 10)),
                key.position());
        return place == null ? skip(key.kind() + " that is gone") : lines(key, at, place, projects);
    }

    private Lines lines(Key key, long at, Place place, Function<String, @Nullable Project> projects) {
        Project home = projects.apply(named(place.project()));
        if (home == null) {
            return skip("of a directory that is excluded (project.exclude)");
        }
        String platform = RowLines.platform(place.platform());
        String sessionId = place.sessionId() == null ? null : RowLines.sessionId(place.sessionId());
        Owner ofSession = new Owner(platform, sessionId, home);
        List<ExportLine> before = new ArrayList<>();
        ExportLine session = sessionId == null ? null : session(ofSession, place, at);
        if (key.kind().equals(Origin.SESSION)) {
            return new Lines(before, new Mapped(Objects.requireNonNull(session), null));
        }
        ForeignRow row = row(key);
        String own = row.text("cairn_project");
        Project project = own == null ? home : projects.apply(own);
        if (project == null) {
            return skip("of a directory that is excluded (project.exclude)");
        }
        if (session == null) {
            return key.kind().equals(Origin.OBSERVATION)
                    ? new Lines(
                            before, RowLines.observation(row, key.id(), at, new Owner(platform, null, project), null))
                    : skip(key.kind() + " without a session");
        }
        before.add(session);
        TurnKey turn = place.extra() ? RowLines.turnOfSummary(place.prompt(), key.id()) : RowLines.turn(place.prompt());
        before.add(RowLines.turn(
                ofSession,
                turn,
                place.extra() || place.first() == null ? at : place.first(),
                place.extra() || place.last() == null ? at : place.last()));
        return new Lines(before, mapped(key, row, at, new Owner(platform, sessionId, project), turn));
    }

    private static ExportLine session(Owner owner, Place place, long at) {
        Long started = place.started();
        // Without a begin of its own it has no name that stays the same.
        return started == null
                ? RowLines.session(owner, null, place.cwd(), at, place.ended())
                : RowLines.session(owner, place.session(), place.cwd(), started, place.ended());
    }

    private Mapped mapped(Key key, ForeignRow row, long at, Owner owner, TurnKey turn) {
        return switch (key.kind()) {
            case Origin.PROMPT -> RowLines.prompt(row, key.id(), at, owner, turn);
            case Origin.OBSERVATION -> RowLines.observation(row, key.id(), at, owner, turn);
            case Origin.SUMMARY -> RowLines.summary(row, key.id(), at, owner, turn);
            default -> RowLines.toolUse(row, key.id(), at, owner, turn, made(row.number("observation_id")));
        };
    }

    private ExportLine.@Nullable ObservationKey made(@Nullable Long observation) {
        return observation == null
                ? null
                : first(
                        "SELECT id, " + columns.time(RowOrder.OBSERVATIONS, "created_at") + ", "
                                + columns.first(RowOrder.OBSERVATIONS, "title") + " FROM observations WHERE id = ?",
                        row -> RowLines.made(row.getLong(1), row.getLong(2), row.getString(3)),
                        observation);
    }

    private static String named(@Nullable String project) {
        return project == null || project.isBlank() ? NO_PROJECT : project.strip();
    }

    private static Lines skip(String why) {
        return new Lines(List.of(), new Mapped(null, why));
    }

    private ForeignRow row(Key key) {
        String table = switch (key.kind()) {
            case Origin.PROMPT -> RowOrder.PROMPTS;
            case Origin.OBSERVATION -> RowOrder.OBSERVATIONS;
            case Origin.SUMMARY -> RowOrder.SUMMARIES;
            default -> RowOrder.TOOL_USES;
        };
        String texts = columns.of(table).stream()
                .map(name -> "substr(\"" + name + "\", 1, " + MOST_TEXT + ")")
                .collect(Collectors.joining(", "));
        String sql = "SELECT " + project(table) + ", " + texts + " FROM " + table + " WHERE id = ?";
        Map<String, String> values = new HashMap<>();
        first(
                sql,
                row -> {
                    put(values, "cairn_project", row.getString(1));
                    int column = 2;
                    for (String name : columns.of(table)) {
                        put(values, name, row.getString(column++));
                    }
                    return true;
                },
                key.id());
        return values::get;
    }

    private static void put(Map<String, String> values, String name, @Nullable String value) {
        if (value != null) {
            values.put(name, value);
        }
    }

    private static @Nullable Long number(ResultSet row, int column) throws SQLException {
        return row.getObject(column) == null ? null : row.getLong(column);
    }

    private <T> @Nullable T first(String sql, Reader<@Nullable T> reader, Object... arguments) {
        List<@Nullable T> rows = all(sql, reader, arguments);
        return rows.isEmpty() ? null : rows.get(0);
    }

    private <T extends @Nullable Object> List<T> all(String sql, Reader<T> reader, Object... arguments) {
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

    @Override
    public void close() {
        try (copy) {
            connection.close();
        } catch (SQLException e) {
            throw ClaudeMemFile.refusal(file, e);
        }
    }
}
