package dev.cairn.model;

import org.jspecify.annotations.Nullable;

/**
 * One event of a coding agent, freed from the host's own format.
 *
 * @param kind what it means
 * @param name the host's name for it, such as {@code PostToolUse}; 1 to 64 characters
 * @param platform the host: {@code claude-code}, …
 * @param sessionId the host's id of the session
 * @param cwd the directory the agent works in; absolute
 * @param promptId the host's id of the prompt this belongs to, when it gives one
 * @param agentId the sub-agent's id; null for the main agent
 * @param prompt the user's words (PROMPT)
 * @param toolName the tool (TOOL_USE)
 * @param toolUseId the host's id of the use; with the session it makes a use unique
 * @param toolInput the tool's input as JSON text
 * @param toolResponse the tool's answer as JSON text
 * @param error the tool's error; null when it succeeded
 * @param durationMs how long the tool ran
 * @param text what was said: the last message (STOP, SUBAGENT_STOP) or the host's summary (COMPACT)
 * @param detail the variety of the event: a start's source, an end's reason, a compaction's trigger, an agent's type
 * @param at when it was received, in epoch milliseconds
 */
public record AgentEvent(
        EventKind kind,
        String name,
        String platform,
        String sessionId,
        @Nullable String cwd,
        @Nullable String promptId,
        @Nullable String agentId,
        @Nullable String prompt,
        @Nullable String toolName,
        @Nullable String toolUseId,
        @Nullable String toolInput,
        @Nullable String toolResponse,
        @Nullable String error,
        @Nullable Long durationMs,
        @Nullable String text,
        @Nullable String detail,
        long at) {

    /** The same event with other texts: what the privacy filter and the size caps make of it. */
    public AgentEvent withTexts(
            @Nullable String newPrompt,
            @Nullable String newInput,
            @Nullable String newResponse,
            @Nullable String newError,
            @Nullable String newText) {
        return new AgentEvent(
                kind,
                name,
                platform,
                sessionId,
                cwd,
                promptId,
                agentId,
                newPrompt,
                toolName,
                toolUseId,
                newInput,
                newResponse,
                newError,
                durationMs,
                newText,
                detail,
                at);
    }
}
