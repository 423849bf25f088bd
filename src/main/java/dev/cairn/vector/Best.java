package dev.cairn.vector;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The highest scores of many, in a heap of fixed size whose root is the lowest of them. */
final class Best {
    private final float[] scores;
    private final long[] ids;
    private int size;

    Best(int limit) {
        scores = new float[limit];
        ids = new long[limit];
    }

    /** Whether a score as high as this would stay. Of equal scores the higher id stays. */
    boolean takes(float score, long id) {
        return size < scores.length || score > scores[0] || (score == scores[0] && id > ids[0]);
    }

    void add(float score, long id) {
        if (size < scores.length) {
            scores[size] = score;
            ids[size] = id;
            rise(size++);
        } else if (takes(score, id)) {
            scores[0] = score;
            ids[0] = id;
            sink();
        }
    }

    int size() {
        return size;
    }

    /** The places of the heap, the best first; of equal scores the higher id first. */
    int[] ranked() {
        Comparator<Integer> better = (one, other) -> less(one, other) ? 1 : one.equals(other) ? 0 : -1;
        return IntStream.range(0, size)
                .boxed()
                .sorted(better)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    long id(int place) {
        return ids[place];
    }

    float score(int place) {
        return scores[place];
    }

    private boolean less(int one, int other) {
        int byScore = Float.compare(scores[one], scores[other]);
        return byScore < 0 || (byScore == 0 && ids[one] < ids[other]);
    }

    private void rise(int from) {
        int at = from;
        while (at > 0 && less(at, (at - 1) / 2)) {
            swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void sink() {
        int at = 0;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && less(child + 1, child)) {
                child++;
            }
            if (!less(child, at)) {
                return;
            }
            swap(at, child);
            at = child;
        }
    }

    private void swap(int one, int other) {
        float score = scores[one];
        scores[one] = scores[other];
        scores[other] = score;
        long id = ids[one];
        ids[one] = ids[other];
        ids[other] = id;
    }

    @Override
    public String toString() {
        return Arrays.toString(Arrays.copyOf(ids, size));
    }
}
