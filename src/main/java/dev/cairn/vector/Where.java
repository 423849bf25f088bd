package dev.cairn.vector;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.VectorQuery;
import dev.cairn.bus.WireFormat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of a query's filters that Chroma can apply to a document's metadata. */
final class Where {
    private Where() {}

    /** Null when nothing is filtered: Chroma refuses an empty condition, and an {@code $and} of one. */
    static @Nullable ObjectNode of(VectorQuery query) {
        List<ObjectNode> conditions = new ArrayList<>();
        if (query.project() != null) {
            ObjectNode keyOrName = object();
            keyOrName
                    .putArray("$or")
                    .add(object().put("project", query.project()))
                    .add(object().put("projectName", query.project()));
            conditions.add(keyOrName);
        }
        if (!query.kinds().isEmpty()) {
            conditions.add(in("kind", query.kinds()));
        }
        if (!query.types().isEmpty()) {
            conditions.add(in("type", query.types()));
        }
        if (query.from() != null) {
            conditions.add(created("$gte", query.from()));
        }
        if (query.to() != null) {
            conditions.add(created("$lte", query.to()));
        }
        if (conditions.size() < 2) {
            return conditions.isEmpty() ? null : conditions.get(0);
        }
        ObjectNode all = object();
        all.putArray("$and").addAll(conditions);
        return all;
    }

    private static ObjectNode in(String key, List<?> words) {
        ObjectNode condition = object();
        ArrayNode options = condition.putObject(key).putArray("$in");
        words.forEach(word -> options.add(word.toString()));
        return condition;
    }

    private static ObjectNode created(String comparison, long time) {
        ObjectNode condition = object();
        condition.putObject("createdAt").put(comparison, time);
        return condition;
    }

    private static ObjectNode object() {
        return WireFormat.mapper().createObjectNode();
    }
}
