package dev.cairn.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.Forget;
import dev.cairn.bus.NewMemory;
import dev.cairn.bus.SaveMemories;
import dev.cairn.bus.VectorHits;
import dev.cairn.bus.VectorQuery;
import dev.cairn.bus.VectorRows;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is saved is found by its meaning, and what is forgotten is not. */
class EmbeddedIndexTest extends EmbeddedIndexFixture {
    @Test
    void whatIsSavedIsFoundByItsWordsMostInCommon() throws Exception {
        save("the login uses tokens", "the garden has roses", "roses and tokens");

        settle();

        assertThat(ids(query("garden roses"))).containsExactly(2L, 3L, 1L);
        VectorHits hits = query("the login uses tokens");
        assertThat(hits.hits().get(0)).isEqualTo(new VectorHits.Hit(1, 0));
        assertThat(hits.coverage().indexed()).isEqualTo(3);
        assertThat(hits.coverage().total()).isEqualTo(3);
        assertThat(spaces()).singleElement().satisfies(space -> {
            assertThat(space.name()).isEqualTo("model-a");
            assertThat(space.dimensions()).isEqualTo(HashingEmbedder.DIMENSIONS);
            assertThat(space.count()).isEqualTo(3);
        });
        assertThat(model("model-a").documents).hasSize(3);
    }

    @Test
    void manyAreIndexedEachOnce() throws Exception {
        save(150);

        settle();

        assertThat(model("model-a").documents).hasSize(150).doesNotHaveDuplicates();
        assertThat(query("text77x").hits()).hasSize(150);
        assertThat(ids(query("text77x")).get(0)).isEqualTo(78L);
        assertThat(stats().indexed()).isEqualTo(150);
    }

    @Test
    void whatIsForgottenIsNotFoundEvenAfterARestart() throws Exception {
        save(5);
        settle();

        forget(2L, 4L);
        settle();

        assertThat(ids(query("text1x"))).containsExactlyInAnyOrder(1L, 3L, 5L);
        assertThat(vectors()).extracting(VectorRows.Row::id).containsExactly(1L, 3L, 5L);
        restart("model-a");
        awaitUp();
        assertThat(ids(query("text1x"))).containsExactlyInAnyOrder(1L, 3L, 5L);
        assertThat(stats().deletions()).isZero();
    }

    @Test
    @DisplayName(
            "H5: the vector of what stood behind a forgotten memory loses its words, though it was indexed long ago")
    void theNextOfAForgottenMemoryIsEmbeddedAgain() throws Exception {
        ask(
                Addresses.STORE_SAVE,
                new SaveMemories(
                        List.of(said("hush plan", 1_000), said("something else", 2_000), said("third", 3_000)),
                        "test"));
        save(100);
        settle();
        assertThat(model("model-a").documents.get(1)).contains("hush");
        model("model-a").documents.clear();

        forget(1L);
        // As the link does when it hears of it.
        settle();

        assertThat(model("model-a").documents).containsExactly("something else");
        double distance = query("hush plan").hits().stream()
                .filter(hit -> hit.id() == 2)
                .findFirst()
                .orElseThrow()
                .distance();
        assertThat(distance).isEqualTo(2);
    }

    @Test
    void filtersApply() throws Exception {
        save(3);
        ask(
                Addresses.STORE_SAVE,
                new SaveMemories(
                        List.of(new NewMemory("text1x", null, "bugfix", "/other", List.of(), List.of(), 9_000L)),
                        "test"));
        settle();

        assertThat(ids(query(new VectorQuery("text1x", "/other", List.of(), List.of(), null, null, 10))))
                .containsExactly(4L);
        assertThat(ids(query(new VectorQuery("text1x", null, List.of(), List.of("note"), null, 1_001L, 10))))
                .containsExactly(2L, 1L);
        assertThat(ids(query(new VectorQuery("text1x", null, List.of(), List.of(), null, null, 1))))
                .hasSize(1);
    }

    private static NewMemory said(String text, long at) {
        return new NewMemory(text, null, null, PROJECT, List.of(), List.of(), at, "talk");
    }

    private void forget(Long... ids) throws Exception {
        ask(Addresses.STORE_FORGET, new Forget(List.of(ids), null, null, null, null, null, null, false));
    }
}
