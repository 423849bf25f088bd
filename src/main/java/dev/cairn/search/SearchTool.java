package dev.cairn.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.Parameters;
import dev.cairn.bus.SearchParameters;
import dev.cairn.mcp.McpTool;
import dev.cairn.mcp.McpToolAnswer;
import dev.cairn.model.CompactText;
import dev.cairn.model.SearchQuery;
import io.vertx.core.Future;

/** {@code search}: the index of what fits. */
final class SearchTool {
    private final Bus bus;

    SearchTool(Bus bus) {
        this.bus = bus;
    }

    McpTool tool() {
        ObjectNode schema = new Schema()
                .text(
                        "query",
                        "Words, and phrases in \"quotes\"; any of the words fits, the best come first."
                                + " Empty to list by the other arguments")
                .text("project", "Only this project: its directory or its name. All projects when left out")
                .texts(
                        "type",
                        "Only observations of these types: bugfix, feature, refactor, change, discovery, decision,"
                                + " note or another")
                .texts("kind", "Only these kinds of memory: observation, summary, prompt")
                .text("from", "At or after: a date (2026-11-22), a date-time or epoch milliseconds; UTC")
                .text("to", "At or before; a date means the end of that day")
                .number("limit", "How many", 1, SearchQuery.MAX_LIMIT, SearchQuery.DEFAULT_LIMIT)
                .number("offset", "How many to pass over", 0, SearchQuery.MAX_OFFSET, 0)
                .words("order", "By default relevance", "relevance", "newest", "oldest")
                .required("query");
        return McpTools.tool(
                "search",
                "Search memory",
                "Searches what earlier sessions did, found and decided. Answers a short index with ids; get_observations"
                        + " gives all of a memory.",
                schema,
                new McpTool.Output(OutputSchemas.SEARCH, false),
                McpTool.Effect.READS,
                this::search);
    }

    private Future<McpToolAnswer> search(Parameters parameters) {
        SearchQuery query = SearchParameters.parse(parameters);
        return bus.request(Addresses.SEARCH_QUERY, query)
                .map(found -> McpToolAnswer.structured(
                        CompactText.hits(found.hits(), found.total(), query.offset()),
                        StructuredHits.search(found, query.offset())));
    }
}
