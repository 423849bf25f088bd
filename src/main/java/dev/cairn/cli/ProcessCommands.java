package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.config.CairnConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The commands about the worker's children. */
final class ProcessCommands {
    private ProcessCommands() {}

    @Command(name = "ps", description = "Shows the worker's children and what they started.")
    static final class Ps extends WorkerCommand.Reading {
        private static final long REFRESH_MS = 1_000;
        /** Home, and clear what is below. */
        private static final String CLEAR = "\u001b[H\u001b[J";

        @Option(names = "--watch", description = "Shows them again every second, until it is interrupted.")
        boolean watch;

        Ps(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws InterruptedException {
            CairnConfig config = config();
            do {
                JsonNode processes = session.get(config, "/api/processes");
                String text = json ? processes.toString() : tree(processes);
                System.out.println(watch && !json ? CLEAR + text : text);
                if (watch) {
                    Thread.sleep(REFRESH_MS);
                }
            } while (watch);
            return 0;
        }
    }

    /** The tree as lines. */
    static String tree(JsonNode processes) {
        List<String> lines = new ArrayList<>();
        lines.add("worker (pid " + processes.path("node").asLong() + ")"
                + (processes.path("gate").asText().equals("open") ? "" : ", stopping"));
        if (processes.hasNonNull("guardian")) {
            lines.add("├─ guardian (pid " + processes.path("guardian").asLong() + ")");
        }
        JsonNode children = processes.path("children");
        if (children.isEmpty()) {
            lines.add("└─ no children");
        }
        for (int i = 0; i < children.size(); i++) {
            boolean last = i == children.size() - 1;
            JsonNode child = children.get(i);
            lines.add(String.format(
                    Locale.ROOT,
                    "%s %s (pid %d) of %s: %s, %s, %.1f %% CPU, %s old, restarts %d",
                    last ? "└─" : "├─",
                    child.path("kind").asText(),
                    child.path("pid").asLong(),
                    child.path("owner").asText(),
                    child.path("state").asText(),
                    Texts.bytes(child.path("memoryBytes").asLong()),
                    100 * child.path("cpu").asDouble(),
                    Texts.age(
                            System.currentTimeMillis() - child.path("startedAt").asLong()),
                    child.path("restarts").asInt()));
            Map<Long, List<JsonNode>> below = new TreeMap<>();
            for (JsonNode member : child.path("descendants")) {
                below.computeIfAbsent(member.path("parent").asLong(), any -> new ArrayList<>())
                        .add(member);
            }
            String indent = last ? "   " : "│  ";
            long root = child.path("pid").asLong();
            members(lines, below, root, indent);
            // What has left its parent stands below the root too.
            while (!below.isEmpty()) {
                members(lines, below, below.keySet().iterator().next(), indent);
            }
        }
        for (JsonNode stray : processes.path("strays")) {
            lines.add("!  stray " + stray.path("name").asText() + " (pid "
                    + stray.path("pid").asLong() + ")");
        }
        return String.join("\n", lines);
    }

    private static void members(List<String> lines, Map<Long, List<JsonNode>> below, long parent, String indent) {
        List<JsonNode> members = below.remove(parent);
        if (members == null) {
            return;
        }
        for (JsonNode member : members) {
            lines.add(indent + "└─ " + member.path("name").asText() + " (pid "
                    + member.path("pid").asLong() + ") "
                    + Texts.bytes(member.path("memoryBytes").asLong()));
            members(lines, below, member.path("pid").asLong(), indent + "   ");
        }
    }
}
