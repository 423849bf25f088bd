package dev.cairn.vector;

/** In plain Java. Four sums, so that an addition need not wait for the one before it. */
enum PlainDot implements Dot {
    INSTANCE;

    @Override
    public int of(byte[] rows, int from, byte[] query) {
        int length = query.length;
        int even = length & ~3;
        int a = 0;
        int b = 0;
        int c = 0;
        int d = 0;
        for (int i = 0; i < even; i += 4) {
            a += rows[from + i] * query[i];
            b += rows[from + i + 1] * query[i + 1];
            c += rows[from + i + 2] * query[i + 2];
            d += rows[from + i + 3] * query[i + 3];
        }
        for (int i = even; i < length; i++) {
            a += rows[from + i] * query[i];
        }
        return a + b + c + d;
    }
}
