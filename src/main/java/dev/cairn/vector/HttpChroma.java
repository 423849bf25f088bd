package dev.cairn.vector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.bus.VectorDocument;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.bus.WireFormat;
import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import dev.cairn.vector.embed.Embedder;
import dev.cairn.vector.embed.EmbedderOptions;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collection in a Chroma server, over its HTTP API, version 2. The server is sent vectors, not texts to embed: the embedder is
 * ours. Used on one event loop.
 */
final class HttpChroma implements VectorIndex {
    private static final Logger LOG = LoggerFactory.getLogger(HttpChroma.class);

    private static final long SHORT_MS = 10_000;
    private static final long LONG_MS = 60_000;
    /** A batch of long texts on a busy machine, and the model's first loading before it. */
    private static final long EMBED_MS = 180_000;

    /** As many as an embedder takes at once. */
    private static final int MAX_TEXTS = 64;

    private static final int MAX_COLLECTIONS = 1_000;

    private static final String SPACE = "cosine";
    /** Chroma's cosine distance is 1 - cos; the squared distance of unit vectors is 2 - 2 cos. */
    private static final double SCALE = 2;

    private final ChromaHttp http;
    private final String collections;
    private final boolean bundled;
    private final CollectionName name;
    private final Embedder embedder;
    private final int maxBatch;
    private final Consumer<HttpChroma> lost;
    private @Nullable String id;
    private boolean tidied;

    /**
     * @param maxBatch how many documents the server takes at once
     * @param lost is told when the collection or the server was found gone
     */
    HttpChroma(
            ChromaHttp http,
            HttpChromaDoor.Place place,
            CollectionName name,
            Embedder embedder,
            int maxBatch,
            Consumer<HttpChroma> lost) {
        this.http = http;
        this.collections = ChromaTenancy.path(place.server()) + "/collections";
        this.bundled = place.model().equals(EmbedderOptions.BUNDLED);
        this.name = name;
        this.embedder = embedder;
        this.maxBatch = Math.max(1, maxBatch);
        this.lost = lost;
    }

    @Override
    public String collection() {
        return name.text();
    }

    @Override
    public Future<Long> count() {
        return at("/count", path -> http.get(path, SHORT_MS)).map(answer -> {
            if (!answer.isIntegralNumber()) {
                throw new IndexException("the count is not a number: " + answer);
            }
            return answer.asLong();
        });
    }

    @Override
    public Future<Void> create() {
        ObjectNode body =
                WireFormat.mapper().createObjectNode().put("name", name.text()).put("get_or_create", true);
        body.putObject("configuration").putObject("hnsw").put("space", SPACE);
        body.putObject("metadata").put(CollectionName.OWNER, name.owner());
        return told(http.post(collections, body, SHORT_MS)).map(made -> {
            id = checked(made);
            return null;
        });
    }

    @Override
    public Future<Void> drop() {
        id = null;
        return http.delete(collections + "/" + name.text(), LONG_MS)
                .<Void>mapEmpty()
                .recover(failure -> isMissing(failure) ? Future.succeededFuture() : Future.failedFuture(failure));
    }

    @Override
    public Future<Void> upsert(List<VectorDocument> documents) {
        int size = Math.min(MAX_TEXTS, maxBatch);
        return parts(documents, size, this::write);
    }

    private Future<Void> write(List<VectorDocument> documents) {
        List<String> texts = documents.stream()
                .map(document -> ChromaDocuments.shortened(document.text()))
                .toList();
        return embedded(embedder.documents(texts), EMBED_MS).compose(vectors -> {
            ObjectNode body = WireFormat.mapper().createObjectNode();
            ArrayNode ids = body.putArray("ids");
            ArrayNode embeddings = body.putArray("embeddings");
            ArrayNode bodies = body.putArray("documents");
            ArrayNode metadata = body.putArray("metadatas");
            for (int i = 0; i < documents.size(); i++) {
                ids.add(ChromaDocuments.name(documents.get(i).id()));
                embeddings.add(numbers(vectors.get(i)));
                bodies.add(texts.get(i));
                metadata.add(ChromaDocuments.metadata(documents.get(i)));
            }
            return at("/upsert", path -> http.post(path, body, LONG_MS)).mapEmpty();
        });
    }

    @Override
    public Future<Void> delete(List<Long> ids) {
        return parts(ids, maxBatch, part -> {
            ObjectNode body = WireFormat.mapper().createObjectNode();
            ArrayNode names = body.putArray("ids");
            part.forEach(each -> names.add(ChromaDocuments.name(each)));
            return at("/delete", path -> http.post(path, body, LONG_MS)).mapEmpty();
        });
    }

    @Override
    public Future<List<VectorHits.Hit>> query(VectorQuery query, long timeoutMs) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        return embedded(embedder.query(ChromaDocuments.shortened(query.text())), timeoutMs)
                .compose(vector -> {
                    ObjectNode body = WireFormat.mapper().createObjectNode().put("n_results", query.limit());
                    body.putArray("query_embeddings").add(numbers(vector));
                    body.putArray("include").add("distances");
                    ObjectNode where = Where.of(query);
                    if (where != null) {
                        body.set("where", where);
                    }
                    long leftMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
                    return at("/query", path -> http.post(path, body, leftMs));
                })
                .map(answer -> ChromaDocuments.hits(answer, SCALE));
    }

    @Override
    public double noise() {
        return bundled ? EmbeddedIndex.BUNDLED_NOISE : VectorIndex.super.noise();
    }

    /**
     * Collections of ours of earlier models would keep what was forgotten since. Tried once: a server that does not let us is no reason
     * to do without this one.
     */
    @Override
    public Future<Void> complete() {
        if (tidied) {
            return Future.succeededFuture();
        }
        tidied = true;
        return http.get(collections + "?limit=" + MAX_COLLECTIONS, SHORT_MS)
                .compose(this::dropFormer)
                .recover(failure -> {
                    LOG.warn("Collections of earlier models may be left: {}", failure.getMessage());
                    return Future.succeededFuture();
                });
    }

    private Future<Void> dropFormer(JsonNode all) {
        Future<Void> done = Future.succeededFuture();
        for (JsonNode each : all) {
            String other = each.path("name").asText();
            if (name.isFormer(other, each.path("metadata"))) {
                LOG.info("The collection {} is dropped: {} has every memory", other, name.text());
                done = done.compose(
                        any -> http.delete(collections + "/" + other, LONG_MS).mapEmpty());
            }
        }
        return done;
    }

    /** Whether it was found or made: before that there is nothing to look at. */
    boolean inUse() {
        return id != null;
    }

    /** Whether the collection is there still: the same one. */
    Future<Void> probe() {
        String known = id;
        return told(http.get(collections + "/" + name.text(), SHORT_MS).map(found -> {
            if (known != null && !known.equals(found.path("id").asText())) {
                throw new IndexException(IndexException.Kind.MISSING_COLLECTION, "the collection is another one now");
            }
            return null;
        }));
    }

    /** A call on the collection, which is looked up by its name first. */
    private Future<JsonNode> at(String call, Function<String, Future<JsonNode>> ask) {
        return told(id().compose(known -> ask.apply(collections + "/" + known + call)))
                .onFailure(failure -> {
                    if (isMissing(failure)) {
                        id = null;
                    }
                });
    }

    private Future<String> id() {
        String known = id;
        return known != null
                ? Future.succeededFuture(known)
                : http.get(collections + "/" + name.text(), SHORT_MS)
                        .map(HttpChroma::checked)
                        .onSuccess(found -> id = found);
    }

    /** One that measures otherwise is not ours; it is made anew like one that is missing. */
    private static String checked(JsonNode collection) {
        JsonNode configuration = collection.path("configuration_json");
        String space = configuration
                .path("hnsw")
                .path("space")
                .asText(configuration.path("spann").path("space").asText(""));
        if (!space.equals(SPACE)) {
            throw new IndexException(
                    IndexException.Kind.MISSING_COLLECTION, "the collection measures by '" + space + "', not " + SPACE);
        }
        return collection.path("id").asText();
    }

    private <T> Future<T> told(Future<T> asked) {
        return asked.onFailure(failure -> {
            boolean gone = failure instanceof CairnException missing && missing.code() == ErrorCode.UNAVAILABLE;
            if (gone || isMissing(failure)) {
                lost.accept(this);
            }
        });
    }

    private static boolean isMissing(Throwable failure) {
        return failure instanceof IndexException refusal && refusal.kind() == IndexException.Kind.MISSING_COLLECTION;
    }

    private static <T> Future<T> embedded(Future<T> vectors, long timeoutMs) {
        return vectors.timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(
                        failure instanceof TimeoutException
                                ? new CairnException(
                                        ErrorCode.TIMEOUT,
                                        "nothing was embedded within " + timeoutMs + " ms",
                                        null,
                                        failure)
                                : failure));
    }

    private static <T> Future<Void> parts(List<T> all, int size, Function<List<T>, Future<Void>> work) {
        if (all.isEmpty()) {
            return Future.succeededFuture();
        }
        int end = Math.min(size, all.size());
        return work.apply(all.subList(0, end)).compose(done -> parts(all.subList(end, all.size()), size, work));
    }

    private static ArrayNode numbers(float[] vector) {
        ArrayNode numbers = WireFormat.mapper().createArrayNode();
        for (float each : vector) {
            numbers.add(each);
        }
        return numbers;
    }
}
