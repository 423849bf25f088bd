package dev.cairn.vector;

import dev.cairn.bus.VectorQuery;
import dev.cairn.bus.VectorRows;
import dev.cairn.model.Kind;
import dev.cairn.model.Project;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What a scan costs, in processor time of its thread. By hand, after {@code mvn test-compile} with the test class path:
 *
 * <pre>{@code java --add-modules jdk.incubator.vector -cp CLASSES dev.cairn.vector.VectorFigures}</pre>
 */
public final class VectorFigures {
    private static final int DIMENSIONS = 384;
    private static final int QUERIES = 300;

    private VectorFigures() {}

    public static void main(String[] args) {
        System.out.println("| rows | filter | way | CPU p50 ms | CPU p99 ms |\n|---|---|---|---|---|");
        for (int rows : new int[] {10_000, 100_000}) {
            for (Dot dot : Dot.best() == PlainDot.INSTANCE
                    ? List.of(PlainDot.INSTANCE)
                    : List.of(PlainDot.INSTANCE, Dot.best())) {
                VectorMatrix matrix = matrix(rows, dot);
                measure(matrix, rows, "none", dot, null);
                measure(matrix, rows, "a project of a tenth", dot, "/p3");
            }
        }
    }

    private static VectorMatrix matrix(int rows, Dot dot) {
        Random random = new Random(7);
        VectorMatrix matrix = new VectorMatrix(DIMENSIONS, dot);
        for (int i = 0; i < rows; i++) {
            Project project = new Project("/p" + i % 10, "p" + i % 10);
            matrix.put(new VectorRows.Row(i, Kind.OBSERVATION, "note", project, i, unit(random)));
        }
        return matrix;
    }

    private static void measure(VectorMatrix matrix, int rows, String filter, Dot dot, String project) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Random random = new Random(11);
        VectorQuery query = new VectorQuery("", project, List.of(), List.of(), null, null, 1_000);
        long[] nanos = new long[QUERIES];
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < QUERIES; i++) {
                float[] vector = unit(random);
                long begin = threads.getCurrentThreadCpuTime();
                matrix.nearest(vector, query, query.limit());
                nanos[i] = threads.getCurrentThreadCpuTime() - begin;
            }
        }
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "| %d | %s | %s | %.2f | %.2f |%n",
                rows,
                filter,
                dot.getClass().getSimpleName(),
                nanos[QUERIES / 2] / 1e6,
                nanos[QUERIES * 99 / 100] / 1e6);
    }

    private static float[] unit(Random random) {
        float[] vector = new float[DIMENSIONS];
        double length = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
            length += vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] /= (float) Math.sqrt(length);
        }
        return vector;
    }
}
