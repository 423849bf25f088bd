package dev.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.config.CairnConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commands about the turns that observers work on. */
final class QueueCommands {
    private QueueCommands() {}

    @Command(
            name = "turns",
            description = {
                "Shows turns of the queue, oldest first: those that failed too often and are parked,",
                "or those that wait (pending) or are at work (claimed)."
            })
    static final class Turns extends WorkerCommand.Reading {
        @Option(names = "--state", description = "parked (the default), pending or claimed.")
        @Nullable
        String state;

        @Option(names = "--limit", description = "How many turns (1 to 100).")
        int limit = 20;

        Turns(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
            parameters.put("state", state);
            parameters.put("limit", limit);
            JsonNode turns = session.get(config(), Session.query("/api/turns", parameters));
            if (json) {
                System.out.println(turns);
                return DONE;
            }
            if (turns.path("items").isEmpty()) {
                System.out.println("no turn is " + (state == null ? "parked" : state));
                return DONE;
            }
            Table table =
                    new Table("ID", "LAST EVENT", "PROJECT", "SESSION", "TURN", "TOOLS", "ATTEMPTS", "LAST ERROR");
            for (JsonNode turn : turns.path("items")) {
                table.row(
                        turn.path("id").asLong(),
                        Texts.time(turn.path("lastEventAt").asLong()),
                        turn.path("projectName").asText(),
                        turn.path("sessionId").asText(),
                        turn.path("turn").asInt(),
                        turn.path("toolUses").asInt(),
                        turn.path("attempts").asInt(),
                        turn.path("lastError").asText(""));
            }
            table.print(terminal());
            if (turns.hasNonNull("next")) {
                System.out.println(terminal().dim("there are more; --limit shows up to 100"));
            }
            return DONE;
        }
    }

    @Command(
            name = "retry",
            description = "Runs parked turns again, with all their attempts: those of these ids, or all of them.")
    static final class Retry extends WorkerCommand {
        @Parameters(paramLabel = "ID", required = false, description = "The turns' ids, as 'cairn turns' shows them.")
        List<Long> ids = List.of();

        @Option(names = "--all", description = "All that are parked.")
        boolean all;

        Retry(Session session) {
            super(session);
        }

        @Override
        public Integer call() {
            if (all != ids.isEmpty()) {
                throw misuse("give either ids or --all");
            }
            CairnConfig config = config();
            long retried = 0;
            for (String path : all
                    ? List.of("/api/turns/retry")
                    : ids.stream().map(id -> "/api/turns/" + id + "/retry").toList()) {
                retried += session.post(config, path, Map.of()).path("retried").asLong();
            }
            System.out.println(Texts.count(retried, "turn waits", "turns wait") + " to be observed again");
            return DONE;
        }
    }
}
