package dev.cairn.search;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.SearchResult;
import dev.cairn.bus.Timeline;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CompactText;
import dev.cairn.model.SearchHit;
import java.util.List;
import java.util.Objects;

/** Hits for programs, no more of them than have room in what hosts take; the rest can be had by offset or anchor. */
final class StructuredHits {
    private StructuredHits() {}

    static ObjectNode search(SearchResult found, int offset) {
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("total", found.total())
                .put("offset", offset);
        ArrayNode hits = answer.putArray("hits");
        int units = 0;
        for (SearchHit hit : found.hits()) {
            ObjectNode json = json(hit);
            units += json.toString().length() + 1;
            if (units > CompactText.MAX_UNITS) {
                break;
            }
            hits.add(json);
        }
        long next = (long) offset + hits.size();
        return next < found.total() && !found.hits().isEmpty() ? answer.put("nextOffset", next) : answer;
    }

    static ObjectNode timeline(Timeline found) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        if (found.anchorId() != null) {
            answer.put("anchorId", found.anchorId());
        }
        List<ObjectNode> all = found.items().stream().map(StructuredHits::json).toList();
        int from = 0;
        int to = all.size();
        int anchor = anchor(found);
        int units = all.stream().mapToInt(json -> json.toString().length() + 1).sum();
        while (units > CompactText.MAX_UNITS && from < to) {
            int dropped = anchor - from > to - 1 - anchor ? from++ : --to;
            units -= all.get(dropped).toString().length() + 1;
        }
        answer.putArray("items").addAll(all.subList(from, to));
        return answer.put("leftOut", all.size() - (to - from));
    }

    private static int anchor(Timeline found) {
        for (int i = 0; i < found.items().size(); i++) {
            if (Objects.equals(found.items().get(i).id(), found.anchorId())) {
                return i;
            }
        }
        return found.items().size() / 2;
    }

    private static ObjectNode json(SearchHit hit) {
        return WireFormat.mapper().valueToTree(hit);
    }
}
