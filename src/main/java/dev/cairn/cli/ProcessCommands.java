package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands about the worker's children. */
final class ProcessCommands {
    private ProcessCommands() {}

    private abstract static class Base implements Callable<Integer> {
        @Option(
                names = {"-conf", "--conf"},
                description = "The worker's conf file.")
        @Nullable
        Path conf;

        @Option(names = "--json", description = "As JSON.")
        boolean json;

        final Session session;

        Base(Session session) {
            this.session = session;
        }

        JsonNode get(String path) {
            return session.get(session.config(conf), path);
        }
    }

    @Command(name = "ps", description = "Shows the worker's children and what they started.")
    static final class Ps extends Base {
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
            do {
                JsonNode processes = get("/api/processes");
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
                    bytes(child.path("memoryBytes").asLong()),
                    100 * child.path("cpu").asDouble(),
                    age(System.currentTimeMillis() - child.path("startedAt").asLong()),
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
                    + bytes(member.path("memoryBytes").asLong()));
            members(lines, below, member.path("pid").asLong(), indent + "   ");
        }
    }

    private static String bytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }

    private static String age(long ms) {
        long seconds = Math.max(0, ms / 1_000);
        return seconds < 120 ? seconds + " s" : seconds < 7_200 ? seconds / 60 + " min" : seconds / 3_600 + " h";
    }

    @Command(name = "doctor", description = "Says how the worker is and what protects its children on this machine.")
    static final class Doctor extends Base {
        private static final Map<String, String> LAYERS = Map.ofEntries(
                Map.entry("gate", "nothing is started once a stop has begun"),
                Map.entry("registry", "what is started stands on disk first"),
                Map.entry("reaper", "the next start ends what a crash left"),
                Map.entry("session", "each child has a session and a group of its own"),
                Map.entry("guardian", "a script outlives a killed worker and ends its children"),
                Map.entry("cookie", "everything a child starts carries its mark"),
                Map.entry("subreaper", "orphans are handed to the worker"),
                Map.entry("pidfd", "a signal cannot reach a later process of the same number"),
                Map.entry("birthmark", "a process is told from any other for good"),
                Map.entry("cgroup", "no process can leave its child's control group"),
                Map.entry("descendants", "what a child started is found by its parents"));
        private static final List<String> ALL = List.of(
                "gate",
                "registry",
                "reaper",
                "session",
                "guardian",
                "cookie",
                "subreaper",
                "pidfd",
                "birthmark",
                "cgroup");

        Doctor(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            JsonNode processes = get("/api/processes");
            JsonNode health = get("/health");
            if (json) {
                System.out.println("{\"health\":" + health + ",\"processes\":" + processes + "}");
            } else {
                System.out.println(report(health, processes));
            }
            return health.path("status").asText().equals("up") ? 0 : 1;
        }

        private static String report(JsonNode health, JsonNode processes) {
            List<String> lines = new ArrayList<>();
            lines.add("worker " + health.path("version").asText() + " (pid "
                    + health.path("pid").asLong() + "): "
                    + health.path("status").asText());
            health.path("parts")
                    .fields()
                    .forEachRemaining(part -> lines.add(String.format(
                            Locale.ROOT,
                            "  %-10s %s",
                            part.getKey(),
                            part.getValue()
                                    .path("status")
                                    .asText(part.getValue().path("up").asBoolean() ? "up" : "down"))));
            lines.add("children are owned by");
            List<String> active = new ArrayList<>();
            processes.path("layers").forEach(layer -> active.add(layer.asText()));
            for (String layer : ALL) {
                lines.add(String.format(
                        Locale.ROOT,
                        "  %-3s %-10s %s",
                        active.contains(layer) ? "yes" : "no",
                        layer,
                        LAYERS.get(layer)));
            }
            if (!active.contains("cgroup")) {
                lines.add("  without control groups a child that clears its environment and leaves its parent within a"
                        + " quarter of a second before the worker is killed can escape");
            }
            int strays = processes.path("strays").size();
            lines.add(strays == 0 ? "no strays" : strays + " strays; see cairn ps");
            return String.join("\n", lines);
        }
    }
}
