package dev.cairn.observer;

/** How long to wait after a failure: 1 s, 4 s, 16 s, …, at most 5 minutes. */
final class Backoff {
    private static final long FIRST_MS = 1_000;
    private static final long MOST_MS = 300_000;

    private Backoff() {}

    /** @param failures how many there were, from 1 */
    static long delayMs(int failures) {
        long delay = FIRST_MS;
        for (int i = 1; i < failures && delay < MOST_MS; i++) {
            delay *= 4;
        }
        return Math.min(delay, MOST_MS);
    }
}
