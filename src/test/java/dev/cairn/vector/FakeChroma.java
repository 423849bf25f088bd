package dev.cairn.vector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Chroma's tools in memory, with the answers and the errors that chroma-mcp 0.2.6 was seen to give; and a door to it. */
final class FakeChroma implements ToolCaller, IndexDoor {
    record Document(String text, JsonNode metadata) {}

    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile @Nullable Map<String, Document> collection;
    /** Documents that cannot be embedded: the whole call that holds one is refused, and nothing of it is kept. */
    volatile Predicate<String> poison = text -> false;
    /** Refuses whole calls. */
    volatile Predicate<String> broken = tool -> false;

    volatile boolean silent;
    volatile String state = "down";
    volatile @Nullable RuntimeException unreachable;
    final List<String> recycled = new CopyOnWriteArrayList<>();
    final List<SharedIndex.Change> changes = new CopyOnWriteArrayList<>();
    volatile int discarded;
    private volatile McpChroma client = new McpChroma(this);

    @Override
    public synchronized Future<Answer> call(String tool, ObjectNode arguments, long timeoutMs) {
        calls.add(tool);
        if (silent) {
            return Future.failedFuture(new CairnException(ErrorCode.TIMEOUT, "no answer"));
        }
        if (broken.test(tool)) {
            return error(tool, "Error finding id");
        }
        Map<String, Document> documents = collection;
        if (tool.equals("chroma_create_collection")) {
            if (documents != null) {
                return error(tool, "Failed to create collection 'c': Collection [c] already exists");
            }
            collection = new TreeMap<>();
            return text("Successfully created collection");
        }
        if (tool.equals("chroma_add_documents") && documents == null) {
            documents = new TreeMap<>();
            collection = documents;
        }
        if (documents == null) {
            return error(tool, "Failed: Collection [" + McpChroma.COLLECTION + "] does not exist");
        }
        List<String> ids = new ArrayList<>();
        arguments.path("ids").forEach(id -> ids.add(id.asText()));
        return switch (tool) {
            case "chroma_get_collection_count" -> text(String.valueOf(documents.size()));
            case "chroma_delete_collection" -> {
                collection = null;
                yield text("Successfully deleted collection");
            }
            case "chroma_get_documents" -> {
                ObjectNode found = WireFormat.mapper().createObjectNode();
                Map<String, Document> all = documents;
                ids.stream().filter(all::containsKey).forEach(found.putArray("ids")::add);
                yield text(found.toString());
            }
            case "chroma_delete_documents" -> {
                documents.keySet().removeAll(ids);
                yield text("Successfully deleted");
            }
            case "chroma_add_documents", "chroma_update_documents" -> write(tool, documents, ids, arguments);
            case "chroma_query_documents" -> {
                ObjectNode found = WireFormat.mapper().createObjectNode();
                documents.keySet().forEach(found.putArray("ids").addArray()::add);
                documents.keySet().forEach(any -> {});
                var distances = found.putArray("distances").addArray();
                for (int i = 0; i < documents.size(); i++) {
                    distances.add(0.5 + i);
                }
                yield text(found.toString());
            }
            default -> error(tool, "Unknown tool: " + tool);
        };
    }

    private static Future<Answer> text(String text) {
        return Future.succeededFuture(new Answer(false, List.of(text)));
    }

    private static Future<Answer> error(String tool, String text) {
        return Future.succeededFuture(new Answer(true, List.of("Error executing tool " + tool + ": " + text)));
    }

    private Future<Answer> write(String tool, Map<String, Document> documents, List<String> ids, ObjectNode arguments) {
        boolean add = tool.equals("chroma_add_documents");
        for (int i = 0; i < ids.size(); i++) {
            if (add && documents.containsKey(ids.get(i))) {
                return error(tool, "The following IDs already exist in collection 'c': ['" + ids.get(i) + "']");
            }
            if (poison.test(arguments.path("documents").get(i).asText())) {
                return error(tool, "cannot be embedded");
            }
        }
        for (int i = 0; i < ids.size(); i++) {
            if (add || documents.containsKey(ids.get(i))) {
                documents.put(
                        ids.get(i),
                        new Document(
                                arguments.path("documents").get(i).asText(),
                                arguments.path("metadatas").get(i)));
            }
        }
        return text("Successfully");
    }

    /** A new process over the same disk. */
    void restart() {
        client = new McpChroma(this);
    }

    @Override
    public Future<VectorIndex> open() {
        RuntimeException failure = unreachable;
        if (failure != null) {
            return Future.failedFuture(failure);
        }
        state = "up";
        return Future.succeededFuture(client);
    }

    @Override
    public String state() {
        return state;
    }

    @Override
    public Future<Void> recycle(String reason) {
        recycled.add(reason);
        silent = false;
        restart();
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> discard() {
        discarded++;
        collection = null;
        broken = tool -> false;
        unreachable = null;
        restart();
        return Future.succeededFuture();
    }

    @Override
    public <T> Future<T> alone(SharedIndex.Change change, Supplier<Future<T>> work) {
        changes.add(change);
        return work.get();
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
