package dev.cairn.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.VectorDocument;
import dev.cairn.bus.VectorQuery;
import dev.cairn.model.Kind;
import dev.cairn.model.Project;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class McpChromaTest {
    private final FakeChroma chroma = new FakeChroma();
    private final McpChroma client = new McpChroma(chroma);

    private static VectorDocument document(long id, String text) {
        return new VectorDocument(id, 0, Kind.PROMPT, null, new Project("/p", "p"), 5, text);
    }

    @Test
    void errorsAreToldApartByTheirWords() {
        assertThat(client.count().cause())
                .isInstanceOfSatisfying(
                        IndexException.class,
                        e -> assertThat(e.kind()).isEqualTo(IndexException.Kind.MISSING_COLLECTION));
        assertThat(client.drop().succeeded()).isTrue();
        assertThat(client.create().succeeded()).isTrue();
        assertThat(client.create().succeeded()).isTrue();
        assertThat(new IndexException("The following IDs already exist in collection 'c': ['m1']").kind())
                .isEqualTo(IndexException.Kind.DUPLICATE_IDS);
    }

    @Test
    void anUpsertAddsWhatIsMissingAndUpdatesTheRest() {
        assertThat(client.create()
                        .compose(any -> client.upsert(List.of(document(1, "one"))))
                        .compose(any -> client.upsert(List.of(document(1, "uno"), document(2, "two"))))
                        .succeeded())
                .isTrue();

        assertThat(Objects.requireNonNull(chroma.collection).get("m1").text()).isEqualTo("uno");
        assertThat(chroma.collection).containsOnlyKeys("m1", "m2");
    }

    @Test
    void aLongTextIsCutBetweenCharacters() {
        String text = "x".repeat(ChromaDocuments.MAX_TEXT - 1) + "\ud83d\ude00" + "y";
        Future<Void> written = client.create().compose(any -> client.upsert(List.of(document(1, text))));

        assertThat(written.succeeded()).isTrue();
        assertThat(Objects.requireNonNull(chroma.collection).get("m1").text())
                .isEqualTo("x".repeat(ChromaDocuments.MAX_TEXT - 1));
    }

    @Test
    void filtersBecomeOneCondition() {
        assertThat(Where.of(new VectorQuery("q", null, List.of(), List.of(), null, null, 5)))
                .isNull();
        assertThat(Where.of(new VectorQuery("q", null, List.of(Kind.SUMMARY), List.of(), null, null, 5)))
                .hasToString("{\"kind\":{\"$in\":[\"summary\"]}}");
        assertThat(Where.of(new VectorQuery("q", "p", List.of(), List.of("bugfix"), 1L, 2L, 5)))
                .hasToString(
                        "{\"$and\":[{\"$or\":[{\"project\":\"p\"},{\"projectName\":\"p\"}]},"
                                + "{\"type\":{\"$in\":[\"bugfix\"]}},{\"createdAt\":{\"$gte\":1}},{\"createdAt\":{\"$lte\":2}}]}");
    }
}
