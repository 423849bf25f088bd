package dev.cairn.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bus.VectorQuery;
import dev.cairn.bus.VectorRows;
import dev.cairn.model.Kind;
import dev.cairn.model.Project;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VectorMatrixTest {
    private static final int DIMENSIONS = 48;
    private static final int BLOCK = 4_096;
    private static final Project CAIRN = new Project("/home/u/cairn", "cairn");
    private static final Project TWIN = new Project("/home/v/cairn", "cairn");
    private static final Project KILN = new Project("/home/u/kiln", "kiln");
    private static final List<Project> PROJECTS = List.of(CAIRN, TWIN, KILN);
    private static final List<String> TYPES = List.of("bugfix", "decision", "note");

    private final Random random = new Random(5);
    private final VectorMatrix matrix = new VectorMatrix(DIMENSIONS, PlainDot.INSTANCE);
    /** What it should hold, as floats. */
    private final Map<Long, VectorRows.Row> rows = new TreeMap<>();

    @Test
    void theBestHundredHoldTheTenNearest() {
        for (long id = 1; id <= 2 * BLOCK + 700; id++) {
            put(id);
        }
        int found = 0;
        for (int round = 0; round < 60; round++) {
            float[] query = vector();
            List<Long> nearest = nearest(query, all(), row -> true, 10);
            List<Long> rough = ids(matrix.nearest(query, all(), 100));
            assertThat(rough).hasSize(100).doesNotHaveDuplicates();
            // Exactly ranked, as the space does, those of the rough hundred that are among the ten must lead.
            found += (int) nearest.stream().filter(rough::contains).count();
        }
        assertThat(found / 600.0).isGreaterThanOrEqualTo(0.99);
    }

    @Test
    void aScoreIsTheCosineToWithinAHundredth() {
        for (long id = 1; id <= 300; id++) {
            put(id);
        }
        float[] query = vector();

        Best best = matrix.nearest(query, all(), 300);

        for (int place : best.ranked()) {
            assertThat(best.score(place))
                    .isCloseTo((float) cosine(query, row(best.id(place)).vector()), within());
        }
    }

    private static org.assertj.core.data.Offset<Float> within() {
        return org.assertj.core.data.Offset.offset(0.015f);
    }

    @Test
    void rowsComeAndGoAndAreReplacedAcrossBlocks() {
        for (long id = 1; id <= 3 * BLOCK; id++) {
            put(id);
        }
        assertHoldsExactly();
        // From the middle of the first block, at the borders of blocks, and the last rows.
        LongStream.of(1, 2, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 1, 3 * BLOCK - 1, 3 * BLOCK)
                .forEach(this::remove);
        assertHoldsExactly();
        for (int i = 0; i < BLOCK + 500; i++) {
            remove(1 + random.nextInt(3 * BLOCK));
        }
        assertHoldsExactly();
        for (int i = 0; i < 6_000; i++) {
            long id = 1 + random.nextInt(3 * BLOCK + 2_000);
            if (random.nextInt(3) == 0) {
                remove(id);
            } else {
                put(id);
            }
        }
        assertHoldsExactly();
        new ArrayList<>(rows.keySet()).forEach(this::remove);
        assertHoldsExactly();
        assertThat(ids(matrix.nearest(vector(), all(), 10))).isEmpty();
        put(7);
        assertHoldsExactly();
    }

    /** Each row finds itself first: by its vector, not by one that was there before. */
    private void assertHoldsExactly() {
        assertThat(matrix.size()).isEqualTo(rows.size());
        assertThat(new HashSet<>(matrix.some(Integer.MAX_VALUE))).isEqualTo(rows.keySet());
        Set<Long> seen = new HashSet<>(ids(matrix.nearest(vector(), all(), Math.max(1, 4 * BLOCK))));
        assertThat(seen).isEqualTo(rows.keySet());
        rows.values().stream()
                .filter(row -> random.nextInt(400) == 0)
                .forEach(row ->
                        assertThat(ids(matrix.nearest(row.vector(), all(), 1))).containsExactly(row.id()));
    }

    @Test
    void filtersCutWhatDoesNotFitAndNothingElse() {
        for (long id = 1; id <= BLOCK + 200; id++) {
            put(id);
        }
        float[] query = vector();
        List<VectorQuery> queries = List.of(
                query("cairn", List.of(), List.of(), null, null),
                query(CAIRN.key(), List.of(), List.of(), null, null),
                query("nobody's", List.of(), List.of(), null, null),
                query(null, List.of(Kind.SUMMARY), List.of(), null, null),
                query(null, List.of(Kind.OBSERVATION, Kind.PROMPT), List.of(), null, null),
                query(null, List.of(), List.of("bugfix", "unheard"), null, null),
                query(null, List.of(), List.of("unheard"), null, null),
                query(null, List.of(), List.of(), 500L, null),
                query(null, List.of(), List.of(), null, 500L),
                query(null, List.of(), List.of(), 300L, 300L),
                query("kiln", List.of(Kind.OBSERVATION), List.of("note"), 100L, 3_000L));
        for (VectorQuery asked : queries) {
            Set<Long> fitting = new HashSet<>(nearest(query, asked, VectorMatrixTest.fits(asked), Integer.MAX_VALUE));
            assertThat(new HashSet<>(ids(matrix.nearest(query, asked, 2 * BLOCK))))
                    .as("%s", asked)
                    .isEqualTo(fitting);
        }
        assertThat(ids(matrix.nearest(query, queries.get(9), 10))).containsExactly(300L);
        assertThat(ids(matrix.nearest(query, queries.get(2), 10))).isEmpty();
    }

    @Test
    void aReplacedRowIsFilteredByWhatItIsNow() {
        matrix.put(new VectorRows.Row(1, Kind.OBSERVATION, "note", CAIRN, 1, unit(0)));
        matrix.put(new VectorRows.Row(1, Kind.SUMMARY, null, KILN, 2, unit(1)));

        assertThat(matrix.size()).isEqualTo(1);
        assertThat(ids(matrix.nearest(unit(0), query("cairn", List.of(), List.of(), null, null), 5)))
                .isEmpty();
        assertThat(ids(matrix.nearest(unit(0), query("kiln", List.of(Kind.SUMMARY), List.of(), 2L, 2L), 5)))
                .containsExactly(1L);
        assertThat(matrix.nearest(unit(1), all(), 5).score(0)).isCloseTo(1f, within());
    }

    @Test
    void ofEqualVectorsTheNewerComeFirstAndStay() {
        for (long id : new long[] {5, 3, 9, 1, 7}) {
            matrix.put(new VectorRows.Row(id, Kind.OBSERVATION, "note", CAIRN, 1, unit(2)));
        }

        assertThat(ids(matrix.nearest(unit(2), all(), 3))).containsExactly(9L, 7L, 5L);
    }

    @Test
    void aVectorOfNoughtsAndOneOfOtherDimensions() {
        matrix.put(new VectorRows.Row(1, Kind.OBSERVATION, "note", CAIRN, 1, new float[DIMENSIONS]));
        matrix.put(new VectorRows.Row(2, Kind.OBSERVATION, "note", CAIRN, 1, unit(3)));

        assertThat(ids(matrix.nearest(unit(3), all(), 5))).containsExactly(2L, 1L);
        assertThat(matrix.nearest(new float[DIMENSIONS], all(), 5).size()).isEqualTo(2);
        assertThatThrownBy(() -> matrix.put(
                        new VectorRows.Row(3, Kind.OBSERVATION, "note", CAIRN, 1, new float[DIMENSIONS - 1])))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(matrix.size()).isEqualTo(2);
    }

    private void put(long id) {
        VectorRows.Row row = new VectorRows.Row(
                id,
                Kind.values()[(int) (id % 3)],
                id % 3 == 0 ? TYPES.get((int) (id / 3 % TYPES.size())) : null,
                PROJECTS.get(random.nextInt(PROJECTS.size())),
                id,
                vector());
        rows.put(id, row);
        matrix.put(row);
    }

    private void remove(long id) {
        rows.remove(id);
        matrix.remove(id);
    }

    private VectorRows.Row row(long id) {
        VectorRows.Row row = rows.get(id);
        if (row == null) {
            throw new AssertionError("it holds " + id);
        }
        return row;
    }

    private float[] vector() {
        float[] vector = new float[DIMENSIONS];
        double square = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
            square += (double) vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }

    private static float[] unit(int axis) {
        float[] vector = new float[DIMENSIONS];
        vector[axis] = 1;
        return vector;
    }

    private static VectorQuery all() {
        return query(null, List.of(), List.of(), null, null);
    }

    private static VectorQuery query(
            @Nullable String project, List<Kind> kinds, List<String> types, @Nullable Long from, @Nullable Long to) {
        return new VectorQuery("text", project, kinds, types, from, to, 10);
    }

    private static Predicate<VectorRows.Row> fits(VectorQuery query) {
        return row -> (query.project() == null
                        || query.project().equals(row.project().key())
                        || query.project().equals(row.project().name()))
                && (query.kinds().isEmpty() || query.kinds().contains(row.kind()))
                && (query.types().isEmpty()
                        || (row.type() != null && query.types().contains(row.type())))
                && (query.from() == null || row.createdAt() >= query.from())
                && (query.to() == null || row.createdAt() <= query.to());
    }

    /** By sorting all of them as floats. */
    private List<Long> nearest(float[] vector, VectorQuery query, Predicate<VectorRows.Row> fits, int limit) {
        return rows.values().stream()
                .filter(fits)
                .sorted(Comparator.comparingDouble((VectorRows.Row row) -> -cosine(vector, row.vector())))
                .limit(limit)
                .map(VectorRows.Row::id)
                .toList();
    }

    private static double cosine(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (double) one[i] * other[i];
        }
        return sum;
    }

    private static List<Long> ids(Best best) {
        return Arrays.stream(best.ranked()).mapToObj(best::id).toList();
    }
}
