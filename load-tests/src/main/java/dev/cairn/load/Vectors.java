package dev.cairn.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Vectors as the database keeps them: float32, the least significant byte first, of length 1. */
final class Vectors {
    /** Of a part of a vector of 384, beside the .05 it has in the mean. */
    private static final double NOISE = 0.02;

    private Vectors() {}

    static float[] floats(byte[] bytes) {
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    static byte[] noisy(float[] vector, Random random) {
        double[] noisy = new double[vector.length];
        double square = 0;
        for (int i = 0; i < vector.length; i++) {
            noisy[i] = vector[i] + NOISE * random.nextGaussian();
            square += noisy[i] * noisy[i];
        }
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double part : noisy) {
            bytes.putFloat((float) (part / Math.sqrt(square)));
        }
        return bytes.array();
    }
}
