package dev.cairn.bus;

/**
 * Asks for what the vector index lacks, and notes that it is on its way there.
 *
 * @param after only memories with a greater id
 * @param limit how many memories, and how many deletions, at most; 1 to 1,000
 */
public record VectorPending(long after, int limit) {
    public static final int MAX_LIMIT = 1_000;
}
