package dev.cairn.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Address;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.Timeline;
import dev.cairn.bus.TimelineQuery;
import dev.cairn.bus.WireFormat;
import dev.cairn.mcp.McpTool;
import dev.cairn.mcp.McpToolAnswer;
import dev.cairn.model.CairnException;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;
import java.util.function.Function;

/**
 * The tools of a search server that the worker calls: arguments and structured answers are records of the bus as JSON. Not
 * for models, which read the answers of the plain tools better.
 */
final class RecordTools {
    static final String SEARCH = "cairn_search";
    static final String TIMELINE = "cairn_timeline";

    private RecordTools() {}

    static McpTool search(Bus bus) {
        ObjectNode schema = new Schema()
                .text("text", "Words, and phrases in quotes")
                .list("kinds", "observation, summary, prompt")
                .list("types", "Observation types")
                .list("concepts", "Observation concepts")
                .text("file", "A path, or a part of one")
                .text("project", "A project's key, or its name")
                .text("platform", "The host")
                .text("session", "The host's session id")
                .time("from", "Epoch milliseconds")
                .time("to", "Epoch milliseconds")
                .number("limit", "How many", 1, SearchQuery.MAX_LIMIT, SearchQuery.DEFAULT_LIMIT)
                .number("offset", "How many to pass over", 0, SearchQuery.MAX_OFFSET, 0)
                .words("order", "The order", "relevance", "newest", "oldest")
                .flag("explain", "Whether each hit says how it was found")
                .required("kinds", "types", "concepts", "limit", "offset", "order", "explain");
        return tool(
                SEARCH,
                "Search, for programs",
                schema,
                arguments -> bus.request(Addresses.SEARCH_QUERY, decode(arguments, Addresses.SEARCH_QUERY))
                        .map(RecordTools::found));
    }

    static McpTool timeline(Bus bus) {
        ObjectNode schema = new Schema()
                .id("anchorId", "A memory's id")
                .time("anchorTime", "Epoch milliseconds")
                .text("query", "Words; the best match is the anchor")
                .number("before", "How many before the anchor", 0, TimelineQuery.MAX_ROWS, 0)
                .number("after", "How many after the anchor", 0, TimelineQuery.MAX_ROWS, 0)
                .text("project", "A project's key, or its name")
                .text("platform", "The host of those around it")
                .required("before", "after");
        return tool(
                TIMELINE,
                "Timeline, for programs",
                schema,
                arguments -> bus.request(Addresses.SEARCH_TIMELINE, decode(arguments, Addresses.SEARCH_TIMELINE))
                        .map(RecordTools::around));
    }

    private static McpTool tool(
            String name, String title, ObjectNode schema, Function<ObjectNode, Future<McpToolAnswer>> call) {
        return new McpTool(
                name,
                title,
                "For programs: its answer is structured content alone.",
                schema,
                McpTool.Effect.READS,
                arguments -> {
                    try {
                        return call.apply(arguments).recover(McpTools::refusal);
                    } catch (CairnException refusal) {
                        return McpTools.refusal(refusal);
                    }
                });
    }

    private static <Q> Q decode(ObjectNode arguments, Address<Q, ?> address) {
        return WireFormat.decode(arguments, address.request());
    }

    private static McpToolAnswer found(SearchResult result) {
        return structured(result.hits().size() + " of " + result.total() + " memories", result);
    }

    private static McpToolAnswer around(Timeline timeline) {
        return structured(timeline.items().size() + " memories", timeline);
    }

    private static McpToolAnswer structured(String text, Object answer) {
        return McpToolAnswer.structured(text, WireFormat.mapper().valueToTree(answer));
    }
}
