package dev.cairn.store.foreign;

import dev.cairn.bus.Origin;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Lists, in the copy itself, which rows there are and where each belongs, in the order they are read. Both generations of the
 * schema, and those between them, come out alike; a session that a row names and no table has is made up. Costs disk, not memory.
 *
 * <p>{@code cairn_session}: n, id (null for one that was made up), platform, content, memory, project, started, ended.
 * {@code cairn_row}: pos, kind, id, at, session (n), prompt (0 for none), extra (1 for a summary that is not the first of its prompt).
 * {@code cairn_turn}: session, prompt, first, last.
 */
final class RowOrder {
    static final String SESSIONS = "sdk_sessions";
    static final String OBSERVATIONS = "observations";
    static final String SUMMARIES = "session_summaries";
    static final String PROMPTS = "user_prompts";
    static final String TOOL_USES = "tool_uses";
    static final List<String> TABLES = List.of(SESSIONS, OBSERVATIONS, SUMMARIES, PROMPTS, TOOL_USES);

    static final String[] CONTENT = {"content_session_id", "claude_session_id"};
    static final String[] MEMORY = {"memory_session_id", "sdk_session_id"};

    private final Connection connection;
    private final Columns columns;

    RowOrder(Connection connection, Columns columns) {
        this.connection = connection;
        this.columns = columns;
    }

    /** @throws CairnException CONFLICT when these are not the tables of claude-mem */
    void requireKnown(Path file, String version) {
        if (!columns.has(SESSIONS) || !columns.has(OBSERVATIONS)) {
            throw new CairnException(
                    ErrorCode.CONFLICT,
                    file + " is a database of another program: it has no table "
                            + (columns.has(SESSIONS) ? OBSERVATIONS : SESSIONS)
                            + "; give claude-mem's own database, claude-mem.db");
        }
        require(file, version, SESSIONS, CONTENT);
        require(file, version, SESSIONS, MEMORY);
        require(file, version, OBSERVATIONS, "id");
        require(file, version, OBSERVATIONS, MEMORY);
        for (String table : List.of(SUMMARIES, PROMPTS, TOOL_USES)) {
            if (columns.has(table)) {
                require(file, version, table, "id");
                require(file, version, table, table.equals(SUMMARIES) ? MEMORY : CONTENT);
            }
        }
    }

    private void require(Path file, String version, String table, String... names) {
        if (columns.first(table, names).equals("NULL")) {
            throw new CairnException(
                    ErrorCode.CONFLICT,
                    file + " has tables that this build does not know" + version + ": " + table + " has no column "
                            + String.join(" or ", names) + "; import it with a newer build");
        }
    }

    void make() throws SQLException {
        sessions();
        List<String> byMemory = List.of(OBSERVATIONS, SUMMARIES);
        List<String> byContent = List.of(PROMPTS, TOOL_USES);
        orphans("memory", byMemory, MEMORY);
        orphans("content", byContent, CONTENT);
        directories();
        execute("CREATE TABLE cairn_row (pos INTEGER PRIMARY KEY, kind TEXT, id INTEGER, at INTEGER, session INTEGER,"
                + " prompt INTEGER, extra INTEGER)");
        String rows = java.util.stream.Stream.of(
                        "SELECT 0 AS phase, 0 AS rank, '" + Origin.SESSION
                                + "' AS kind, id, started AS at, n AS session, 0 AS prompt, 0 AS extra"
                                + " FROM cairn_session WHERE id IS NOT NULL",
                        rows(PROMPTS, Origin.PROMPT, 0),
                        rows(OBSERVATIONS, Origin.OBSERVATION, 1),
                        rows(SUMMARIES, Origin.SUMMARY, 2),
                        rows(TOOL_USES, Origin.TOOL_USE, 0))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" UNION ALL "));
        execute(
                "INSERT INTO cairn_row (kind, id, at, session, prompt, extra) SELECT kind, id, at, session, prompt, extra"
                        + " FROM (" + rows + ") ORDER BY phase, at, rank, id");
        execute("CREATE TABLE cairn_turn AS SELECT session, prompt, min(at) AS first, max(at) AS last FROM cairn_row"
                + " WHERE kind <> '" + Origin.SESSION + "' AND extra = 0 AND at > 0 GROUP BY session, prompt");
        execute("CREATE INDEX cairn_turn_key ON cairn_turn (session, prompt)");
    }

    private void sessions() throws SQLException {
        execute("CREATE TABLE cairn_session (n INTEGER PRIMARY KEY, id INTEGER, platform TEXT, content TEXT,"
                + " memory TEXT, project TEXT, started INTEGER, ended INTEGER, cwd TEXT)");
        execute("INSERT INTO cairn_session (id, platform, content, memory, project, started, ended) SELECT id, "
                + columns.first(SESSIONS, "platform_source") + ", nullif(" + columns.first(SESSIONS, CONTENT)
                + ", ''), nullif(" + columns.first(SESSIONS, MEMORY) + ", ''), " + columns.first(SESSIONS, "project")
                + ", coalesce(" + columns.time(SESSIONS, "started_at") + ", " + columns.time(SESSIONS, "completed_at")
                + "), " + columns.time(SESSIONS, "completed_at") + " FROM " + SESSIONS + " ORDER BY id");
        execute("CREATE INDEX cairn_session_memory ON cairn_session (memory)");
        execute("CREATE INDEX cairn_session_content ON cairn_session (content)");
    }

    private void orphans(String key, List<String> tables, String... names) throws SQLException {
        for (String table : tables) {
            if (columns.has(table)) {
                String name = columns.first(table, names);
                String platform = columns.first(table, "platform_source");
                execute("INSERT INTO cairn_session (platform, " + key + ", project, started) SELECT min(" + platform
                        + "), " + name + ", min(" + columns.first(table, "project") + "), min("
                        + columns.time(table, "created_at") + ") FROM " + table + " WHERE " + name + " <> ''"
                        + " AND NOT EXISTS (SELECT 1 FROM cairn_session s WHERE s." + key + " = " + table + "." + name
                        + ") GROUP BY " + name + " ORDER BY min(id)");
            }
        }
    }

    private void directories() throws SQLException {
        if (columns.has(TOOL_USES, "cwd")) {
            String content = columns.first(TOOL_USES, CONTENT);
            execute("CREATE INDEX cairn_tool_session ON tool_uses (" + content + ")");
            execute("UPDATE cairn_session SET cwd = (SELECT t.cwd FROM tool_uses t WHERE t." + content
                    + " = cairn_session.content AND t.cwd <> '' LIMIT 1)");
        }
    }

    private String rows(String table, String kind, int rank) {
        if (!columns.has(table)) {
            return "";
        }
        boolean byMemory = table.equals(OBSERVATIONS) || table.equals(SUMMARIES);
        String owner = byMemory ? columns.first(table, MEMORY) : columns.first(table, CONTENT);
        // Two agents may give the same id to a session; the row of the session tells which.
        String best = !byMemory && columns.has(table, "session_db_id") ? "s.id IS NOT r.session_db_id, " : "";
        String session = "(SELECT s.n FROM cairn_session s WHERE s." + (byMemory ? "memory" : "content") + " = r."
                + owner + " ORDER BY " + best + "s.n LIMIT 1)";
        String number = "CAST(" + columns.first(table, "prompt_number") + " AS INTEGER)";
        String prompt = "CASE WHEN " + number + " BETWEEN 1 AND 1000000 THEN " + number + " ELSE 0 END";
        String select = "SELECT " + ClaudeMemFile.phase(kind) + " AS phase, " + rank + " AS rank, '" + kind
                + "' AS kind, r.id AS id, " + columns.time(table, "created_at") + " AS at, " + session
                + " AS session, " + prompt + " AS prompt";
        if (!table.equals(SUMMARIES)) {
            return select + ", 0 AS extra FROM " + table + " r";
        }
        return "SELECT phase, rank, kind, id, at, session, prompt, row_number() OVER (PARTITION BY session, prompt"
                + " ORDER BY id) > 1 AS extra FROM (" + select + " FROM " + table + " r)";
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
