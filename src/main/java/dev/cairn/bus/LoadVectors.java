package dev.cairn.bus;

/**
 * Asks for a page of a space.
 *
 * @param space the id of the space
 * @param after only vectors of memories with a greater id
 * @param limit 1 to 5,000
 */
public record LoadVectors(long space, long after, int limit) {
    public static final int MAX_LIMIT = 5_000;
}
