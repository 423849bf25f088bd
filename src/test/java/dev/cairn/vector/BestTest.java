package dev.cairn.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BestTest {
    private record Scored(float score, long id) {}

    /** The best first; of equal scores the higher id first. */
    private static final Comparator<Scored> ORDER = Comparator.comparingDouble(Scored::score)
            .thenComparingLong(Scored::id)
            .reversed();

    @Test
    void keepsWhatSortingWouldPutFirst() {
        Random random = new Random(11);
        for (int round = 0; round < 500; round++) {
            int limit = 1 + random.nextInt(20);
            // Few different scores, so that many are equal.
            int different = 1 + random.nextInt(12);
            List<Scored> all = new ArrayList<>();
            Best best = new Best(limit);
            for (int id = random.nextInt(100); id > 0; id--) {
                Scored scored = new Scored(random.nextInt(different) - 3.5f, random.nextLong());
                all.add(scored);
                best.add(scored.score(), scored.id());
            }
            all.sort(ORDER);

            assertThat(inOrder(best)).isEqualTo(all.subList(0, Math.min(limit, all.size())));
            assertThat(best.size()).isEqualTo(Math.min(limit, all.size()));
        }
    }

    @Test
    void saysBeforehandWhatWouldStay() {
        Random random = new Random(12);
        Best best = new Best(7);
        for (int i = 0; i < 2_000; i++) {
            Scored scored = new Scored(random.nextInt(40), random.nextInt(1_000_000));
            List<Scored> before = inOrder(best);
            boolean takes = best.takes(scored.score(), scored.id());
            best.add(scored.score(), scored.id());
            assertThat(inOrder(best).equals(before)).isEqualTo(!takes);
        }
    }

    @Test
    void anEmptyOneHasNothing() {
        assertThat(new Best(3).ranked()).isEmpty();
        assertThat(new Best(3).takes(Float.NEGATIVE_INFINITY, Long.MIN_VALUE)).isTrue();
    }

    private static List<Scored> inOrder(Best best) {
        return Arrays.stream(best.ranked())
                .mapToObj(place -> new Scored(best.score(place), best.id(place)))
                .toList();
    }
}
