package dev.cairn.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Addresses;
import dev.cairn.bus.Bus;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.Parameters;
import dev.cairn.bus.UsageQuery;
import dev.cairn.bus.UsageReport;
import dev.cairn.bus.UsageSum;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.util.List;

/** What models used: questions, tokens and what they cost. */
final class UsageRoutes {
    private static final List<String> PARAMETERS = List.of("from", "to", "project", "provider", "by");
    private static final int MAX_WORD = 200;
    /** About the bytes of one group's JSON. */
    private static final int ITEM_BYTES = 300;

    private final Bus bus;

    UsageRoutes(Bus bus) {
        this.bus = bus;
    }

    void addTo(Routes routes) {
        routes.get("/api/usage", this::usage);
    }

    private Future<Answer> usage(Exchange exchange) {
        Parameters parameters = exchange.parameters(PARAMETERS);
        Long from = parameters.time("from", false);
        Long to = parameters.time("to", true);
        if (from != null && to != null && from > to) {
            throw CairnException.invalid("from", "from is after to; swap them");
        }
        List<String> by = parameters.texts("by", MAX_WORD);
        UsageQuery query = new UsageQuery(
                from,
                to == null ? null : to + 1,
                parameters.text("project", NewMemory.MAX_PROJECT),
                parameters.text("provider", MAX_WORD),
                by.isEmpty() ? List.of("day") : by);
        return bus.request(Addresses.STORE_USAGE, query)
                .compose(report -> exchange.offloaded(
                        (long) report.items().size() * ITEM_BYTES, () -> Answer.json(200, json(report))));
    }

    private static String json(UsageReport report) {
        ObjectNode json = WireFormat.mapper().createObjectNode();
        put(json.putObject("total"), report.total());
        ArrayNode items = json.putArray("items");
        for (UsageReport.Item item : report.items()) {
            ObjectNode node = items.addObject();
            item.group().forEach(node::put);
            put(node, item.used());
        }
        return json.toString();
    }

    private static void put(ObjectNode node, UsageSum sum) {
        node.put("calls", sum.calls())
                .put("failures", sum.failures())
                .put("tokens", sum.tokens())
                .put("inputTokens", sum.inputTokens())
                .put("outputTokens", sum.outputTokens())
                .put("cacheReadTokens", sum.cacheReadTokens())
                .put("cacheWriteTokens", sum.cacheWriteTokens())
                .put("cost", BigDecimal.valueOf(sum.costMicros(), 6))
                .put("costMicros", sum.costMicros())
                .put("unpricedCalls", sum.unpricedCalls());
    }
}
