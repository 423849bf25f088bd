package dev.cairn.bus;

import java.util.List;

/**
 * Puts parked turns back into the queue, with all their attempts: all of them or none. NOT_FOUND for an id that is no turn's,
 * CONFLICT for a turn that is not parked.
 *
 * @param ids at most {@link #MAX_IDS}; empty for all that are parked
 */
public record RetryTurns(List<Long> ids) {
    public static final int MAX_IDS = 1_000;

    public RetryTurns {
        ids = List.copyOf(ids);
    }
}
