package dev.cairn.search;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.Page;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CompactText;
import dev.cairn.model.Kind;
import java.util.HashMap;
import java.util.Map;

/** What a fetch gave, by id, each in full as text and as a record. */
final class Memories {
    /** One of any kind. */
    record Memory(Kind kind, Object value, String text, long createdAt) {
        /** The record with its kind. */
        ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("kind", kind.toString());
            return json.setAll(WireFormat.mapper().<ObjectNode>valueToTree(value));
        }
    }

    private Memories() {}

    static Map<Long, Memory> byId(Page page) {
        Map<Long, Memory> memories = new HashMap<>();
        page.observations()
                .forEach(found -> memories.put(
                        found.id(),
                        new Memory(
                                Kind.OBSERVATION,
                                found,
                                CompactText.memory(found, Integer.MAX_VALUE),
                                found.createdAt())));
        page.summaries()
                .forEach(found -> memories.put(
                        found.id(),
                        new Memory(
                                Kind.SUMMARY, found, CompactText.memory(found, Integer.MAX_VALUE), found.createdAt())));
        page.prompts()
                .forEach(found -> memories.put(
                        found.id(),
                        new Memory(
                                Kind.PROMPT, found, CompactText.memory(found, Integer.MAX_VALUE), found.createdAt())));
        return memories;
    }
}
