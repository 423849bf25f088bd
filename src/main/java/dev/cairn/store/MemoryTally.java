package dev.cairn.store;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many memories there are, in all and by project: asked with every search, and too slow to count each time. Thread-safe.
 */
final class MemoryTally {
    private final LongAdder all = new LongAdder();
    private final Map<Long, LongAdder> byProject = new ConcurrentHashMap<>();

    void add(long projectId, long more) {
        all.add(more);
        byProject.computeIfAbsent(projectId, first -> new LongAdder()).add(more);
    }

    long count() {
        return all.sum();
    }

    long count(List<Long> projects) {
        long count = 0;
        for (Long project : projects) {
            LongAdder adder = byProject.get(project);
            count += adder == null ? 0 : adder.sum();
        }
        return count;
    }
}
