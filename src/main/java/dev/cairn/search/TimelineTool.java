package dev.cairn.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Parameters;
import dev.cairn.bus.TimelineParameters;
import dev.cairn.bus.TimelineQuery;
import dev.cairn.mcp.McpTool;
import dev.cairn.mcp.McpToolAnswer;
import dev.cairn.model.CompactText;
import io.vertx.core.Future;

/** {@code timeline}: what happened around a point. */
final class TimelineTool {
    private final Bus bus;

    TimelineTool(Bus bus) {
        this.bus = bus;
    }

    McpTool tool() {
        ObjectNode schema = new Schema()
                .text("anchor", "The id of a memory (12), or a time (2026-11-22T09:30:00Z)")
                .text("query", "Instead of an anchor: words; the best match is the anchor")
                .number(
                        "before",
                        "How many memories before the anchor",
                        0,
                        TimelineQuery.MAX_ROWS,
                        TimelineParameters.DEFAULT_ROWS)
                .number(
                        "after",
                        "How many memories after the anchor",
                        0,
                        TimelineQuery.MAX_ROWS,
                        TimelineParameters.DEFAULT_ROWS)
                .text("project", "Only this project: its directory or its name")
                .text("platform", "The host of those around it")
                .required();
        return McpTools.tool(
                "timeline",
                "Timeline of memory",
                "Lists what happened before and after a memory, a time or the best match of a query, oldest first.",
                schema,
                new McpTool.Output(OutputSchemas.TIMELINE, false),
                McpTool.Effect.READS,
                this::timeline);
    }

    private Future<McpToolAnswer> timeline(Parameters parameters) {
        TimelineQuery query = TimelineParameters.parse(parameters);
        return bus.request(Addresses.SEARCH_TIMELINE, query).map(found -> {
            String text = found.items().isEmpty() && query.query() != null
                    ? "Nothing matches the query, so there is no anchor. Try other words, or search.\n"
                    : CompactText.timeline(found.items(), found.anchorId());
            return McpToolAnswer.structured(text, StructuredHits.timeline(found));
        });
    }
}
