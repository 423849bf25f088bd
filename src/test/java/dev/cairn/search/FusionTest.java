package dev.cairn.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.bus.Coverage;
import dev.cairn.bus.Links;
import dev.cairn.bus.Ranked;
import dev.cairn.bus.VectorHits;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FusionTest {
    private static final Coverage ALL = new Coverage(100, 100);
    private static final double NOISE = 1.5;
    private static final long DAY = 24L * 3_600_000;
    private static final double TINY = 1e-9;

    @Test
    void whatBothFoundComesBeforeWhatOneFound() {
        List<Fusion.Candidate> joined =
                Fusion.join(words(hit(1, 9), hit(2, 8)), meaning(near(3, 0.3), near(2, 0.35), near(4, 1.2)));

        assertThat(joined).extracting(Fusion.Candidate::id).startsWith(2L).contains(1L, 3L, 4L);
        assertThat(joined.get(0).why()).containsOnly(entry("keyword", 8.0), entry("semantic", 1 - 0.35 / 2));
        assertThat(of(joined, 1).why()).containsOnly(entry("keyword", 9.0));
        assertThat(of(joined, 3).why()).containsOnly(entry("semantic", 1 - 0.3 / 2));
    }

    @Test
    @DisplayName(
            "The best by words and the nearest by meaning, if it is one memory, scores 1; nothing scores more or less than 0")
    void scoresAreBetweenNoughtAndOne() {
        assertThat(Fusion.join(words(hit(1, 40)), meaning(near(1, 0.2), near(2, 0.9)))
                        .get(0)
                        .score())
                .isEqualTo(1, within(TINY));
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            double[] bm25 =
                    random.doubles(random.nextInt(20), 0.001, 60).sorted().toArray();
            double[] distances =
                    random.doubles(random.nextInt(120), 0, 2).sorted().toArray();
            Ranked words = new Ranked(
                    IntStream.range(0, bm25.length)
                            .mapToObj(i -> hit(i, bm25[bm25.length - 1 - i]))
                            .toList(),
                    bm25.length,
                    ALL);
            VectorHits meaning = new VectorHits(
                    IntStream.range(0, distances.length)
                            .mapToObj(i -> near(2L * i, distances[i]))
                            .toList(),
                    ALL,
                    NOISE);

            List<Fusion.Candidate> joined = Fusion.join(words, meaning);

            assertThat(joined).isSortedAccordingTo(Fusion.BEST_FIRST);
            assertThat(joined).extracting(Fusion.Candidate::id).doesNotHaveDuplicates();
            assertThat(joined).allSatisfy(each -> assertThat(each.score()).isBetween(0.0, 1 + TINY));
        }
    }

    @Test
    void whatIsOnlyMeantAndFarIsNoiseButWordsKeepIt() {
        List<Fusion.Candidate> joined = Fusion.join(
                words(hit(2, 5)), meaning(near(1, NOISE - 0.01), near(2, NOISE + 0.1), near(3, NOISE + 0.2)));

        assertThat(joined).extracting(Fusion.Candidate::id).containsExactlyInAnyOrder(1L, 2L);
        assertThat(of(joined, 2).why()).containsOnlyKeys("keyword", "semantic");
    }

    @Test
    @DisplayName("Of few hits even the last may be near: how far the far ones are is then the index's word")
    void fewHitsAreMeasuredByTheNoise() {
        List<Fusion.Candidate> few = Fusion.join(nothing(), meaning(near(1, 0.5), near(2, 0.6)));
        assertThat(of(few, 1).score()).isEqualTo(0.55, within(TINY));
        assertThat(of(few, 2).score()).isEqualTo(0.55 * (NOISE - 0.6) / (NOISE - 0.5), within(TINY));

        VectorHits many = new VectorHits(
                LongStream.range(0, 60).mapToObj(i -> near(i, 0.5 + i * 0.01)).toList(), ALL, NOISE);
        List<Fusion.Candidate> ofMany = Fusion.join(nothing(), many);
        assertThat(of(ofMany, 59).score()).isZero();
        assertThat(of(ofMany, 30).score()).isEqualTo(0.55 * 29 / 59, within(TINY));
    }

    @Test
    void oneHitByMeaningAsFarAsTheNoiseStillIsTheNearest() {
        assertThat(Fusion.join(nothing(), meaning(near(1, NOISE))).get(0).score())
                .isEqualTo(0.55, within(TINY));
        assertThat(Fusion.join(nothing(), meaning())).isEmpty();
    }

    @Test
    void equalScoresShowTheNewerMemoryFirst() {
        assertThat(Fusion.join(words(hit(3, 2), hit(7, 2), hit(5, 2)), meaning()))
                .extracting(Fusion.Candidate::id)
                .containsExactly(7L, 5L, 3L);
    }

    @Test
    void aGoodMatchLiftsWhatStandsBesideIt() {
        List<Fusion.Candidate> settled = Fusion.settle(
                List.of(candidate(10, 0.9), candidate(30, 0.31), candidate(11, 0.3), candidate(9, 0.1)),
                links(
                        link(10, null, 9L, 11L),
                        link(11, null, 10L, 12L),
                        link(9, null, null, 10L),
                        link(30, null, 29L, 31L)),
                false);

        assertThat(settled).extracting(Fusion.Candidate::id).containsExactly(10L, 11L, 30L, 9L);
        assertThat(of(settled, 11).score()).isEqualTo(0.3 + 0.2 * 0.9, within(TINY));
        assertThat(of(settled, 11).why()).contains(entry("neighbour", 0.2 * 0.9));
        // By what it scored itself, not by what it was lifted to.
        assertThat(of(settled, 10).score()).isEqualTo(0.9 + 0.2 * 0.3, within(TINY));
        assertThat(of(settled, 30).why()).containsOnlyKeys("keyword");
    }

    @Test
    void aSessionCountsByTheMeanOfItsThreeBest() {
        List<Fusion.Candidate> settled = Fusion.settle(
                List.of(candidate(1, 0.9), candidate(2, 0.6), candidate(3, 0.5), candidate(4, 0.4), candidate(5, 0.7)),
                links(link(1, 7L), link(2, 7L), link(3, 7L), link(4, 7L), link(5, 8L)),
                false);

        assertThat(of(settled, 4).why().get("session")).isEqualTo(0.3 * (0.9 + 0.6 + 0.5) / 3, within(TINY));
        assertThat(of(settled, 5).why().get("session")).isEqualTo(0.3 * 0.7 / 3, within(TINY));
        assertThat(settled.get(1).id()).as("with its session behind it").isEqualTo(2);
    }

    @Test
    void onlyWithRecencyTheNewerOfTwoEqualsComesFirst() {
        List<Fusion.Candidate> equals = List.of(candidate(2, 0.5), candidate(1, 0.5));
        Links links =
                links(new Links.Link(1, null, null, null, 400 * DAY), new Links.Link(2, null, null, null, 370 * DAY));

        assertThat(Fusion.settle(equals, links, false)).isEqualTo(equals);
        List<Fusion.Candidate> recent = Fusion.settle(equals, links, true);
        assertThat(recent).extracting(Fusion.Candidate::id).containsExactly(1L, 2L);
        assertThat(of(recent, 1).why()).contains(entry("recency", 0.1));
        assertThat(of(recent, 2).why().get("recency")).isEqualTo(0.05, within(TINY));
    }

    @Test
    void whatHasNoLinkIsNoLongerThereAndLiftsNothing() {
        List<Fusion.Candidate> settled =
                Fusion.settle(List.of(candidate(1, 0.9), candidate(2, 0.5)), links(link(2, null, 1L, null)), true);

        assertThat(settled).extracting(Fusion.Candidate::id).containsExactly(2L);
        assertThat(settled.get(0).why()).doesNotContainKey("neighbour");
        assertThat(Fusion.settle(List.of(), links(), true)).isEmpty();
    }

    @Test
    void theOthersFollowTheSettledOnesAndNoneTwice() {
        List<Fusion.Candidate> all = Fusion.after(
                List.of(candidate(2, 0.4), candidate(1, 0.3)),
                List.of(candidate(1, 0.9), candidate(3, 0.8), candidate(4, 0.1)));

        assertThat(all).extracting(Fusion.Candidate::id).containsExactly(2L, 1L, 3L, 4L);
    }

    private static Fusion.Candidate of(List<Fusion.Candidate> candidates, long id) {
        return candidates.stream()
                .filter(each -> each.id() == id)
                .findFirst()
                .orElseThrow(() -> new AssertionError(id + " is not among " + candidates));
    }

    private static Fusion.Candidate candidate(long id, double score) {
        return new Fusion.Candidate(id, score, Map.of("keyword", score));
    }

    private static Ranked words(Ranked.Hit... hits) {
        return new Ranked(Arrays.asList(hits), hits.length, ALL);
    }

    private static Ranked nothing() {
        return words();
    }

    private static Ranked.Hit hit(long id, double score) {
        return new Ranked.Hit(id, score);
    }

    private static VectorHits meaning(VectorHits.Hit... hits) {
        return new VectorHits(Arrays.asList(hits), ALL, NOISE);
    }

    private static VectorHits.Hit near(long id, double distance) {
        return new VectorHits.Hit(id, distance);
    }

    private static Links links(Links.Link... links) {
        return new Links(Arrays.asList(links));
    }

    private static Links.Link link(long id, @Nullable Long session) {
        return new Links.Link(id, session, null, null, 0);
    }

    private static Links.Link link(long id, @Nullable Long session, @Nullable Long previous, @Nullable Long next) {
        return new Links.Link(id, session, previous, next, 0);
    }
}
