package dev.cairn.bus;

/**
 * Asks for the few memories that bear on a prompt.
 *
 * @param project the project's key
 * @param platform the host
 * @param sessionId the host's session: what it was told before is not told again
 * @param prompt what the user said; it is not kept
 * @param withinMs how long the answer is of use, in milliseconds
 */
public record PromptQuery(String project, String platform, String sessionId, String prompt, long withinMs) {}
