package dev.cairn.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.model.CairnException;
import dev.cairn.model.ErrorCode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The model is loaded when it is needed, changed without a gap, and may fail. */
class EmbeddedModelTest extends EmbeddedIndexFixture {
    @Test
    void aModelThatIsBeingLoadedIsClosedByWhoeverEndsTheIndex() throws Exception {
        await(onLoop(() -> {
            door.open();
            return door.recycle("it took too long");
        }));

        assertThat(model("model-a").closed).isTrue();
        assertThat(door.state()).isEqualTo("down");
    }

    @Test
    void theModelIsNotLoadedWithoutAMemoryOrAQuery() throws Exception {
        wake();
        until(() -> !sync.working());

        assertThat(door.state()).isEqualTo("down");
        assertThat(embedders).isEmpty();
    }

    @Test
    @DisplayName(
            "After a change of the model the vectors of the former one answer until all are made anew; then they go")
    void theFormerModelAnswersUntilTheNewOneIsComplete() throws Exception {
        save(100);
        settle();
        restart("model-b");
        // A memory that the new model has no vector of must be found all the same.
        awaitUp();
        assertThat(door.details()).containsEntry("model", "model-b").containsKey("answers");
        assertThat(ids(query("text77x")).get(0)).isEqualTo(78L);
        assertThat(model("model-a").documents).isEmpty();

        awaitOnly("model-b");

        assertThat(spaces().get(0).count()).isEqualTo(100);
        assertThat(model("model-b").documents).hasSize(100);
        assertThat(model("model-a").closed).isTrue();
        assertThat(door.details()).doesNotContainKey("answers");
        assertThat(ids(query("text77x")).get(0)).isEqualTo(78L);
        assertThat(vectors()).hasSize(100);
    }

    @Test
    @DisplayName("A change of the model that is interrupted goes on at the next start")
    void anInterruptedChangeGoesOn() throws Exception {
        save(100);
        settle();
        restart("model-b");
        wake();
        HashingEmbedder before = awaitModel("model-b");
        until(() -> before.documents.size() > SyncStep.BATCH);
        kill("model-b");

        awaitOnly("model-b");

        assertThat(model("model-b").documents.size())
                .as("the first batch was noted")
                .isLessThan(100);
        assertThat(ids(query("text99x")).get(0)).isEqualTo(100L);
    }

    @Test
    void aFormerModelThatIsGoneLeavesTheQueriesToTheNewOne() throws Exception {
        save(10);
        settle();
        broken.put("model-a", "the file is gone");
        restart("model-b");

        awaitOnly("model-b");

        assertThat(ids(query("text7x")).get(0)).isEqualTo(8L);
    }

    @Test
    @DisplayName("G1: a model that cannot be loaded refuses searches with its reason, and is tried again until it can")
    void aModelThatCannotBeLoaded() throws Exception {
        broken.put("model-a", "vector.model: no such directory");
        save(3);
        wake();
        until(() -> sync.lastFailure() != null);

        assertThat(sync.lastFailure()).contains("no such directory");
        until(() -> door.state().equals("waiting"));
        assertThatThrownBy(() -> query("text1x"))
                .isInstanceOfSatisfying(
                        CairnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));

        broken.clear();
        settle();
        assertThat(sync.lastFailure()).isNull();
        assertThat(ids(query("text1x")).get(0)).isEqualTo(2L);
    }

    /** All memories have vectors of this model, and there are no others. */
    private void awaitOnly(String model) throws Exception {
        wake();
        until(() -> spaces().size() == 1 && spaces().get(0).name().equals(model) && !sync.working());
        assertThat(stats().indexed()).isEqualTo(stats().total());
    }

    private HashingEmbedder awaitModel(String name) throws Exception {
        until(() -> embedders.containsKey(name));
        return model(name);
    }
}
