package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.config.CairnConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about memories. Without {@code --json} they print the same compact text that models are given. */
final class MemoryCommands {
    private MemoryCommands() {}

    private abstract static class Base implements Callable<Integer> {
        @Option(
                names = {"-conf", "--conf"},
                description = "The worker's conf file.")
        @Nullable
        Path conf;

        final Session session;

        Base(Session session) {
            this.session = session;
        }

        CairnConfig config() {
            return session.config(conf);
        }
    }

    private abstract static class Reading extends Base {
        @Option(names = "--project", description = "Only this project: its key or its name.")
        @Nullable
        String project;

        @Option(names = "--json", description = "As JSON.")
        boolean json;

        Reading(Session session) {
            super(session);
        }

        int print(String path, Map<String, Object> parameters) {
            StringBuilder url = new StringBuilder(path);
            char separator = '?';
            if (project != null) {
                parameters.put("project", project);
            }
            parameters.put("format", json ? "json" : "text");
            for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
                url.append(separator)
                        .append(parameter.getKey())
                        .append('=')
                        .append(Session.encode(String.valueOf(parameter.getValue())));
                separator = '&';
            }
            System.out.println(session.getText(config(), url.toString()).stripTrailing());
            return 0;
        }
    }

    @Command(name = "search", description = "Finds memories.")
    static final class Search extends Reading {
        @Parameters(paramLabel = "WORDS", arity = "1..*", description = "Words, and \"phrases in quotes\".")
        List<String> words = List.of();

        @Option(names = "--kind", description = "observation, summary or prompt.")
        @Nullable
        String kind;

        @Option(names = "--limit", defaultValue = "20", description = "How many hits (1 to 100).")
        int limit;

        Search(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put("query", String.join(" ", words));
            parameters.put("limit", limit);
            if (kind != null) {
                parameters.put("kind", kind);
            }
            return print("/api/search", parameters);
        }
    }

    @Command(name = "timeline", description = "Shows what happened around a memory or a time.")
    static final class Timeline extends Reading {
        @Parameters(paramLabel = "ANCHOR", description = "A memory's id, or a time such as 2026-11-22T10:00:00Z.")
        String anchor = "";

        @Option(names = "--before", defaultValue = "10", description = "How many before it (0 to 100).")
        int before;

        @Option(names = "--after", defaultValue = "10", description = "How many after it (0 to 100).")
        int after;

        Timeline(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put("anchor", anchor);
            parameters.put("before", before);
            parameters.put("after", after);
            return print("/api/timeline", parameters);
        }
    }

    @Command(name = "context", description = "Shows what a new session of a project is told.")
    static final class Context extends Reading {
        @Parameters(paramLabel = "PROJECT", description = "The project's key or its name.")
        String name = "";

        Context(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            project = name;
            return print("/api/context", new LinkedHashMap<>());
        }
    }

    @Command(name = "show", description = "Shows memories in full, as JSON.")
    static final class Show extends Base {
        @Parameters(paramLabel = "ID", arity = "1..*", description = "The memories' ids.")
        List<Long> ids = List.of();

        Show(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            JsonNode items = session.post(config(), "/api/observations/batch", Map.of("ids", ids))
                    .path("items");
            System.out.println(items.toPrettyString());
            return items.isEmpty() ? 1 : 0;
        }
    }

    @Command(name = "save", description = "Remembers something.")
    static final class Save extends Base {
        @Parameters(paramLabel = "TEXT", arity = "1..*", description = "What to remember.")
        List<String> text = List.of();

        @Option(names = "--project", required = true, description = "The project's key.")
        String project = "";

        @Option(names = "--title", description = "A title; made from the text without one.")
        @Nullable
        String title;

        @Option(names = "--type", description = "note, decision, bugfix, ...")
        @Nullable
        String type;

        Save(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            Map<String, Object> memory = new LinkedHashMap<>();
            memory.put("text", String.join(" ", text));
            memory.put("project", project);
            if (title != null) {
                memory.put("title", title);
            }
            if (type != null) {
                memory.put("type", type);
            }
            System.out.println(
                    session.post(config(), "/api/memories", memory).path("id").asLong());
            return 0;
        }
    }

    @Command(name = "forget", description = "Forgets memories by their ids.")
    static final class Forget extends Base {
        @Parameters(paramLabel = "ID", arity = "1..*", description = "The memories' ids.")
        List<Long> ids = List.of();

        @Option(names = "--dry-run", description = "Only says how many there are.")
        boolean dryRun;

        Forget(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            JsonNode counts = session.post(config(), "/api/forget", Map.of("ids", ids, "dryRun", dryRun));
            System.out.printf(
                    "%s %d observations, %d summaries, %d prompts%n",
                    dryRun ? "would forget" : "forgot",
                    counts.path("observations").asInt(),
                    counts.path("summaries").asInt(),
                    counts.path("prompts").asInt());
            return 0;
        }
    }
}
