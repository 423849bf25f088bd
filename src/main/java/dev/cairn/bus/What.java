package dev.cairn.bus;

/** What a page or a fetch is about. */
public enum What {
    SESSIONS,
    PROMPTS,
    TOOL_USES,
    OBSERVATIONS,
    SUMMARIES,
    /** With a fetch: memories of any kind. */
    MEMORIES
}
