package dev.cairn.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The bodies that Claude Code really posted in one session, in the order it posted them. */
final class Recording {
    /** The session all of them belong to. */
    static final String SESSION = "8be496bf-4e82-44e5-9e4f-8e8a4c781dfc";

    /** The directory the session worked in. */
    static final String CWD = "/home/dev/kestrel";

    static final List<String> ORDER = List.of(
            "command-SessionStart-startup",
            "InstructionsLoaded",
            "UserPromptSubmit",
            "PreToolUse-Read",
            "PostToolUse-Read",
            "PostToolBatch",
            "PreToolUse-Bash",
            "PreToolUse-Bash-2",
            "PostToolUse-Bash",
            "PostToolUseFailure-Bash",
            "PostToolBatch-2",
            "PreToolUse-Write",
            "PostToolUse-Write",
            "PostToolBatch-3",
            "PreToolUse-Agent",
            "SubagentStart",
            "PostToolUse-Agent",
            "SubagentStop",
            "UserPromptSubmit-2",
            "Stop",
            "UserPromptExpansion",
            "UserPromptSubmit-3",
            "Stop-2",
            "PreCompact",
            "SubagentStop-2",
            "PostCompact",
            "command-SessionStart-compact",
            "InstructionsLoaded-2",
            "Stop-3",
            "SessionEnd");

    private Recording() {}

    static String body(String name) throws IOException {
        try (InputStream in = Recording.class.getResourceAsStream("/claude-code-hooks/" + name + ".json")) {
            if (in == null) {
                throw new IOException("no recording " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
