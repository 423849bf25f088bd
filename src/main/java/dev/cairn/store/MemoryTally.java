package dev.cairn.store;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

    /** Makes it what was counted, project by project; for one caller, when nobody else changes it. */
    void set(Map<Long, Long> counted) {
        Set<Long> projects = new TreeSet<>(counted.keySet());
        projects.addAll(byProject.keySet());
        projects.forEach(project -> add(project, counted.getOrDefault(project, 0L) - count(List.of(project))));
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
