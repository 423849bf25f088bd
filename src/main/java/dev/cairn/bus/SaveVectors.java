package dev.cairn.bus;

import java.util.List;

/**
 * Keeps vectors in the place of earlier ones. Memories that were forgotten meanwhile are passed over.
 *
 * @param space the id of the space
 */
public record SaveVectors(long space, List<Entry> entries) {
    /** @param vector of length 1; not changed by whoever has handed it over */
    @SuppressWarnings("ArrayRecordComponent") // a list would box every number of it
    public record Entry(long memory, float[] vector) {}

    public SaveVectors {
        entries = List.copyOf(entries);
    }
}
