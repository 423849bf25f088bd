package dev.cairn.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.VectorDocument;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.model.Kind;
import dev.cairn.model.Project;
import dev.cairn.vector.embed.Embedder;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What every vector index does, whichever it is. To put one to the test, extend this and open it.
 *
 * <p>It holds for whatever embeds: texts that are the same are nearest, those that share words are nearer than others.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class VectorIndexContract {
    private static final Project ONE = new Project("/home/u/one", "one");
    private static final Project TWO = new Project("/home/u/two", "two");
    private static final long TIMEOUT_MS = 30_000;

    private Vertx vertx;
    private Context context;
    private VectorIndex index;

    /**
     * Opens the index, with no collection in it or any; called once, on an event loop, where the index is used.
     *
     * @param embedder for an index that does not embed by itself
     */
    abstract Future<VectorIndex> open(Vertx vertx, Embedder embedder) throws Exception;

    /** Before documents are written: where an index looks at the memories themselves they must be there. */
    Future<Void> saved(List<VectorDocument> documents) {
        return Future.succeededFuture();
    }

    /** Gives back what {@link #open} took. */
    void shut() throws Exception {}

    @BeforeAll
    void opened() throws Exception {
        vertx = Vertx.vertx();
        context = vertx.getOrCreateContext();
        index = on(() -> open(vertx, new WordEmbedder()));
    }

    @AfterAll
    void closed() throws Exception {
        try {
            shut();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @BeforeEach
    void empty() throws Exception {
        on(index::drop);
        on(index::create);
    }

    @Test
    void anEmptyOneCountsNothingAndFindsNothing() throws Exception {
        assertThat(count()).isZero();
        assertThat(found("anything at all")).isEmpty();
    }

    @Test
    void toMakeItAgainChangesNothing() throws Exception {
        write(document(1, "bread is baked before dawn"));
        on(index::create);
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void theNearestComeFirstWithSquaredDistancesOfUnitVectors() throws Exception {
        write(
                document(1, "the night watchman walks through the harbour"),
                document(2, "the night watchman walks through the old town"),
                document(3, "quarterly revenue grew by three percent"));

        List<VectorHits.Hit> hits = hits(query("the night watchman walks through the harbour", 10));

        assertThat(hits).extracting(VectorHits.Hit::id).containsExactly(1L, 2L, 3L);
        assertThat(hits).isSortedAccordingTo(Comparator.comparingDouble(VectorHits.Hit::distance));
        assertThat(hits.get(0).distance()).as("the same text").isBetween(0.0, 0.01);
        assertThat(hits.get(2).distance()).as("unrelated").isBetween(1.3, 2.7);
    }

    @Test
    void aDocumentThatIsThereIsReplaced() throws Exception {
        write(document(1, "bread is baked before dawn"), document(2, "rain falls on the hills"));
        write(
                new VectorDocument(1, 1, Kind.SUMMARY, null, TWO, 99, "the harbour is closed in winter"),
                document(3, "a third one that was not there"));

        assertThat(count()).isEqualTo(3);
        assertThat(hits(query("the harbour is closed in winter", 1)).get(0).distance())
                .isLessThan(0.01);
        assertThat(found(filtered(ONE.key(), List.of(), List.of(), null, null))).containsExactlyInAnyOrder(2L, 3L);
        assertThat(found(filtered(null, List.of(Kind.SUMMARY), List.of(), 99L, 99L)))
                .containsExactly(1L);
        assertThat(found(filtered(null, List.of(), List.of("note"), null, null)))
                .as("its type went")
                .containsExactlyInAnyOrder(2L, 3L);
    }

    @Test
    void theSameBatchTwiceMakesNoDuplicates() throws Exception {
        VectorDocument[] batch = {document(1, "one"), document(2, "two")};
        write(batch);
        write(batch);
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void whatIsDeletedIsGoneAndWhatIsNotThereIsPassedOver() throws Exception {
        write(document(1, "bread is baked before dawn"), document(2, "rain falls on the hills"));

        on(() -> index.delete(List.of(1L, 77L)));

        assertThat(count()).isEqualTo(1);
        assertThat(found("bread is baked before dawn")).containsExactly(2L);
        on(() -> index.delete(List.of(1L)));
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void nothingToWriteOrDeleteIsDone() throws Exception {
        on(() -> index.upsert(List.of()));
        on(() -> index.delete(List.of()));
        assertThat(count()).isZero();
    }

    @Test
    void filtersAreAppliedBeforeTheLimit() throws Exception {
        String text = "the cache is cleared at midnight";
        write(
                new VectorDocument(1, 0, Kind.OBSERVATION, "bugfix", ONE, 1_000, text),
                new VectorDocument(2, 0, Kind.OBSERVATION, "feature", ONE, 2_000, text + " twice"),
                new VectorDocument(3, 0, Kind.SUMMARY, null, TWO, 3_000, text + " by a timer"),
                new VectorDocument(4, 0, Kind.PROMPT, null, TWO, 1_700_000_000_000L, "why is the sky blue"));

        assertThat(found(filtered(ONE.key(), List.of(), List.of(), null, null))).containsExactlyInAnyOrder(1L, 2L);
        assertThat(found(filtered("two", List.of(), List.of(), null, null))).containsExactlyInAnyOrder(3L, 4L);
        assertThat(found(filtered("three", List.of(), List.of(), null, null))).isEmpty();
        assertThat(found(filtered(null, List.of(Kind.SUMMARY, Kind.PROMPT), List.of(), null, null)))
                .containsExactlyInAnyOrder(3L, 4L);
        assertThat(found(filtered(null, List.of(), List.of("bugfix", "feature"), null, null)))
                .containsExactlyInAnyOrder(1L, 2L);
        assertThat(found(filtered(null, List.of(), List.of(), 2_000L, 3_000L))).containsExactlyInAnyOrder(2L, 3L);
        assertThat(found(filtered(null, List.of(), List.of(), 3_001L, null))).containsExactly(4L);
        assertThat(found(filtered(null, List.of(), List.of(), null, 999L))).isEmpty();
        assertThat(found(filtered("one", List.of(Kind.OBSERVATION), List.of("feature"), 1_500L, 2_500L)))
                .containsExactly(2L);
        assertThat(found(new VectorQuery(text, "two", List.of(Kind.PROMPT), List.of(), null, null, 1)))
                .as("three that fit the text better are filtered out first")
                .containsExactly(4L);
    }

    @Test
    void noMoreThanTheLimitComeAndNoneIsMissing() throws Exception {
        List<VectorDocument> many = new ArrayList<>();
        LongStream.rangeClosed(1, 70).forEach(id -> many.add(document(id, "document number " + id)));
        write(many);

        assertThat(count()).isEqualTo(70);
        assertThat(found("document number 33")).hasSize(10).startsWith(33L);
        assertThat(hits(query("document", 1_000))).hasSize(70).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("G4: texts in any script, with characters beyond the first plane")
    void textsInAnyScript() throws Exception {
        List<String> texts = List.of(
                "数据库迁移失败 因为锁超时",
                "テストが失敗した",
                "데이터베이스 마이그레이션",
                "שלום עולם",
                "naïve café 😀 family 👩‍👩‍👧",
                "tabs\tand\nlines \"quoted\" \\ {json}");
        for (int i = 0; i < texts.size(); i++) {
            write(document(i + 1, texts.get(i)));
        }
        for (int i = 0; i < texts.size(); i++) {
            VectorQuery query = query(texts.get(i), 6);
            VectorHits.Hit own = hits(query).stream()
                    .min(Comparator.comparingDouble(VectorHits.Hit::distance))
                    .orElseThrow();
            assertThat(own.distance()).as(texts.get(i)).isLessThan(0.01);
        }
        assertThat(count()).isEqualTo(texts.size());
    }

    @Test
    void anEmptyAndAVeryLongTextAreKeptToo() throws Exception {
        String cut = "x".repeat(ChromaDocuments.MAX_TEXT - 1) + "\ud83d\ude00";
        write(document(1, ""), document(2, " \n"), document(3, "word ".repeat(20_000)), document(4, cut));

        assertThat(count()).isEqualTo(4);
        assertThat(found("word word word")).hasSize(4);
        assertThat(found("")).hasSize(4);
        assertThat(found("word ".repeat(20_000))).startsWith(3L);
    }

    @Test
    @DisplayName("G5: a collection that is not there is told by its kind, and can be made again")
    void aMissingCollectionIsTold() throws Exception {
        write(document(1, "bread is baked before dawn"));
        on(index::drop);
        on(index::drop);

        missing(() -> index.count());
        missing(() -> index.query(query("bread", 5), TIMEOUT_MS));
        missing(() -> index.upsert(List.of(document(2, "rain"))));
        missing(() -> index.delete(List.of(1L)));

        on(index::create);
        assertThat(count()).as("it begins with nothing").isZero();
        write(document(2, "rain falls on the hills"));
        on(index::complete);
        assertThat(found("rain falls on the hills")).containsExactly(2L);
    }

    private void missing(Supplier<Future<?>> call) {
        assertThatThrownBy(() -> on(call::get))
                .isInstanceOfSatisfying(
                        IndexException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(IndexException.Kind.MISSING_COLLECTION));
    }

    private static VectorDocument document(long id, String text) {
        return new VectorDocument(id, 0, Kind.OBSERVATION, "note", ONE, 5, text);
    }

    private static VectorQuery query(String text, int limit) {
        return new VectorQuery(text, null, List.of(), List.of(), null, null, limit);
    }

    private static VectorQuery filtered(String project, List<Kind> kinds, List<String> types, Long from, Long to) {
        return new VectorQuery("the cache", project, kinds, types, from, to, 10);
    }

    private void write(VectorDocument... documents) throws Exception {
        write(List.of(documents));
    }

    private void write(List<VectorDocument> documents) throws Exception {
        on(() -> saved(documents));
        on(() -> index.upsert(documents));
    }

    private long count() throws Exception {
        return on(index::count);
    }

    private List<VectorHits.Hit> hits(VectorQuery query) throws Exception {
        return on(() -> index.query(query, TIMEOUT_MS));
    }

    private List<Long> found(VectorQuery query) throws Exception {
        return hits(query).stream().map(VectorHits.Hit::id).toList();
    }

    private List<Long> found(String text) throws Exception {
        return found(query(text, 10));
    }

    private interface Call<T> {
        Future<T> make() throws Exception;
    }

    /** On the event loop that the index is used on. */
    private <T> T on(Call<T> call) throws Exception {
        Future<T> answer = Future.future(promise -> context.runOnContext(any -> {
            try {
                call.make().onComplete(promise);
            } catch (Exception e) {
                promise.fail(e);
            }
        }));
        try {
            return answer.toCompletionStage().toCompletableFuture().get(180, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
