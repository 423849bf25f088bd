package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.config.CairnConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commands that change what is remembered. */
final class WriteCommands {
    private WriteCommands() {}

    @Command(name = "save", description = "Remembers something; prints its id.")
    static final class Save extends WorkerCommand {
        private static final int MAX_INPUT = 8 << 20;

        @Parameters(paramLabel = "TEXT", description = "What to remember; - reads standard input.")
        List<String> text = List.of();

        @Option(names = "--project", required = true, description = "The project's key.")
        String project = "";

        @Option(names = "--title", description = "A title; made from the text without one.")
        @Nullable
        String title;

        @Option(names = "--type", description = "note, decision, bugfix, ...")
        @Nullable
        String type;

        @Option(names = "--fact", description = "A fact that belongs to it; may be given again.")
        List<String> facts = List.of();

        @Option(names = "--file", description = "A file it is about; may be given again.")
        List<String> files = List.of();

        @Option(names = "--supersedes", description = "The id of a memory that it corrects; may be given again.")
        List<Long> superseded = List.of();

        Save(Session session) {
            super(session);
        }

        @Override
        public Integer call() throws IOException {
            Map<String, Object> memory = new LinkedHashMap<>();
            memory.put("text", text.equals(List.of("-")) ? input() : String.join(" ", text));
            memory.put("project", project);
            if (title != null) {
                memory.put("title", title);
            }
            if (type != null) {
                memory.put("type", type);
            }
            if (!facts.isEmpty()) {
                memory.put("facts", facts);
            }
            if (!files.isEmpty()) {
                memory.put("files", files);
            }
            if (!superseded.isEmpty()) {
                memory.put("supersedes", superseded);
            }
            System.out.println(
                    session.post(config(), "/api/memories", memory).path("id").asLong());
            return DONE;
        }

        private static String input() throws IOException {
            return new String(System.in.readNBytes(MAX_INPUT), StandardCharsets.UTF_8).strip();
        }
    }

    @Command(
            name = "forget",
            description = {
                "Forgets memories: by their ids, or everything that fits all the conditions given.",
                "Asks first on a terminal; elsewhere conditions need --yes."
            })
    static final class Forget extends WorkerCommand {
        @Parameters(paramLabel = "ID", required = false, description = "The memories' ids.")
        List<Long> ids = List.of();

        @Option(names = "--project", description = "Of this project: its key or its name.")
        @Nullable
        String project;

        @Option(names = "--session", description = "Of this session, its raw events too: the agent's id for it.")
        @Nullable
        String agentSession;

        @Option(names = "--query", description = "All that have these words.")
        @Nullable
        String query;

        @Option(names = "--from", description = "At or after: 2026-11-22, 2026-11-22T10:00:00Z, 7d or epoch ms.")
        @Nullable
        String from;

        @Option(names = "--to", description = "At or before.")
        @Nullable
        String to;

        @Option(names = "--dry-run", description = "Only says how many there are.")
        boolean dryRun;

        @Option(
                names = {"-y", "--yes"},
                description = "Without asking.")
        boolean yes;

        @Option(names = "--json", description = "The counts as JSON.")
        boolean json;

        Forget(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            Map<String, Object> request = request();
            CairnConfig config = config();
            if (!dryRun && !yes) {
                if (terminal().asks()) {
                    JsonNode counts = forget(config, request, true);
                    System.err.println(told("would forget", counts));
                    if (total(counts) == 0 || !terminal().confirm("Forget them for good?")) {
                        System.err.println("nothing was forgotten");
                        return total(counts) == 0 ? DONE : FAILED;
                    }
                } else if (ids.isEmpty()) {
                    throw misuse("this is no terminal to ask on; look with --dry-run, then give --yes");
                }
            }
            JsonNode counts = forget(config, request, dryRun);
            System.out.println(json ? counts.toString() : told(dryRun ? "would forget" : "forgot", counts));
            return DONE;
        }

        private Map<String, Object> request() {
            Map<String, Object> request = new LinkedHashMap<>();
            put(request, "project", project);
            put(request, "session", agentSession);
            put(request, "query", query);
            put(request, "from", from);
            put(request, "to", to);
            if (request.isEmpty() == ids.isEmpty()) {
                throw misuse("give ids, or at least one of --project, --session, --query, --from and --to");
            }
            if (!ids.isEmpty()) {
                request.put("ids", ids);
            }
            return request;
        }

        private static void put(Map<String, Object> request, String name, @Nullable String value) {
            if (value != null) {
                request.put(name, value);
            }
        }

        private JsonNode forget(CairnConfig config, Map<String, Object> request, boolean dry) {
            Map<String, Object> body = new LinkedHashMap<>(request);
            body.put("dryRun", dry);
            return session.post(config, "/api/forget", body);
        }

        private static long total(JsonNode counts) {
            long total = 0;
            for (String kind : List.of("observations", "summaries", "prompts", "toolUses", "sessions")) {
                total += counts.path(kind).asLong();
            }
            return total;
        }

        private static String told(String what, JsonNode counts) {
            return what + " "
                    + String.join(
                            ", ",
                            Texts.count(counts.path("observations"), "observation", "observations"),
                            Texts.count(counts.path("summaries"), "summary", "summaries"),
                            Texts.count(counts.path("prompts"), "prompt", "prompts"),
                            Texts.count(counts.path("toolUses"), "tool use", "tool uses"),
                            Texts.count(counts.path("sessions"), "session", "sessions"));
        }
    }
}
