package dev.cairn.vector;

/**
 * How far the memories of the store are written, by their ids: those up to here are, but for what was refused. It goes back when
 * something before it is to be written again, at any time. For one event loop.
 */
final class SyncCursor {
    private long after;
    /** The first that was refused since the cursor last went back for such; {@link Long#MAX_VALUE} for none. */
    private long refusedFrom = Long.MAX_VALUE;

    /** The memories beyond this id are to be looked at next. */
    long after() {
        return after;
    }

    /** This memory is to be looked at again, and all that follow. */
    void backBefore(long memoryId) {
        backTo(memoryId - 1);
    }

    /** What follows this id is to be looked at again. */
    void backTo(long id) {
        after = Math.min(after, id);
    }

    /** All memories are to be looked at again. */
    void restart() {
        after = 0;
    }

    /** What stands between the two ids is through, unless the cursor was moved meanwhile. */
    void advance(long from, long to) {
        if (after == from) {
            after = to;
        }
    }

    /** This memory was passed over, and is tried again by {@link #backToRefused}. */
    void refused(long memoryId) {
        refusedFrom = Math.min(refusedFrom, memoryId);
    }

    /**
     * All others are through: goes back to the first that was refused.
     *
     * @return whether there is one
     */
    boolean backToRefused() {
        boolean retry = refusedFrom != Long.MAX_VALUE;
        backBefore(refusedFrom);
        refusedFrom = Long.MAX_VALUE;
        return retry;
    }
}
