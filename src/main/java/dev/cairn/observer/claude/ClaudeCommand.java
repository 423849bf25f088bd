package dev.cairn.observer.claude;

import dev.cairn.config.ObserverConfig;
import dev.cairn.process.ChildEnvironment;
import dev.cairn.process.ChildSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How Claude Code is started so that it is a model and nothing else. */
final class ClaudeCommand {
    /** The kind of child, as in {@code process.limits.agent}. */
    static final String KIND = "agent";

    /** An idle one ends within 130 ms of the end of its input; one that is answering would first finish. */
    private static final long EOF_GRACE_MS = 250;

    /** It needs 80 ms; both graces fit into an observer's stop. */
    private static final long TERM_GRACE_MS = 600;

    private final ObserverConfig.Claude config;
    private final Map<String, String> environment;

    /** @param environment the worker's own */
    ClaudeCommand(ObserverConfig config, Map<String, String> environment) {
        this.config = config.claude();
        Map<String, String> variables = ChildEnvironment.agent(environment);
        String proxy = config.proxy();
        if (proxy != null) {
            variables
                    .keySet()
                    .removeIf(name -> name.equalsIgnoreCase("HTTP_PROXY") || name.equalsIgnoreCase("HTTPS_PROXY"));
            variables.put("HTTPS_PROXY", proxy);
            variables.put("HTTP_PROXY", proxy);
        }
        variables.put("CAIRN_OBSERVER", "1");
        variables.put("MAX_THINKING_TOKENS", "0");
        // Models that think as they see fit do not mind the bound.
        variables.put("CLAUDE_CODE_DISABLE_THINKING", "1");
        // When to ask again is the worker's to say.
        variables.put("CLAUDE_CODE_MAX_RETRIES", "0");
        // Or " @/path" in what is observed reads that file into the question.
        variables.put("CLAUDE_CODE_DISABLE_ATTACHMENTS", "1");
        variables.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
        variables.put("DISABLE_TELEMETRY", "1");
        variables.put("DISABLE_ERROR_REPORTING", "1");
        variables.put("DISABLE_AUTOUPDATER", "1");
        this.environment = Map.copyOf(variables);
    }

    /** What the program is started with, but for what belongs to one child. */
    Map<String, String> environment() {
        return environment;
    }

    ChildSpec spec(Talk talk, Seat seat) {
        List<String> argv = new ArrayList<>(config.command());
        argv.addAll(List.of("-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose"));
        argv.addAll(List.of("--model", config.model()));
        // No tools, no MCP servers, no hooks, plugins and memory files, no transcript, no commands.
        argv.addAll(List.of("--tools", "", "--strict-mcp-config", "--setting-sources", ""));
        argv.addAll(List.of("--no-session-persistence", "--disable-slash-commands"));
        argv.addAll(List.of("--session-id", talk.sessionId()));
        // In a file: an argument has at most 128 KiB, and all users see it.
        argv.addAll(List.of("--system-prompt-file", seat.instructions().toString()));
        Map<String, String> variables = new java.util.TreeMap<>(environment);
        variables.put("TMPDIR", seat.temporary().toString());
        variables.put("CLAUDE_CODE_MAX_OUTPUT_TOKENS", Integer.toString(talk.outputTokens()));
        return new ChildSpec(KIND, argv, variables, seat.work(), EOF_GRACE_MS, TERM_GRACE_MS);
    }
}
