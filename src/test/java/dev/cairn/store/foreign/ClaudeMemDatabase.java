package dev.cairn.store.foreign;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Databases with the tables of claude-mem, as its schema is known to be in two versions. */
public final class ClaudeMemDatabase implements AutoCloseable {
    /** 2026-01-02T00:00:00Z. */
    public static final long T0 = 1_767_312_000_000L;

    private static final String SESSIONS_13 = """
            CREATE TABLE sdk_sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, content_session_id TEXT NOT NULL,
              memory_session_id TEXT UNIQUE, project TEXT NOT NULL, platform_source TEXT NOT NULL DEFAULT 'claude',
              user_prompt TEXT, started_at TEXT NOT NULL, started_at_epoch INTEGER NOT NULL, completed_at TEXT,
              completed_at_epoch INTEGER, status TEXT NOT NULL DEFAULT 'active', worker_port INTEGER,
              prompt_counter INTEGER DEFAULT 0, custom_title TEXT, observed_model TEXT, observed_billing TEXT,
              UNIQUE (platform_source, content_session_id))""";
    private static final String OBSERVATIONS_13 = """
            CREATE TABLE observations (id INTEGER PRIMARY KEY AUTOINCREMENT, memory_session_id TEXT NOT NULL
              REFERENCES sdk_sessions (memory_session_id) ON DELETE CASCADE ON UPDATE CASCADE, project TEXT NOT NULL,
              text TEXT, type TEXT NOT NULL, title TEXT, subtitle TEXT, facts TEXT, narrative TEXT, concepts TEXT,
              files_read TEXT, files_modified TEXT, prompt_number INTEGER, created_at TEXT NOT NULL,
              created_at_epoch INTEGER NOT NULL, discovery_tokens INTEGER DEFAULT 0, content_hash TEXT,
              generated_by_model TEXT, relevance_count INTEGER DEFAULT 0, merged_into_project TEXT, agent_type TEXT,
              agent_id TEXT, metadata TEXT, synced_at INTEGER, origin_device_id TEXT, origin_local_id INTEGER,
              sync_rev TEXT NOT NULL DEFAULT '1', UNIQUE (memory_session_id, content_hash))""";
    private static final String SUMMARIES_13 = """
            CREATE TABLE session_summaries (id INTEGER PRIMARY KEY AUTOINCREMENT, memory_session_id TEXT NOT NULL
              REFERENCES sdk_sessions (memory_session_id) ON DELETE CASCADE ON UPDATE CASCADE, project TEXT NOT NULL,
              request TEXT, investigated TEXT, learned TEXT, completed TEXT, next_steps TEXT, files_read TEXT,
              files_edited TEXT, notes TEXT, prompt_number INTEGER, created_at TEXT NOT NULL,
              created_at_epoch INTEGER NOT NULL, discovery_tokens INTEGER DEFAULT 0, merged_into_project TEXT,
              synced_at INTEGER, origin_device_id TEXT, origin_local_id INTEGER, sync_rev TEXT NOT NULL DEFAULT '1')""";
    private static final String PROMPTS_13 = """
            CREATE TABLE user_prompts (id INTEGER PRIMARY KEY AUTOINCREMENT, session_db_id INTEGER
              REFERENCES sdk_sessions (id) ON DELETE CASCADE, content_session_id TEXT NOT NULL,
              prompt_number INTEGER NOT NULL, prompt_text TEXT NOT NULL, created_at TEXT NOT NULL,
              created_at_epoch INTEGER NOT NULL, synced_at INTEGER, sync_rev TEXT NOT NULL DEFAULT '1')""";
    private static final String TOOL_USES_13 = """
            CREATE TABLE tool_uses (id INTEGER PRIMARY KEY AUTOINCREMENT, tool_use_id TEXT NOT NULL,
              content_session_id TEXT NOT NULL, memory_session_id TEXT, session_db_id INTEGER, project TEXT,
              platform_source TEXT, tool_name TEXT, tool_input TEXT, tool_response TEXT, cwd TEXT,
              prompt_number INTEGER, agent_type TEXT, agent_id TEXT, observation_id INTEGER, or_generation_id TEXT,
              or_session_id TEXT, content_hash TEXT, created_at TEXT, created_at_epoch INTEGER,
              UNIQUE (content_session_id, tool_use_id))""";
    private static final String FTS_13 = """
            CREATE VIRTUAL TABLE observations_fts USING fts5 (title, subtitle, narrative, text, facts, concepts,
              content = 'observations', content_rowid = 'id')""";
    private static final String FTS_TRIGGER_13 = """
            CREATE TRIGGER observations_ai AFTER INSERT ON observations BEGIN
              INSERT INTO observations_fts (rowid, title, subtitle, narrative, text, facts, concepts)
              VALUES (new.id, new.title, new.subtitle, new.narrative, new.text, new.facts, new.concepts); END""";

    private static final String SESSIONS_6 = """
            CREATE TABLE sdk_sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, claude_session_id TEXT UNIQUE NOT NULL,
              sdk_session_id TEXT UNIQUE, project TEXT NOT NULL, user_prompt TEXT, started_at TEXT NOT NULL,
              started_at_epoch INTEGER NOT NULL, completed_at TEXT, completed_at_epoch INTEGER,
              status TEXT CHECK (status IN ('active', 'completed', 'failed')) NOT NULL DEFAULT 'active',
              worker_port INTEGER, prompt_counter INTEGER DEFAULT 0)""";
    private static final String OBSERVATIONS_6 = """
            CREATE TABLE observations (id INTEGER PRIMARY KEY AUTOINCREMENT, sdk_session_id TEXT NOT NULL
              REFERENCES sdk_sessions (sdk_session_id) ON DELETE CASCADE, project TEXT NOT NULL, text TEXT,
              type TEXT NOT NULL CHECK (type IN ('decision', 'bugfix', 'feature', 'refactor', 'discovery', 'change')),
              title TEXT, subtitle TEXT, facts TEXT, narrative TEXT, concepts TEXT, files_read TEXT,
              files_modified TEXT, prompt_number INTEGER, created_at TEXT NOT NULL, created_at_epoch INTEGER NOT NULL,
              discovery_tokens INTEGER DEFAULT 0)""";
    private static final String SUMMARIES_6 = """
            CREATE TABLE session_summaries (id INTEGER PRIMARY KEY AUTOINCREMENT, sdk_session_id TEXT NOT NULL
              REFERENCES sdk_sessions (sdk_session_id) ON DELETE CASCADE, project TEXT NOT NULL, request TEXT,
              investigated TEXT, learned TEXT, completed TEXT, next_steps TEXT, files_read TEXT, files_edited TEXT,
              notes TEXT, prompt_number INTEGER, created_at TEXT NOT NULL, created_at_epoch INTEGER NOT NULL,
              discovery_tokens INTEGER DEFAULT 0)""";
    private static final String PROMPTS_6 = """
            CREATE TABLE user_prompts (id INTEGER PRIMARY KEY AUTOINCREMENT, claude_session_id TEXT NOT NULL
              REFERENCES sdk_sessions (claude_session_id) ON DELETE CASCADE, prompt_number INTEGER NOT NULL,
              prompt_text TEXT NOT NULL, created_at TEXT NOT NULL, created_at_epoch INTEGER NOT NULL)""";

    private final Connection connection;
    private final boolean old;

    private ClaudeMemDatabase(Connection connection, boolean old) {
        this.connection = connection;
        this.old = old;
    }

    /** Version 13.25.3, with a write-ahead log as its worker has it. */
    public static ClaudeMemDatabase of13(Path file) throws SQLException {
        return open(
                file,
                false,
                52,
                SESSIONS_13,
                OBSERVATIONS_13,
                SUMMARIES_13,
                PROMPTS_13,
                TOOL_USES_13,
                FTS_13,
                FTS_TRIGGER_13);
    }

    /** Version 6.0.3. */
    public static ClaudeMemDatabase of6(Path file) throws SQLException {
        return open(file, true, 11, SESSIONS_6, OBSERVATIONS_6, SUMMARIES_6, PROMPTS_6);
    }

    /** Tables of one's own. */
    public static ClaudeMemDatabase open(Path file, boolean old, int version, String... tables) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        ClaudeMemDatabase database = new ClaudeMemDatabase(connection, old);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("CREATE TABLE schema_versions (id INTEGER PRIMARY KEY, version INTEGER UNIQUE NOT NULL,"
                    + " applied_at TEXT NOT NULL)");
            statement.execute("INSERT INTO schema_versions (version, applied_at) VALUES (" + version + ", '2026')");
            for (String table : tables) {
                statement.execute(table);
            }
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        connection.setAutoCommit(false);
        return database;
    }

    /** One that is there, of version 13.25.3. */
    public static ClaudeMemDatabase reopen(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        connection.setAutoCommit(false);
        return new ClaudeMemDatabase(connection, false);
    }

    /** Runs a statement; it counts when {@link #commit} was called. */
    public ClaudeMemDatabase run(String sql, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            statement.execute();
        }
        return this;
    }

    public ClaudeMemDatabase commit() throws SQLException {
        connection.commit();
        return this;
    }

    /** A session with the ids {@code c-NAME} and {@code m-NAME}. */
    public ClaudeMemDatabase session(String name, String project, long at) throws SQLException {
        return run(
                "INSERT INTO sdk_sessions ("
                        + (old ? "claude_session_id, sdk_session_id" : "content_session_id, memory_session_id")
                        + ", project, started_at, started_at_epoch) VALUES (?, ?, ?, '2026', ?)",
                "c-" + name,
                "m-" + name,
                project,
                at);
    }

    public ClaudeMemDatabase prompt(String session, int number, String text, long at) throws SQLException {
        return run(
                "INSERT INTO user_prompts (" + (old ? "claude_session_id" : "content_session_id")
                        + ", prompt_number, prompt_text, created_at, created_at_epoch) VALUES (?, ?, ?, '2026', ?)",
                "c-" + session,
                number,
                text,
                at);
    }

    public ClaudeMemDatabase observation(
            String session,
            String project,
            @Nullable Integer number,
            String type,
            String title,
            String narrative,
            long at)
            throws SQLException {
        return run(
                "INSERT INTO observations (" + (old ? "sdk_session_id" : "memory_session_id")
                        + ", project, prompt_number, type, title, narrative, facts, concepts, files_read, files_modified,"
                        + " created_at, created_at_epoch) VALUES (?, ?, ?, ?, ?, ?, '[\"a fact\"]', '[\"gotcha\"]',"
                        + " '[\"src/a.ts\"]', '[\"src/b.ts\"]', '2026', ?)",
                "m-" + session,
                project,
                number,
                type,
                title,
                narrative,
                at);
    }

    public ClaudeMemDatabase summary(
            String session, String project, @Nullable Integer number, String request, String learned, long at)
            throws SQLException {
        return run(
                "INSERT INTO session_summaries (" + (old ? "sdk_session_id" : "memory_session_id")
                        + ", project, prompt_number, request, learned, files_edited, created_at, created_at_epoch)"
                        + " VALUES (?, ?, ?, ?, ?, '[\"src/b.ts\"]', '2026', ?)",
                "m-" + session,
                project,
                number,
                request,
                learned,
                at);
    }

    public ClaudeMemDatabase toolUse(
            String session,
            String project,
            String id,
            @Nullable String input,
            @Nullable String response,
            @Nullable String cwd,
            long at)
            throws SQLException {
        return run(
                "INSERT INTO tool_uses (tool_use_id, content_session_id, project, platform_source, tool_name,"
                        + " tool_input, tool_response, cwd, prompt_number, created_at, created_at_epoch)"
                        + " VALUES (?, ?, ?, 'claude', 'Bash', ?, ?, ?, 1, '2026', ?)",
                id,
                "c-" + session,
                project,
                input,
                response,
                cwd,
                at);
    }

    /** Its log is folded in and gone. */
    @Override
    public void close() throws SQLException {
        connection.rollback();
        connection.close();
    }
}
