package dev.cairn.http.docs;

import java.util.List;

/** The pages of the documentation in their order, by what a reader is after. */
final class Contents {
    /** @param pages names of Markdown files, without their end */
    record Group(String title, List<String> pages) {}

    static final List<Group> GROUPS = List.of(
            new Group("Start here", List.of("start", "concepts", "page", "faq")),
            new Group(
                    "Agents",
                    List.of(
                            "claude-code",
                            "codex",
                            "cursor",
                            "gemini-cli",
                            "opencode",
                            "mcp",
                            "generic-events",
                            "claude-mem")),
            new Group(
                    "Memory",
                    List.of(
                            "recorded-session",
                            "retrieval",
                            "semantic-context",
                            "privacy",
                            "export",
                            "import-from-claude-mem")),
            new Group(
                    "Observers",
                    List.of(
                            "observers",
                            "observer-claude",
                            "observer-anthropic",
                            "observer-openai",
                            "observer-gemini",
                            "observer-spi")),
            new Group(
                    "Operation",
                    List.of(
                            "command-line",
                            "operation",
                            "deployment",
                            "rollback",
                            "process-ownership",
                            "security",
                            "performance",
                            "comparison")),
            new Group(
                    "Reference",
                    List.of("configuration", "http-api", "event-bus", "event-bus-contract", "architecture")));

    static final List<String> PAGES =
            GROUPS.stream().flatMap(group -> group.pages().stream()).toList();

    private Contents() {}
}
