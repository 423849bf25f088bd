package dev.cairn.bus;

/**
 * The newest memories of a project.
 *
 * @param project a project's key, or its name
 */
public record RecentQuery(String project, int summaries, int observations) {}
