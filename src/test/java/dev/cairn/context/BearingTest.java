package dev.cairn.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bus.Coverage;
import dev.cairn.bus.Ranked;
import dev.cairn.bus.VectorHits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BearingTest {
    private static final long MEMORIES = 1_000;
    private static final double WITHIN = 0.68;
    /** 1.85 times the logarithm of a fifth of 1,000 is 9.80. */
    private static final double TELLING = 9.81;

    private final List<VectorHits.Hit> near = new ArrayList<>();
    private final List<Ranked.Hit> words = new ArrayList<>();

    @Test
    void whatIsNearAndSharesTellingWordsBears() {
        memory(1, 0.66, TELLING);

        assertThat(bearing(MEMORIES)).containsExactly(1L);
    }

    @Test
    void whatIsNearButSharesNoTellingWordsDoesNot() {
        memory(1, 0.90, 9.79);
        memory(2, 0.95, 0);

        assertThat(bearing(MEMORIES)).isEmpty();
    }

    @Test
    void whatSharesWordsButIsFarDoesNot() {
        memory(1, 0.65, 40);

        assertThat(bearing(MEMORIES)).isEmpty();
    }

    @Test
    void theMoreMemoriesThereAreTheMoreMustBeShared() {
        memory(1, 0.8, 7);

        assertThat(bearing(100)).containsExactly(1L);
        assertThat(bearing(MEMORIES)).isEmpty();
    }

    @Test
    void inAnEmptyOrOneMemoryStoreWordsStillMustBeShared() {
        memory(1, 0.9, 0.99);

        assertThat(bearing(0)).isEmpty();
        assertThat(bearing(1)).isEmpty();
    }

    @Test
    void whatIsBehindTheBestIsLeftOut() {
        memory(1, 0.80, 30);
        memory(2, 0.76, 30);
        memory(3, 0.74, 30);
        // As near as the best, with half its words: 0.1 behind.
        memory(4, 0.80, 15);

        assertThat(bearing(MEMORIES)).containsExactly(1L, 2L);
    }

    @Test
    void wordsMayPutTheSecondNearestFirst() {
        memory(1, 0.80, 20);
        memory(2, 0.78, 30);

        assertThat(bearing(MEMORIES)).startsWith(2L);
    }

    @Test
    void ofTwoThatBearAlikeTheNewerComesFirst() {
        memory(1, 0.8, 20);
        memory(2, 0.8, 20);

        assertThat(bearing(MEMORIES)).containsExactly(2L, 1L);
    }

    private void memory(long id, double cosine, double shared) {
        near.add(new VectorHits.Hit(id, 2 - 2 * cosine));
        if (shared > 0) {
            words.add(new Ranked.Hit(id, shared));
        }
    }

    private List<Long> bearing(long memories) {
        Coverage all = new Coverage(memories, memories);
        return Bearing.of(new VectorHits(near, all, 1, WITHIN), new Ranked(words, words.size(), all), WITHIN + 1e-9);
    }
}
