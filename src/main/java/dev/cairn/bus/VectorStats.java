package dev.cairn.bus;

import org.jspecify.annotations.Nullable;

/**
 * How far the vector index is.
 *
 * @param collection the index these figures are about; null before the first
 * @param indexed memories in the index as they are now
 * @param possible the most documents that the index can hold: with those on their way, and those to be deleted
 * @param total memories in all
 * @param deletions forgotten memories that are still to leave the index
 * @param parked memories the index refused too often
 */
public record VectorStats(
        @Nullable String collection, long indexed, long possible, long total, long deletions, long parked) {}
