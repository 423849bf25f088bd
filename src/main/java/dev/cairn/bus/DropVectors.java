package dev.cairn.bus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Forgets vectors: those of the memories, or, with a null, all of the space with the space itself.
 *
 * @param space the id of the space
 */
public record DropVectors(long space, @Nullable List<Long> memories) {}
