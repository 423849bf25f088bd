package dev.cairn.context;

import dev.cairn.bus.Ranked;
import dev.cairn.bus.VectorHits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which memories bear on a prompt: those near enough to it in meaning that also share telling words with it, and are little behind the
 * best of them. Either alone lets too much through: prompts such as "fix the failing test" are near to many memories of any project,
 * and words are shared by chance. How the bounds were chosen is in {@code semantic-context.md}.
 */
final class Bearing {
    /**
     * What the shared words must tell, as bm25, by what one word tells that a few memories have. A few and not one, since the prompt itself
     * and those like it have its words too, which counts in a store of a hundred memories.
     */
    private static final double WORDS = 1.85;

    private static final double FEW = 5;
    private static final double LEAST = 1;

    /** What it counts to share as much in words as the best does, as a cosine. */
    private static final double BEST_WORDS = 0.2;

    /** What is farther behind the best than that is left out. */
    private static final double BEHIND = 0.05;

    private record Near(long id, double cosine, double words) {
        double score(double mostWords) {
            return cosine + BEST_WORDS * words / mostWords;
        }
    }

    private Bearing() {}

    /**
     * The ids of those that bear on it, the best first.
     *
     * @param meaning by distance
     * @param words by bm25, with the number of all memories
     * @param within the greatest distance
     */
    static List<Long> of(VectorHits meaning, Ranked words, double within) {
        double telling = Math.max(LEAST, WORDS * Math.log(words.coverage().total() / FEW));
        Map<Long, Double> shared = new HashMap<>();
        words.hits().forEach(hit -> shared.put(hit.id(), hit.score()));
        List<Near> near = new ArrayList<>();
        double most = 0;
        for (VectorHits.Hit hit : meaning.hits()) {
            double score = shared.getOrDefault(hit.id(), 0.0);
            if (hit.distance() <= within && score >= telling) {
                near.add(new Near(hit.id(), 1 - hit.distance() / 2, score));
                most = Math.max(most, score);
            }
        }
        double mostWords = most;
        near.sort(Comparator.comparingDouble((Near each) -> each.score(mostWords))
                .reversed()
                .thenComparing(Comparator.comparingLong(Near::id).reversed()));
        return near.stream()
                .filter(each -> each.score(mostWords) >= near.get(0).score(mostWords) - BEHIND)
                .map(Near::id)
                .toList();
    }
}
