package dev.cairn.vector;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * By the machine's wide registers, through a module that the JVM has only when asked to ({@code --add-modules jdk.incubator.vector}):
 * hence a source folder of its own, and no reference to this class from the others.
 */
final class SimdDot implements Dot {
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, jdk.incubator.vector.VectorShape.forBitSize(SHORTS.vectorBitSize() / 2));
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int STEP = SHORTS.length();

    SimdDot() {}

    @Override
    public int of(byte[] rows, int from, byte[] query) {
        int length = query.length;
        int bound = length - length % (2 * STEP);
        IntVector low = IntVector.zero(INTS);
        IntVector high = IntVector.zero(INTS);
        for (int i = 0; i < bound; i += 2 * STEP) {
            // Two products of bytes up to 127 fit a short.
            ShortVector sum = product(rows, from + i, query, i).add(product(rows, from + i + STEP, query, i + STEP));
            low = low.add((IntVector) sum.convertShape(VectorOperators.S2I, INTS, 0));
            high = high.add((IntVector) sum.convertShape(VectorOperators.S2I, INTS, 1));
        }
        int dot = low.add(high).reduceLanes(VectorOperators.ADD);
        for (int i = bound; i < length; i++) {
            dot += rows[from + i] * query[i];
        }
        return dot;
    }

    private static ShortVector product(byte[] rows, int from, byte[] query, int at) {
        ShortVector one = (ShortVector)
                ByteVector.fromArray(BYTES, rows, from).convertShape(VectorOperators.B2S, SHORTS, 0);
        ShortVector other =
                (ShortVector) ByteVector.fromArray(BYTES, query, at).convertShape(VectorOperators.B2S, SHORTS, 0);
        return one.mul(other);
    }
}
