package dev.cairn.store;

import dev.cairn.bus.What;

/** How the rows of each listing are read and filtered. */
enum Table {
    SESSIONS(
            "s",
            0,
            "SELECT json_array(s.id, s.session_id, s.platform, p.key, p.name, s.cwd, s.started_at, s.ended_at,"
                    + " s.end_reason, (SELECT count(*) FROM memory m WHERE m.session_id = s.id AND m.kind = 3),"
                    + " (SELECT count(*) FROM tool_use u WHERE u.session_id = s.id))"
                    + " FROM session s CROSS JOIN project p ON p.id = s.project_id",
            ".id",
            "started_at",
            "s.platform"),
    TOOL_USES(
            "u",
            0,
            "SELECT json_array(" + ToolUseColumns.COLUMNS + ") FROM tool_use u" + ToolUseColumns.JOINS,
            ".session_id",
            "created_at",
            "s.platform"),
    MEMORIES("m", 0),
    OBSERVATIONS("m", Kinds.OBSERVATION),
    SUMMARIES("m", Kinds.SUMMARY),
    PROMPTS("m", Kinds.PROMPT);

    final String alias;
    final int kind;
    final String select;
    final String session;
    final String platform;
    private final String timeColumn;

    Table(String alias, int kind) {
        this(
                alias,
                kind,
                "SELECT json_array(" + MemoryColumns.COLUMNS + ") FROM memory m" + MemoryColumns.JOINS,
                ".session_id",
                "created_at",
                "m.platform");
    }

    Table(String alias, int kind, String select, String session, String timeColumn, String platform) {
        this.alias = alias;
        this.kind = kind;
        this.select = select;
        this.session = session;
        this.timeColumn = timeColumn;
        this.platform = platform;
    }

    /** The statement up to its conditions, for rows of one project or for others. */
    String select(boolean ofProject) {
        // With a span of time the planner would take the index without the kind, and pass over all other kinds.
        return ofProject && kind != 0
                ? select.replace("FROM memory m", "FROM memory m INDEXED BY memory_by_project_kind")
                : select;
    }

    String time() {
        return alias + "." + timeColumn;
    }

    static Table of(What what) {
        return switch (what) {
            case SESSIONS -> SESSIONS;
            case TOOL_USES -> TOOL_USES;
            case MEMORIES -> MEMORIES;
            case OBSERVATIONS -> OBSERVATIONS;
            case SUMMARIES -> SUMMARIES;
            case PROMPTS -> PROMPTS;
        };
    }
}
