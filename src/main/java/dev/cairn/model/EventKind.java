package dev.cairn.model;

import java.util.Locale;

/** What an agent's event means to the memory. */
public enum EventKind {
    /** A session began, or began again (resume, clear, compact). */
    SESSION_START,
    /** The user said something. */
    PROMPT,
    /** A tool was used; it succeeded or failed. */
    TOOL_USE,
    /** A sub-agent or a background task ended and said something. */
    SUBAGENT_STOP,
    /** The conversation was compacted; {@code text} is the host's own summary. */
    COMPACT,
    /** The agent ended its turn; {@code text} is what it said last. */
    STOP,
    SESSION_END,
    /** Accepted and counted, not kept. */
    OTHER;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
