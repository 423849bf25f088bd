package dev.cairn.cli.install;

import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of the plugin as they lie in the jar, told where the worker is. */
final class ClaudeCodeFiles {
    /** All of {@code deploy/claude-code}: a marketplace of one plugin. */
    static final List<String> NAMES = List.of(
            ".claude-plugin/marketplace.json",
            "cairn/.claude-plugin/plugin.json",
            "cairn/.mcp.json",
            "cairn/README.md",
            "cairn/commands/forget.md",
            "cairn/commands/save.md",
            "cairn/commands/status.md",
            "cairn/hooks/headers.txt",
            "cairn/hooks/hooks.json",
            "cairn/skills/memory/SKILL.md");

    /** For the agent's own directory of commands: those of a plugin bear the plugin's name before theirs. */
    private static final String COMMAND = "command/cairn.md";

    private static final String DOOR = "http://127.0.0.1:37777";
    private static final List<String> TOKENS = List.of("Bearer $CAIRN_TOKEN", "Bearer ${CAIRN_TOKEN:-}");
    private static final String HEADERS = "cairn/hooks/headers.txt";

    private ClaudeCodeFiles() {}

    /** Contents by name, in the order of {@link #NAMES}. */
    static Map<String, String> of(Site site) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        for (String name : NAMES) {
            String text = resource(name).replace(DOOR, site.url());
            files.put(name, withToken(name, text, site.token()));
        }
        return files;
    }

    static String command() throws IOException {
        return resource(COMMAND);
    }

    private static String withToken(String name, String text, @Nullable String token) {
        if (token == null) {
            return text;
        }
        if (token.indexOf('$') >= 0) {
            throw CairnException.invalid(
                    "http.token", "http.token has a $, which Claude Code takes for a variable; choose one without");
        }
        if (name.equals(HEADERS)) {
            return text + "Authorization: Bearer " + token + "\n";
        }
        String quoted = WireFormat.encode(token);
        String escaped = quoted.substring(1, quoted.length() - 1);
        String known = text;
        for (String each : TOKENS) {
            known = known.replace(each, "Bearer " + escaped);
        }
        return known;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ClaudeCodeFiles.class.getResourceAsStream("claude-code/" + name)) {
            if (in == null) {
                throw new IOException("the jar lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
