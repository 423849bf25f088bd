package dev.cairn.search;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Nothing;
import dev.cairn.bus.PartStatus;
import dev.cairn.bus.Stats;
import dev.cairn.mcp.McpTool;
import dev.cairn.mcp.McpToolAnswer;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code status}: how the worker is and what it holds, for people who ask their agent. */
final class StatusTool {
    /** As long as health waits for a part. */
    private static final long PART_TIMEOUT_MS = 1_000;

    private final Bus bus;
    private final String version;

    StatusTool(Bus bus, String version) {
        this.bus = bus;
        this.version = version;
    }

    McpTool tool() {
        ObjectNode schema = new Schema().required();
        return McpTools.tool(
                "status",
                "Memory status",
                "How the memory is doing: its parts, how much it holds, and what still waits to be observed.",
                schema,
                new McpTool.Output(OutputSchemas.STATUS, false),
                McpTool.Effect.READS,
                nothing -> status());
    }

    private Future<McpToolAnswer> status() {
        Future<Stats> stats = bus.request(Addresses.STORE_STATS, Nothing.NOTHING);
        Map<String, Future<String>> asked = new LinkedHashMap<>();
        for (String part : Addresses.PARTS) {
            asked.put(
                    part,
                    bus.request(Addresses.health(part), Nothing.NOTHING, PART_TIMEOUT_MS)
                            .map(PartStatus::state)
                            .otherwise("down"));
        }
        return Future.all(stats, Future.all(List.copyOf(asked.values()))).map(all -> {
            Map<String, String> parts = new LinkedHashMap<>();
            asked.forEach((part, state) -> parts.put(part, state.result()));
            return McpToolAnswer.structured(text(stats.result(), parts), json(stats.result(), parts));
        });
    }

    private ObjectNode json(Stats stats, Map<String, String> parts) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("version", version);
        ObjectNode states = json.putObject("parts");
        parts.forEach(states::put);
        json.put("observations", stats.observations())
                .put("summaries", stats.summaries())
                .put("prompts", stats.prompts())
                .put("toolUses", stats.toolUses())
                .put("sessions", stats.sessions());
        json.putObject("queue")
                .put("pending", stats.pending())
                .put("claimed", stats.claimed())
                .put("parked", stats.parked());
        return json.put("databaseBytes", stats.databaseBytes());
    }

    private String text(Stats stats, Map<String, String> parts) {
        String joined = parts.entrySet().stream()
                .map(part -> part.getKey() + " " + part.getValue())
                .collect(Collectors.joining(", "));
        return "Cairn " + version + " is running.\nParts: " + joined + ".\nHolds "
                + ForgetTool.count(stats.observations(), "observation", "observations") + " and "
                + ForgetTool.count(stats.summaries(), "summary", "summaries") + ", of "
                + ForgetTool.count(stats.prompts(), "prompt", "prompts") + " and "
                + ForgetTool.count(stats.toolUses(), "tool use", "tool uses") + " in "
                + ForgetTool.count(stats.sessions(), "session", "sessions") + ".\nQueue: " + stats.pending()
                + " pending, " + stats.claimed() + " under way, " + stats.parked() + " parked.\nDatabase: "
                + (stats.databaseBytes() + 1023) / 1024 + " KiB.\n";
    }
}
