package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commands that find memories. */
final class MemoryCommands {
    private MemoryCommands() {}

    private abstract static class OfProject extends WorkerCommand.Reading {
        @Option(names = "--project", description = "Only this project: its key or its name.")
        @Nullable
        String project;

        OfProject(Session session) {
            super(session);
        }

        final void printHits(JsonNode hits) {
            Table table = new Table("ID", "KIND", "TIME", "PROJECT", "TITLE");
            for (JsonNode hit : hits) {
                table.row(
                        hit.path("id").asLong(),
                        hit.hasNonNull("type")
                                ? hit.path("type").asText()
                                : hit.path("kind").asText(),
                        Texts.time(hit.path("createdAt").asLong()),
                        hit.path("project").asText(),
                        hit.path("title").asText() + Texts.times(hit) + Texts.correctedBy(hit));
            }
            table.print(terminal());
        }
    }

    @Command(name = "search", description = "Finds memories.")
    static final class Search extends OfProject {
        @Parameters(paramLabel = "WORDS", required = false, description = "Words, and \"phrases in quotes\".")
        List<String> words = List.of();

        @Option(names = "--kind", description = "observation, summary or prompt.")
        @Nullable
        String kind;

        @Option(names = "--type", description = "note, decision, bugfix, ...")
        @Nullable
        String type;

        @Option(names = "--concept", description = "Only with this concept.")
        @Nullable
        String concept;

        @Option(names = "--file", description = "Only about this file, or its directory.")
        @Nullable
        String file;

        @Option(names = "--session", description = "Only of this session: the agent's id for it.")
        @Nullable
        String agentSession;

        @Option(names = "--from", description = "At or after: 2026-11-22, 2026-11-22T10:00:00Z, 7d or epoch ms.")
        @Nullable
        String from;

        @Option(names = "--to", description = "At or before.")
        @Nullable
        String to;

        @Option(names = "--order", description = "relevance, newest or oldest.")
        @Nullable
        String order;

        @Option(names = "--limit", description = "How many hits (1 to 100).")
        int limit = 20;

        @Option(names = "--offset", description = "How many hits to pass over first.")
        @Nullable
        Integer offset;

        @Option(names = "--text", description = "The compact text that models are given.")
        boolean text;

        Search(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            if (json && text) {
                throw misuse("give --json or --text, not both");
            }
            Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
            parameters.put("query", words.isEmpty() ? null : String.join(" ", words));
            parameters.put("kind", kind);
            parameters.put("type", type);
            parameters.put("concept", concept);
            parameters.put("file", file);
            parameters.put("project", project);
            parameters.put("session", agentSession);
            parameters.put("from", from);
            parameters.put("to", to);
            parameters.put("order", order);
            parameters.put("limit", limit);
            parameters.put("offset", offset);
            parameters.put("format", text ? "text" : "json");
            String answer = session.getText(config(), Session.query("/api/search", parameters));
            if (json || text) {
                System.out.println(answer.stripTrailing());
                return DONE;
            }
            JsonNode result = Session.json(answer);
            if (result.path("hits").isEmpty()) {
                System.out.println("nothing found");
                return DONE;
            }
            printHits(result.path("hits"));
            System.out.println(terminal()
                    .dim(result.path("hits").size() + " of "
                            + result.path("total").asLong() + " in "
                            + result.path("tookMs").asLong() + " ms"));
            return DONE;
        }
    }

    @Command(name = "timeline", description = "Shows what happened around a memory or a time.")
    static final class Timeline extends OfProject {
        @Parameters(
                paramLabel = "ANCHOR",
                required = false,
                description = "A memory's id, or a time such as 2026-11-22T10:00:00Z.")
        @Nullable
        String anchor;

        @Option(names = "--query", description = "Instead of an anchor: around what fits these words best.")
        @Nullable
        String query;

        @Option(names = "--before", description = "How many before it (0 to 100).")
        int before = 10;

        @Option(names = "--after", description = "How many after it (0 to 100).")
        int after = 10;

        Timeline(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            if ((anchor == null) == (query == null)) {
                throw misuse("give either ANCHOR or --query");
            }
            Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
            parameters.put("anchor", anchor);
            parameters.put("query", query);
            parameters.put("before", before);
            parameters.put("after", after);
            parameters.put("project", project);
            JsonNode timeline = session.get(config(), Session.query("/api/timeline", parameters));
            if (json) {
                System.out.println(timeline);
            } else if (timeline.path("items").isEmpty()) {
                System.out.println("nothing happened there");
            } else {
                printHits(timeline.path("items"));
            }
            return DONE;
        }
    }

    @Command(name = "context", description = "Shows what a new session of a project is told.")
    static final class Context extends WorkerCommand.Reading {
        @Parameters(paramLabel = "PROJECT", description = "The project's key or its name.")
        String project = "";

        @Option(names = "--max-tokens", description = "Its budget (100 to 2500).")
        @Nullable
        Integer maxTokens;

        Context(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
            parameters.put("project", project);
            parameters.put("maxTokens", maxTokens);
            parameters.put("format", json ? "json" : "text");
            System.out.println(session.getText(config(), Session.query("/api/context", parameters))
                    .stripTrailing());
            return DONE;
        }
    }
}
