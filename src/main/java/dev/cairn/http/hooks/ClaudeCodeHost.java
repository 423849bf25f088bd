package dev.cairn.http.hooks;

import dev.cairn.http.json.Fields;
import dev.cairn.model.AgentEvent;
import java.util.List;
import java.util.Set;

/** Claude Code, and whoever speaks as it does. */
final class ClaudeCodeHost implements Host {
    @Override
    public Set<String> names() {
        return ClaudeCodeEvents.NAMES;
    }

    @Override
    public List<AgentEvent> read(String name, String platform, Fields fields, long now) {
        return ClaudeCodeEvents.of(name, platform, fields, now);
    }

    @Override
    public boolean hearsPrompts() {
        return true;
    }
}
