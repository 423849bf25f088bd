package dev.cairn.store;

import java.util.concurrent.atomic.AtomicLong;

/** How many memories there are: asked with every search, and too slow to count each time. Thread-safe. */
final class MemoryTally {
    private final AtomicLong count = new AtomicLong();

    void add(long more) {
        count.addAndGet(more);
    }

    long count() {
        return count.get();
    }
}
