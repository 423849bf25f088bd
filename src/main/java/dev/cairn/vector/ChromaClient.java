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
 * <p>Futures fail with a {@link ChromaException} when Chroma refused, and as {@link ToolCaller#call} does when no answer came.
 */
final class ChromaClient {
    /** The collection belongs to one embedding model: another one means another name, and with it a rebuild. */
    static final String COLLECTION = "cairn-all-minilm-l6-v2";

    /** The model reads 256 tokens; what is beyond as many words would only be stored. In UTF-16 units. */
    static final int MAX_TEXT = 4_000;

    private static final long SHORT_MS = 10_000;
    /** A batch of 128 took 5.6 to 8.5 s on two shared cores; a smaller one behind another call may take as long. */
    private static final long LONG_MS = 60_000;

    private final ToolCaller tools;

    ChromaClient(ToolCaller tools) {
        this.tools = tools;
    }

    /** How many documents there are; fails with MISSING_COLLECTION when there is no collection. */
    Future<Long> count() {
        return call("chroma_get_collection_count", arguments(), SHORT_MS).map(ChromaClient::number);
    }

    /** Makes the collection; one that is there already is as good. */
    Future<Void> create() {
        ObjectNode arguments = arguments().put("embedding_function_name", "default");
        return call("chroma_create_collection", arguments, SHORT_MS)
                .<Void>mapEmpty()
                .recover(failure -> passOver(failure, ChromaException.Kind.COLLECTION_EXISTS));
    }

    /** Drops the collection with all it holds; one that is not there is as good. */
    Future<Void> drop() {
        return call("chroma_delete_collection", arguments(), LONG_MS)
                .<Void>mapEmpty()
                .recover(failure -> passOver(failure, ChromaException.Kind.MISSING_COLLECTION));
    }

    private static Future<Void> passOver(Throwable failure, ChromaException.Kind kind) {
        return failure instanceof ChromaException refusal && refusal.kind() == kind
                ? Future.succeededFuture()
                : Future.failedFuture(failure);
    }

    /** Adds the documents that are missing and updates the others: to add one that is there is refused. */
    Future<Void> upsert(List<VectorDocument> documents) {
        if (documents.isEmpty()) {
            return Future.succeededFuture();
        }
        ObjectNode arguments = arguments();
        ArrayNode ids = arguments.putArray("ids");
        documents.forEach(document -> ids.add(name(document.id())));
        arguments.putArray("include");
        return call("chroma_get_documents", arguments, SHORT_MS)
                .map(ChromaClient::ids)
                .compose(there -> {
                    List<VectorDocument> missing = new ArrayList<>();
                    List<VectorDocument> known = new ArrayList<>();
                    documents.forEach(
                            document -> (there.contains(name(document.id())) ? known : missing).add(document));
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
            ids.add(name(document.id()));
            texts.add(shortened(document.text()));
            // An update leaves keys alone that it does not name, so all are always named.
            metadata.addObject()
                    .put("project", document.project().key())
                    .put("projectName", document.project().name())
                    .put("kind", document.kind().toString())
                    .put("type", document.type() == null ? "" : document.type())
                    .put("createdAt", document.createdAt());
        }
        return call(tool, arguments, LONG_MS).mapEmpty();
    }

    /** Deletes documents; those that are not there are passed over. */
    Future<Void> delete(List<Long> ids) {
        if (ids.isEmpty()) {
            return Future.succeededFuture();
        }
        ObjectNode arguments = arguments();
        ArrayNode names = arguments.putArray("ids");
        ids.forEach(id -> names.add(name(id)));
        return call("chroma_delete_documents", arguments, LONG_MS).mapEmpty();
    }

    /** The nearest documents, the nearest first. */
    Future<List<VectorHits.Hit>> query(VectorQuery query, long timeoutMs) {
        ObjectNode arguments = arguments().put("n_results", query.limit());
        arguments.putArray("query_texts").add(shortened(query.text()));
        arguments.putArray("include").add("distances");
        ObjectNode where = Where.of(query);
        if (where != null) {
            arguments.set("where", where);
        }
        return call("chroma_query_documents", arguments, timeoutMs).map(ChromaClient::hits);
    }

    private Future<String> call(String tool, ObjectNode arguments, long timeoutMs) {
        return tools.call(tool, arguments, timeoutMs).map(answer -> {
            String text = answer.texts().isEmpty() ? "" : answer.texts().get(0);
            if (answer.failed()) {
                throw new ChromaException(text);
            }
            return text;
        });
    }

    private static ObjectNode arguments() {
        return WireFormat.mapper().createObjectNode().put("collection_name", COLLECTION);
    }

    private static String name(long id) {
        return "m" + id;
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new ChromaException("the count is not a number: " + text);
        }
    }

    private static Set<String> ids(String json) {
        Set<String> ids = new HashSet<>();
        tree(json).path("ids").forEach(id -> ids.add(id.asText()));
        return ids;
    }

    private static List<VectorHits.Hit> hits(String json) {
        JsonNode answer = tree(json);
        JsonNode ids = answer.path("ids").path(0);
        JsonNode distances = answer.path("distances").path(0);
        List<VectorHits.Hit> hits = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i).asText();
            if (id.matches("m\\d{1,18}") && distances.path(i).isNumber()) {
                hits.add(new VectorHits.Hit(
                        Long.parseLong(id.substring(1)), distances.get(i).asDouble()));
            }
        }
        return hits;
    }

    private static JsonNode tree(String json) {
        try {
            return WireFormat.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new ChromaException("the answer is not JSON: " + e.getOriginalMessage());
        }
    }

    /** Cut between characters, and never empty: Chroma would embed nothing. */
    private static String shortened(String text) {
        if (text.isBlank()) {
            return "(empty)";
        }
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
        return text.substring(0, end);
    }
}
