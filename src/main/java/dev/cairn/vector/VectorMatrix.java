package dev.cairn.vector;

import dev.cairn.bus.VectorQuery;
import dev.cairn.bus.VectorRows;
import dev.cairn.model.Kind;
import dev.cairn.model.Project;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Vectors in memory, a byte a dimension, with what queries filter by: about 420 bytes a memory of 384 dimensions. A scan looks at
 * every row that fits, so nothing has to be built and no filter costs a match.
 *
 * <p>Each vector is stretched so that its largest part is 127; the error of a cosine is about 0.005. Not thread-safe.
 */
final class VectorMatrix {
    private static final int BLOCK_ROWS = 4_096;
    private static final float LARGEST = Byte.MAX_VALUE;

    /** Rows one after the other; a removed row is filled with the last. */
    private static final class Block {
        private final byte[] parts;
        private final float[] scale = new float[BLOCK_ROWS];
        private final long[] id = new long[BLOCK_ROWS];
        private final long[] createdAt = new long[BLOCK_ROWS];
        private final int[] project = new int[BLOCK_ROWS];
        private final int[] type = new int[BLOCK_ROWS];
        private final Kind[] kind = new Kind[BLOCK_ROWS];

        Block(int dimensions) {
            parts = new byte[BLOCK_ROWS * dimensions];
        }
    }

    /** What a query's filters are in numbers; null does not filter. */
    private record Filter(
            @Nullable BitSet projects, @Nullable BitSet types, Set<Kind> kinds, long from, long to) {
        boolean fits(Block block, int at) {
            return (kinds.isEmpty() || kinds.contains(block.kind[at]))
                    && block.createdAt[at] >= from
                    && block.createdAt[at] <= to
                    && (projects == null || projects.get(block.project[at]))
                    && (types == null || types.get(block.type[at]));
        }
    }

    private final int dimensions;
    private final Dot dot;
    private final List<Block> blocks = new ArrayList<>();
    private final Map<Long, Integer> rows = new HashMap<>();
    private final List<Project> projects = new ArrayList<>();
    private final Map<Project, Integer> projectNumbers = new HashMap<>();
    private final List<String> types = new ArrayList<>();
    private final Map<String, Integer> typeNumbers = new HashMap<>();

    VectorMatrix(int dimensions, Dot dot) {
        this.dimensions = dimensions;
        this.dot = dot;
    }

    int size() {
        return rows.size();
    }

    /** At most so many of the ids. */
    List<Long> some(int limit) {
        return rows.keySet().stream().limit(limit).toList();
    }

    /** Adds a row, or replaces that of the same id. */
    void put(VectorRows.Row row) {
        if (row.vector().length != dimensions) {
            throw new IllegalArgumentException(
                    "a vector of " + row.vector().length + " dimensions among those of " + dimensions);
        }
        Integer known = rows.get(row.id());
        int number = known == null ? rows.size() : known;
        if (number == blocks.size() * BLOCK_ROWS) {
            blocks.add(new Block(dimensions));
        }
        rows.put(row.id(), number);
        Block block = blocks.get(number / BLOCK_ROWS);
        int at = number % BLOCK_ROWS;
        block.id[at] = row.id();
        block.createdAt[at] = row.createdAt();
        block.kind[at] = row.kind();
        block.project[at] = number(row.project(), projectNumbers, projects);
        block.type[at] = number(row.type() == null ? "" : row.type(), typeNumbers, types);
        block.scale[at] = squeeze(row.vector(), block.parts, at * dimensions);
    }

    private static <T> int number(T word, Map<T, Integer> numbers, List<T> words) {
        return numbers.computeIfAbsent(word, any -> {
            words.add(word);
            return words.size() - 1;
        });
    }

    /** @return what a byte stands for */
    private static float squeeze(float[] vector, byte[] to, int from) {
        float largest = 0;
        for (float part : vector) {
            largest = Math.max(largest, Math.abs(part));
        }
        if (largest == 0) {
            largest = 1;
        }
        for (int i = 0; i < vector.length; i++) {
            to[from + i] = (byte) Math.round(vector[i] * LARGEST / largest);
        }
        return largest / LARGEST;
    }

    /** Removes a row, if there is one. */
    void remove(long id) {
        Integer gone = rows.remove(id);
        if (gone == null) {
            return;
        }
        int last = rows.size();
        if (gone != last) {
            move(last, gone);
        }
        if (last == (blocks.size() - 1) * BLOCK_ROWS) {
            blocks.remove(blocks.size() - 1);
        }
    }

    private void move(int from, int to) {
        Block source = blocks.get(from / BLOCK_ROWS);
        Block target = blocks.get(to / BLOCK_ROWS);
        int s = from % BLOCK_ROWS;
        int t = to % BLOCK_ROWS;
        target.id[t] = source.id[s];
        target.createdAt[t] = source.createdAt[s];
        target.kind[t] = source.kind[s];
        target.project[t] = source.project[s];
        target.type[t] = source.type[s];
        target.scale[t] = source.scale[s];
        System.arraycopy(source.parts, s * dimensions, target.parts, t * dimensions, dimensions);
        rows.put(target.id[t], to);
    }

    /** The rows that fit with the highest cosines to the vector, the best first by {@link Best#ranked}. */
    Best nearest(float[] vector, VectorQuery query, int limit) {
        Best best = new Best(limit);
        Filter filter = filter(query);
        byte[] wanted = new byte[dimensions];
        float scale = squeeze(vector, wanted, 0);
        int left = rows.size();
        for (Block block : blocks) {
            int count = Math.min(left, BLOCK_ROWS);
            left -= count;
            for (int at = 0; at < count; at++) {
                if (filter == null || filter.fits(block, at)) {
                    float score = dot.of(block.parts, at * dimensions, wanted) * scale * block.scale[at];
                    if (best.takes(score, block.id[at])) {
                        best.add(score, block.id[at]);
                    }
                }
            }
        }
        return best;
    }

    private @Nullable Filter filter(VectorQuery query) {
        boolean all = query.project() == null
                && query.kinds().isEmpty()
                && query.types().isEmpty()
                && query.from() == null
                && query.to() == null;
        if (all) {
            return null;
        }
        return new Filter(
                query.project() == null ? null : projects(query.project()),
                query.types().isEmpty() ? null : types(query.types()),
                query.kinds().isEmpty() ? Set.of() : EnumSet.copyOf(query.kinds()),
                query.from() == null ? Long.MIN_VALUE : query.from(),
                query.to() == null ? Long.MAX_VALUE : query.to());
    }

    /** By key or, as everywhere, by name. */
    private BitSet projects(String keyOrName) {
        BitSet wanted = new BitSet();
        for (int i = 0; i < projects.size(); i++) {
            Project project = projects.get(i);
            wanted.set(i, project.key().equals(keyOrName) || project.name().equals(keyOrName));
        }
        return wanted;
    }

    private BitSet types(List<String> names) {
        BitSet wanted = new BitSet();
        for (int i = 0; i < types.size(); i++) {
            wanted.set(i, names.contains(types.get(i)));
        }
        return wanted;
    }
}
