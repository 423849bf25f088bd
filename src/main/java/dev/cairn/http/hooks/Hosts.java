package dev.cairn.http.hooks;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The hosts that are known, by the names of {@code ?platform=}. */
final class Hosts {
    static final String CLAUDE_CODE = "claude-code";

    private static final Host ORIGINAL = new ClaudeCodeHost();
    private static final Host GEMINI = new GeminiEvents();
    private static final Map<String, Host> BY_PLATFORM = Map.of(
            "codex", new CodexEvents(),
            "cursor", new CursorEvents(),
            "gemini", GEMINI,
            "gemini-cli", GEMINI,
            "opencode", new OpenCodeEvents());

    private Hosts() {}

    /** The host of a platform; one that has no adapter of its own is read as Claude Code. */
    static Host of(String platform) {
        return BY_PLATFORM.getOrDefault(platform, ORIGINAL);
    }

    /** The names of events that any host is known to use, in order. */
    static Set<String> eventNames() {
        Set<String> names = new TreeSet<>(ORIGINAL.names());
        BY_PLATFORM.values().forEach(host -> names.addAll(host.names()));
        return names;
    }
}
