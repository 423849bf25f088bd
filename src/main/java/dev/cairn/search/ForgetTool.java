package dev.cairn.search;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Forget;
import dev.cairn.bus.Forgotten;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Parameters;
import dev.cairn.mcp.McpTool;
import dev.cairn.mcp.McpToolAnswer;
import dev.cairn.model.CairnException;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import java.util.List;

/**
 * {@code forget}: deletes for good. One id is plain enough to act on at once; a query is not, so it only counts until
 * {@code dryRun} is given as false.
 */
final class ForgetTool {
    private final Bus bus;

    ForgetTool(Bus bus) {
        this.bus = bus;
    }

    McpTool tool() {
        ObjectNode schema = new Schema()
                .id("id", "The memory to forget")
                .text("query", "Instead of an id: words; every memory that has all of them")
                .text("project", "With query: only this project, its directory or its name")
                .flag(
                        "dryRun",
                        "Only count. With query it is true unless given as false; with id it is false unless given")
                .required();
        return McpTools.tool(
                "forget",
                "Forget memories",
                "Deletes memories for good: one by id, or all that have the words of a query. With a query it only counts"
                        + " them until dryRun is false.",
                schema,
                new McpTool.Output(OutputSchemas.FORGOTTEN, true),
                McpTool.Effect.DESTROYS,
                this::forget);
    }

    private Future<McpToolAnswer> forget(Parameters parameters) {
        String id = parameters.text("id", 40);
        String query = parameters.text("query", SearchQuery.MAX_TEXT);
        String project = parameters.text("project", NewMemory.MAX_PROJECT);
        if ((id == null) == (query == null)) {
            throw CairnException.invalid("id", "id: give either the id of a memory or a query, and not both");
        }
        if (id != null && project != null) {
            throw CairnException.invalid("project", "project goes with query; an id needs none, leave it out");
        }
        boolean dryRun = parameters.flag("dryRun", query != null);
        List<Long> ids = id == null ? List.of() : List.of(ToolArguments.id("id", id));
        return bus.request(Addresses.STORE_FORGET, new Forget(ids, null, project, null, query, null, null, dryRun))
                .map(forgotten -> {
                    String text = tell(forgotten, ids);
                    return McpToolAnswer.structured(text, json(forgotten, text));
                });
    }

    /** What the text says is in it too: some hosts show a model this alone. */
    private static ObjectNode json(Forgotten forgotten, String text) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("dryRun", forgotten.dryRun())
                .put("observations", forgotten.observations())
                .put("summaries", forgotten.summaries())
                .put("prompts", forgotten.prompts())
                .put("toolUses", forgotten.toolUses())
                .put("sessions", forgotten.sessions())
                .put("message", text.strip());
    }

    private static String tell(Forgotten forgotten, List<Long> ids) {
        int memories = forgotten.observations() + forgotten.summaries() + forgotten.prompts();
        if (memories + forgotten.toolUses() + forgotten.sessions() == 0) {
            return ids.isEmpty()
                    ? "No memory has all of these words; nothing was forgotten.\n"
                    : "No memory has the id #" + ids.get(0) + "; nothing was forgotten.\n";
        }
        String counts = count(forgotten.observations(), "observation", "observations") + ", "
                + count(forgotten.summaries(), "summary", "summaries") + ", "
                + count(forgotten.prompts(), "prompt", "prompts") + ", "
                + count(forgotten.toolUses(), "tool use", "tool uses") + ", "
                + count(forgotten.sessions(), "session", "sessions") + ".";
        return forgotten.dryRun()
                ? "Would forget " + counts + " Nothing was changed; call again with dryRun false to forget them.\n"
                : "Forgot " + counts + "\n";
    }

    static String count(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
