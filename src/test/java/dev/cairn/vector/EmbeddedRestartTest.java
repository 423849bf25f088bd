package dev.cairn.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Addresses;
import dev.cairn.bus.SaveVectors;
import dev.cairn.bus.VectorBatch;
import dev.cairn.bus.VectorPending;
import dev.cairn.bus.VectorRows;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is there after an end, a crash or a loss. */
class EmbeddedRestartTest extends EmbeddedIndexFixture {
    @Test
    @DisplayName("G2: after a restart the vectors come from the database, and nothing is embedded again")
    void aRestartEmbedsNothingAgain() throws Exception {
        save(150);
        settle();
        List<VectorRows.Row> before = vectors();

        restart("model-a");
        awaitUp();

        assertThat(ids(query("text77x")).get(0)).isEqualTo(78L);
        settle();
        assertThat(model("model-a").documents).isEmpty();
        assertThat(sync.rebuilds()).isZero();
        assertThat(vectors()).usingRecursiveComparison().isEqualTo(before);
    }

    @Test
    void afterARestartItIsThereBeforeTheFirstSearch() throws Exception {
        save(3);
        settle();
        restart("model-a");

        wake();
        until(() -> door.state().equals("up"));

        assertThat(ids(query("text1x")).get(0)).isEqualTo(2L);
    }

    @Test
    @DisplayName("G2: vectors that were saved but not noted are made again, and nothing is double")
    void aCrashBetweenTheSaveAndItsNote() throws Exception {
        save(40);
        settle();
        save(20);
        VectorBatch sent = ask(Addresses.STORE_VECTOR_PENDING, new VectorPending(0, 32));
        assertThat(sent.documents()).hasSize(20);
        float[] vector = new float[HashingEmbedder.DIMENSIONS];
        vector[0] = 1;
        ask(
                Addresses.STORE_VECTOR_SAVE,
                new SaveVectors(
                        spaces().get(0).id(),
                        sent.documents().subList(0, 10).stream()
                                .map(document -> new SaveVectors.Entry(document.id(), vector))
                                .toList()));
        kill("model-a");

        settle();

        assertThat(sync.rebuilds()).isZero();
        assertThat(model("model-a").documents).hasSize(20);
        assertThat(vectors()).hasSize(60);
        assertThat(vectors()).noneSatisfy(row -> assertThat(row.vector()).isEqualTo(vector));
        assertThat(query("text3x").hits()).hasSize(60);
    }

    @Test
    @DisplayName("G5: vectors that were lost are noticed at the next start, and all are made anew")
    void lostVectorsAreNoticed() throws Exception {
        save(10);
        settle();
        ask(
                Addresses.STORE_VECTOR_DROP,
                new dev.cairn.bus.DropVectors(spaces().get(0).id(), List.of(3L)));
        restart("model-a");
        awaitUp();

        settle();

        until(() -> vectors().size() == 10);
        assertThat(sync.rebuilds()).isEqualTo(1);
        assertThat(ids(query("text2x")).get(0)).isEqualTo(3L);
    }
}
