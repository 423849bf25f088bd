package dev.cairn.bus;

import java.util.List;

/**
 * Asks for the vectors of memories.
 *
 * @param space the id of the space
 * @param memories at most 1,000
 */
public record ReadVectors(long space, List<Long> memories) {
    public static final int MAX_IDS = 1_000;

    public ReadVectors {
        memories = List.copyOf(memories);
    }
}
