package dev.cairn.vector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.VectorDocument;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.bus.WireFormat;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The collection in Chroma, over the tools of its MCP server. Chroma embeds by itself, one call after the other; each call
 * that adds reads all ids of the collection first, so documents come in batches.
 *
 * <p>Futures fail with a {@link IndexException} when Chroma refused, and as {@link ToolCaller#call} does when no answer came.
 */
final class McpChroma implements VectorIndex {
    /** The collection belongs to one embedding model: another one means another name, and with it a rebuild. */
    static final String COLLECTION = "cairn-all-minilm-l6-v2";

    private static final long SHORT_MS = 10_000;
    /** A batch of 128 took 5.6 to 8.5 s on two shared cores; a smaller one behind another call may take as long. */
    private static final long LONG_MS = 60_000;

    private final ToolCaller tools;

    McpChroma(ToolCaller tools) {
        this.tools = tools;
    }

    @Override
    public String collection() {
        return COLLECTION;
    }

    @Override
    public Future<Long> count() {
        return call("chroma_get_collection_count", arguments(), SHORT_MS).map(McpChroma::number);
    }

    @Override
    public Future<Void> create() {
        ObjectNode arguments = arguments().put("embedding_function_name", "default");
        return call("chroma_create_collection", arguments, SHORT_MS)
                .<Void>mapEmpty()
                .recover(failure -> passOver(failure, IndexException.Kind.COLLECTION_EXISTS));
    }

    @Override
    public Future<Void> drop() {
        return call("chroma_delete_collection", arguments(), LONG_MS)
                .<Void>mapEmpty()
                .recover(failure -> passOver(failure, IndexException.Kind.MISSING_COLLECTION));
    }

    private static Future<Void> passOver(Throwable failure, IndexException.Kind kind) {
        return failure instanceof IndexException refusal && refusal.kind() == kind
                ? Future.succeededFuture()
                : Future.failedFuture(failure);
    }

    /** To add a document that is there is refused, so the others are updated. */
    @Override
    public Future<Void> upsert(List<VectorDocument> documents) {
        if (documents.isEmpty()) {
            return Future.succeededFuture();
        }
        ObjectNode arguments = arguments();
        ArrayNode ids = arguments.putArray("ids");
        documents.forEach(document -> ids.add(ChromaDocuments.name(document.id())));
        arguments.putArray("include");
        return call("chroma_get_documents", arguments, SHORT_MS)
                .map(McpChroma::ids)
                .compose(there -> {
                    List<VectorDocument> missing = new ArrayList<>();
                    List<VectorDocument> known = new ArrayList<>();
                    documents.forEach(document ->
                            (there.contains(ChromaDocuments.name(document.id())) ? known : missing).add(document));
                    return write("chroma_add_documents", missing)
                            .compose(added -> write("chroma_update_documents", known));
                });
    }

    private Future<Void> write(String tool, List<VectorDocument> documents) {
        if (documents.isEmpty()) {
            return Future.succeededFuture();
        }
        ObjectNode arguments = arguments();
        ArrayNode ids = arguments.putArray("ids");
        ArrayNode texts = arguments.putArray("documents");
        ArrayNode metadata = arguments.putArray("metadatas");
        for (VectorDocument document : documents) {
            ids.add(ChromaDocuments.name(document.id()));
            texts.add(ChromaDocuments.shortened(document.text()));
            metadata.add(ChromaDocuments.metadata(document));
        }
        return call(tool, arguments, LONG_MS).mapEmpty();
    }

    @Override
    public Future<Void> delete(List<Long> ids) {
        if (ids.isEmpty()) {
            return Future.succeededFuture();
        }
        ObjectNode arguments = arguments();
        ArrayNode names = arguments.putArray("ids");
        ids.forEach(id -> names.add(ChromaDocuments.name(id)));
        return call("chroma_delete_documents", arguments, LONG_MS).mapEmpty();
    }

    @Override
    public Future<List<VectorHits.Hit>> query(VectorQuery query, long timeoutMs) {
        ObjectNode arguments = arguments().put("n_results", query.limit());
        arguments.putArray("query_texts").add(ChromaDocuments.shortened(query.text()));
        arguments.putArray("include").add("distances");
        ObjectNode where = Where.of(query);
        if (where != null) {
            arguments.set("where", where);
        }
        return call("chroma_query_documents", arguments, timeoutMs).map(json -> ChromaDocuments.hits(tree(json), 1));
    }

    private Future<String> call(String tool, ObjectNode arguments, long timeoutMs) {
        return tools.call(tool, arguments, timeoutMs).map(answer -> {
            String text = answer.texts().isEmpty() ? "" : answer.texts().get(0);
            if (answer.failed()) {
                throw new IndexException(text);
            }
            return text;
        });
    }

    private static ObjectNode arguments() {
        return WireFormat.mapper().createObjectNode().put("collection_name", COLLECTION);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new IndexException("the count is not a number: " + text);
        }
    }

    private static Set<String> ids(String json) {
        Set<String> ids = new HashSet<>();
        tree(json).path("ids").forEach(id -> ids.add(id.asText()));
        return ids;
    }

    private static JsonNode tree(String json) {
        try {
            return WireFormat.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IndexException("the answer is not JSON: " + e.getOriginalMessage());
        }
    }
}
